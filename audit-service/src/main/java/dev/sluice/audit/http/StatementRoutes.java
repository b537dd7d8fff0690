// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.audit.http.Routes.Rule;
import dev.sluice.audit.store.EvidenceStore;
import dev.sluice.schemas.event.Decoded;
import dev.sluice.schemas.event.EventCodec;
import dev.sluice.schemas.event.StatementEvent.StatementParted;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One statement: the answer that was kept, and texts that were too long for one record, put together again. */
final class StatementRoutes {
    private static final int STANDARD_LIMIT = 100;
    private static final int MOST = 5_000;
    private static final int PIECE = 20;

    private final EvidenceStore store;
    private final EventCodec codec = new EventCodec();

    StatementRoutes(EvidenceStore store) {
        this.store = store;
    }

    void addTo(Routes routes) {
        routes.get("/v1/sessions/:sessionId/statements/:statementId/results", Rule.AUDITOR, this::results);
        routes.get("/v1/sessions/:sessionId/statements/:statementId/parts", Rule.AUDITOR, this::parts);
    }

    private void results(RoutingContext context, Caller caller) {
        var parameters = new Parameters(context, Set.of("limit", "cursor"));
        String cursor = parameters.text("cursor");
        ObjectNode page = page(
                parameters.path("sessionId"),
                parameters.path("statementId"),
                cursor == null ? KeptAnswer.Place.START : KeptAnswer.Place.parse(cursor),
                parameters.count("limit", STANDARD_LIMIT, MOST));
        if (page == null) {
            throw Problem.notFound("Nothing is kept of the answer to this statement: no policy asked for it, or its retention is over.");
        }
        ResponseStream.answer(context.response().putHeader(HttpHeaders.CONTENT_TYPE, "application/json"), Entries.bytes(page));
    }

    /** Rows of the answer; null where nothing is kept. */
    @Nullable ObjectNode page(String sessionId, String statementId, KeptAnswer.Place from, int limit) {
        ObjectNode page = Entries.object().put("sessionId", sessionId).put("statementId", statementId);
        var answer = new KeptAnswer(codec, statementId, chunk -> store.chunk(sessionId, statementId, chunk).await());
        return answer.read(from, limit, page) ? page : null;
    }

    private void parts(RoutingContext context, Caller caller) {
        var parameters = new Parameters(context, Set.of("parameter"));
        String sessionId = parameters.path("sessionId");
        String statementId = parameters.path("statementId");
        Long parameter = parameters.number("parameter");
        HttpServerResponse response = context.response();
        var out = new ResponseStream(response);
        int partition = -1;
        long offset = -1;
        boolean any = false;
        List<EvidenceStore.Placed> piece;
        do {
            piece = store.parts(sessionId, partition, offset, PIECE).await();
            for (EvidenceStore.Placed record : piece) {
                partition = record.partition();
                offset = record.offset();
                if (codec.decode(record.value()) instanceof Decoded.Known(var envelope)
                        && envelope.data() instanceof StatementParted parted
                        && parted.statementId().equals(statementId)
                        && Objects.equals(parted.parameter(), parameter)) {
                    if (!any) {
                        response.setChunked(true).putHeader(HttpHeaders.CONTENT_TYPE, "text/plain; charset=utf-8");
                        any = true;
                    }
                    out.bytes(parted.text().getBytes(StandardCharsets.UTF_8));
                }
            }
        } while (piece.size() == PIECE);
        if (!any) {
            throw Problem.notFound("Nothing of this statement is in parts: its text and parameters are in statement.decided.");
        }
        out.end();
    }
}

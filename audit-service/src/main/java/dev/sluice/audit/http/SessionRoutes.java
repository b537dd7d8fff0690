// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.audit.http.RecordPages.Place;
import dev.sluice.audit.http.Routes.Rule;
import dev.sluice.audit.projection.RawRecord;
import dev.sluice.audit.projection.ReadRecord;
import dev.sluice.audit.store.EvidenceStore;
import dev.sluice.audit.verify.EvidenceFile;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** One session: its timeline, the same at the speed it happened, and the exact records. */
final class SessionRoutes {
    private static final int STANDARD_LIMIT = 1_000;
    private static final int MOST = 5_000;
    private static final String OWN_RECORD = RecordPages.TOPICS.getFirst() + "/";

    private final RecordPages pages;
    private final StatementRoutes statements;

    SessionRoutes(EvidenceStore store, StatementRoutes statements) {
        this.pages = new RecordPages(store);
        this.statements = statements;
    }

    void addTo(Routes routes) {
        routes.get("/v1/sessions/:sessionId/timeline", Rule.AUDITOR, this::timeline);
        routes.get("/v1/sessions/:sessionId/replay", Rule.AUDITOR, this::replay);
        routes.get("/v1/sessions/:sessionId/events", Rule.AUDITOR, this::events);
    }

    private void timeline(RoutingContext context, Caller caller) {
        var parameters = new Parameters(context, Set.of("limit", "cursor"));
        String sessionId = parameters.path("sessionId");
        int limit = parameters.count("limit", STANDARD_LIMIT, MOST);
        String cursor = parameters.text("cursor");
        List<ReadRecord> chain = pages.chain(sessionId, cursor == null ? Place.START : Place.parse(cursor), limit + 1);
        boolean more = chain.size() > limit;
        List<ReadRecord> shown = more ? chain.subList(0, limit) : chain;
        ObjectNode body = Entries.object().put("sessionId", sessionId);
        ArrayNode entries = body.putArray("entries");
        pages.timeline(shown, sessionId).forEach(record -> entries.add(Entries.of(record)));
        if (more) {
            body.put("next", Replay.place(shown.getLast()).toString());
        }
        context.response().putHeader(HttpHeaders.CONTENT_TYPE, "application/json").end(Buffer.buffer(Entries.bytes(body)));
    }

    private void replay(RoutingContext context, Caller caller) {
        var parameters = new Parameters(context, Set.of("speed", "maxGap", "follow"));
        String sessionId = parameters.path("sessionId");
        var pace = new Replay.Pace(
                parameters.speed("speed"), parameters.duration("maxGap", Duration.ofSeconds(5)), Boolean.TRUE.equals(parameters.flag("follow")));
        // A browser that lost the connection names the last entry it has seen.
        String seen = context.request().getHeader("Last-Event-ID");
        Place from = seen != null && seen.startsWith(OWN_RECORD) ? Place.parse(seen.substring(OWN_RECORD.length())) : Place.START;
        HttpServerResponse response = context.response();
        response.setChunked(true).putHeader(HttpHeaders.CONTENT_TYPE, "text/event-stream");
        new Replay(context.vertx(), response, pages, statements, sessionId, from, pace).run();
    }

    private void events(RoutingContext context, Caller caller) {
        String sessionId = new Parameters(context, Set.of()).path("sessionId");
        HttpServerResponse response = context.response();
        response.setChunked(true)
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/x-ndjson")
                .putHeader(HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"session.ndjson\"");
        pages.raw(sessionId, piece -> {
            Buffer lines = Buffer.buffer();
            for (RawRecord record : piece) {
                lines.appendBytes(EvidenceFile.line(record.value())).appendByte((byte) '\n');
            }
            response.write(lines).await();
        });
        response.end();
    }
}

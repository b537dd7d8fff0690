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
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** One session: its timeline, the same at the speed it happened, and the exact records. */
final class SessionRoutes {
    private static final int STANDARD_LIMIT = 1_000;
    private static final int MOST = 5_000;
    private static final String OWN_RECORD = RecordPages.TOPICS.getFirst() + "/";

    private static final byte[] LINE_END = {'\n'};

    private final RecordPages pages;
    private final StatementRoutes statements;
    private final OpenStreams streams;
    private final Clock clock;

    /** @param mostStreams replays that run at once */
    SessionRoutes(EvidenceStore store, StatementRoutes statements, int mostStreams, Clock clock) {
        this.streams = new OpenStreams(mostStreams);
        this.clock = clock;
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
        boolean more = RecordPages.mayGoOn(chain, limit + 1);
        List<ReadRecord> shown = chain.size() > limit ? chain.subList(0, limit) : chain;
        ObjectNode body = Entries.object().put("sessionId", sessionId);
        ArrayNode entries = body.putArray("entries");
        pages.timeline(shown, caller.visibility()).forEach(record -> entries.add(Entries.of(record)));
        if (more) {
            body.put("next", Replay.place(shown.getLast()).toString());
        }
        ResponseStream.answer(context.response().putHeader(HttpHeaders.CONTENT_TYPE, "application/json"), Entries.bytes(body));
    }

    private void replay(RoutingContext context, Caller caller) {
        var parameters = new Parameters(context, Set.of("speed", "maxGap", "follow"));
        String sessionId = parameters.path("sessionId");
        var pace = new Replay.Pace(
                parameters.speed("speed"), parameters.duration("maxGap", Duration.ofSeconds(5)), Boolean.TRUE.equals(parameters.flag("follow")));
        // A browser that lost the connection names the last entry it has seen.
        String seen = context.request().getHeader("Last-Event-ID");
        Place from = seen != null && seen.startsWith(OWN_RECORD) ? Place.parse(seen.substring(OWN_RECORD.length())) : Place.START;
        streams.run(() -> {
            HttpServerResponse response = context.response();
            response.setChunked(true).putHeader(HttpHeaders.CONTENT_TYPE, "text/event-stream");
            new Replay(context.vertx(), response, pages, statements, sessionId, from, pace, caller, clock).run();
        });
    }

    private void events(RoutingContext context, Caller caller) {
        String sessionId = new Parameters(context, Set.of()).path("sessionId");
        HttpServerResponse response = context.response();
        response.setChunked(true)
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/x-ndjson")
                .putHeader(HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"session.ndjson\"");
        var out = new ResponseStream(response);
        pages.raw(sessionId, caller.visibility(), piece -> {
            for (RawRecord record : piece) {
                out.bytes(EvidenceFile.line(record.value()));
                out.bytes(LINE_END);
            }
        });
        out.end();
    }
}

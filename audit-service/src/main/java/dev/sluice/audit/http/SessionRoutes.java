// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.http;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.audit.http.RecordPages.Place;
import dev.sluice.audit.http.Routes.Rule;
import dev.sluice.audit.projection.Narration;
import dev.sluice.audit.projection.RawRecord;
import dev.sluice.audit.projection.ReadRecord;
import dev.sluice.audit.store.EvidenceStore;
import dev.sluice.audit.verify.EvidenceFile;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One session: its timeline, the same at the speed it happened, and the exact records. */
final class SessionRoutes {
    private static final int STANDARD_LIMIT = 1_000;
    private static final int MOST = 5_000;
    private static final int REPLAY_PIECE = 200;
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final EvidenceStore store;
    private final RecordPages pages;

    SessionRoutes(EvidenceStore store) {
        this.store = store;
        this.pages = new RecordPages(store);
    }

    void addTo(Routes routes) {
        routes.get("/v1/sessions/:sessionId/timeline", Rule.AUDITOR, this::timeline);
        routes.get("/v1/sessions/:sessionId/replay", Rule.AUDITOR, this::replay);
        routes.get("/v1/sessions/:sessionId/events", Rule.AUDITOR, this::events);
    }

    private void timeline(RoutingContext context) {
        var parameters = new Parameters(context, Set.of("limit", "cursor"));
        String sessionId = known(parameters);
        int limit = parameters.count("limit", STANDARD_LIMIT, MOST);
        String cursor = parameters.text("cursor");
        List<ReadRecord> chain = pages.chain(sessionId, cursor == null ? Place.START : Place.parse(cursor), limit + 1);
        boolean more = chain.size() > limit;
        List<ReadRecord> shown = more ? chain.subList(0, limit) : chain;
        ObjectNode body = MAPPER.createObjectNode().put("sessionId", sessionId);
        ArrayNode entries = body.putArray("entries");
        pages.timeline(shown, sessionId).forEach(record -> entries.add(entry(record)));
        if (more) {
            body.put("next", place(shown.getLast()).toString());
        }
        context.response().putHeader(HttpHeaders.CONTENT_TYPE, "application/json").end(Buffer.buffer(bytes(body)));
    }

    private void replay(RoutingContext context) {
        var parameters = new Parameters(context, Set.of("speed", "maxGap"));
        String sessionId = known(parameters);
        double speed = parameters.speed("speed");
        Duration maxGap = parameters.duration("maxGap", Duration.ofSeconds(5));
        HttpServerResponse response = context.response();
        response.setChunked(true).putHeader(HttpHeaders.CONTENT_TYPE, "text/event-stream");
        Place place = Place.START;
        Instant last = null;
        while (true) {
            List<ReadRecord> chain = pages.chain(sessionId, place, REPLAY_PIECE);
            for (ReadRecord record : pages.timeline(chain, sessionId)) {
                pause(context, last, record.time(), speed, maxGap);
                last = record.time();
                if (response.closed()) {
                    return;
                }
                response.write(event(record)).await();
            }
            if (chain.size() < REPLAY_PIECE) {
                response.end("event: end\ndata: {}\n\n");
                return;
            }
            place = place(chain.getLast());
        }
    }

    private void events(RoutingContext context) {
        String sessionId = known(new Parameters(context, Set.of()));
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

    private String known(Parameters parameters) {
        String sessionId = parameters.path("sessionId");
        if (store.session(sessionId).await() == null) {
            throw Problem.notFound("No session " + sessionId + " has been recorded.");
        }
        return sessionId;
    }

    private static void pause(RoutingContext context, @Nullable Instant last, Instant next, double speed, Duration maxGap) {
        if (last == null || speed == 0) {
            return;
        }
        long millis = (long) (Duration.between(last, next).toMillis() / speed);
        long bounded = Math.min(millis, maxGap.toMillis());
        if (bounded > 0) {
            context.vertx().timer(bounded).await();
        }
    }

    private static Place place(ReadRecord record) {
        return new Place(record.raw().partition(), record.raw().offset());
    }

    private static Buffer event(ReadRecord record) {
        return Buffer.buffer("event: entry\nid: " + record.raw().topic() + "/" + place(record) + "\ndata: ")
                .appendBytes(bytes(entry(record)))
                .appendString("\n\n");
    }

    private static ObjectNode entry(ReadRecord record) {
        ObjectNode entry = MAPPER.createObjectNode();
        entry.put("time", record.time().toString());
        put(entry, "type", record.header().type());
        if (record.header().sequence() != null) {
            entry.put("sequence", Objects.requireNonNull(record.header().sequence()));
        }
        JsonNode data = data(record);
        put(entry, "statementId", data.path("statementId").textValue());
        put(entry, "approvalId", data.path("approvalId").textValue());
        entry.put("summary", Narration.of(record));
        entry.put("digest", record.digest());
        entry.set("data", data);
        return entry;
    }

    private static JsonNode data(ReadRecord record) {
        try {
            return MAPPER.readTree(record.raw().value()).path("data");
        } catch (IOException _) {
            return MAPPER.nullNode();
        }
    }

    private static void put(ObjectNode entry, String name, @Nullable String value) {
        if (value != null) {
            entry.put(name, value);
        }
    }

    private static byte[] bytes(JsonNode node) {
        try {
            return MAPPER.writeValueAsBytes(node);
        } catch (JacksonException e) {
            throw new IllegalStateException("a tree of JSON can always be written", e);
        }
    }
}

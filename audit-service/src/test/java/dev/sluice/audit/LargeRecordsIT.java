// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.audit.projection.RawRecord;
import dev.sluice.audit.projection.ReadRecord;
import dev.sluice.audit.projection.RecordReader;
import dev.sluice.audit.store.Database;
import dev.sluice.audit.store.IngestStore;
import dev.sluice.audit.store.Partition;
import dev.sluice.audit.testing.Chain;
import dev.sluice.schemas.event.StatementEvent.Outcome;
import dev.sluice.schemas.kafka.Topics;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Statements of many megabytes, which no event loop may be kept busy by. */
final class LargeRecordsIT extends ServiceCase {
    private static final int LENGTH = 8_000_000;
    private static final List<String> BLOCKED = Collections.synchronizedList(new ArrayList<>());

    @BeforeAll
    static void record() {
        var chain = new Chain("giant").opened();
        for (int i = 0; i < 3; i++) {
            String query = "select '" + "žluťoučký \"kůň\" ".repeat(LENGTH / 16) + i + "'";
            chain.held(chain.decided(query, Outcome.HOLD, List.of("write")), query);
        }
        chain.closed();
        var reader = new RecordReader();
        var partition = new Partition(Topics.SESSIONS.name(), 99);
        try (var store = new IngestStore(Database.dataSource(servers.databaseConfig("rest")), Topics.SESSIONS.name())) {
            store.offsets(Map.of(partition, 0L));
            long offset = 0;
            for (byte[] record : chain.records()) {
                ReadRecord read = reader.read(new RawRecord(partition.topic(), partition.number(), offset, Chain.START, "giant".getBytes(StandardCharsets.UTF_8), record));
                store.write(List.of(read), Map.of(partition, offset), Map.of(partition, ++offset));
            }
        }
        ((VertxInternal) vertx).blockedThreadChecker().setThreadBlockedHandler(blocked -> BLOCKED.add(blocked.thread().getName() + " for " + TimeUnit.NANOSECONDS.toMillis(blocked.duration()) + " ms"));
    }

    static Stream<String> paths() {
        return Stream.of(
                "/v1/sessions/giant/timeline",
                "/v1/sessions/giant/replay?speed=0",
                "/v1/sessions/giant/verify",
                "/v1/sessions/giant/events",
                "/v1/statements?sessionId=giant",
                "/v1/export/sessions?sessionId=giant",
                "/v1/export/statements?sessionId=giant");
    }

    /** With gzip, as browsers and {@code curl --compressed} ask for it: the event loop compresses. */
    @ParameterizedTest
    @MethodSource("paths")
    void keepNoEventLoopBusy(String path) throws IOException, InterruptedException {
        BLOCKED.clear();
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + service.port() + path))
                .header("Authorization", "Bearer " + auditor)
                .header("Accept-Encoding", "gzip")
                .build();
        HttpResponse<byte[]> response = CLIENT.send(request, HttpResponse.BodyHandlers.ofByteArray());
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(BLOCKED).isEmpty();
    }

    @Test
    void comeInPagesOfATimeline() {
        JsonObject first = json("/v1/sessions/giant/timeline");
        List<Object> entries = new ArrayList<>(first.getJsonArray("entries").getList());
        String next = first.getString("next");
        assertThat(next).as("not all of it at once").isNotNull();
        while (next != null) {
            JsonObject page = json("/v1/sessions/giant/timeline?cursor=" + next);
            entries.addAll(page.getJsonArray("entries").getList());
            next = page.getString("next");
        }
        assertThat(entries).hasSize(8);
    }
}

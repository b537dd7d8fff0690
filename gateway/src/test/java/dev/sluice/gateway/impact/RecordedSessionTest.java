// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.impact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.gateway.kafka.Recorder;
import dev.sluice.gateway.kafka.SessionLog;
import dev.sluice.gateway.kafka.SessionLogListener;
import dev.sluice.schemas.Principal;
import dev.sluice.schemas.event.DomainEvent;
import dev.sluice.schemas.event.ResultEvent.ResultRecorded;
import dev.sluice.schemas.event.StatementEvent.Facts;
import dev.sluice.schemas.event.StatementEvent.StatementHeld;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Sessions of the gateway's own that Kafka does not take. */
final class RecordedSessionTest {
    private static final Vertx VERTX = Vertx.vertx();

    /** What is asked of a log that never acknowledges: {@code append} and {@code close}. */
    private final List<String> asked = new CopyOnWriteArrayList<>();

    @AfterAll
    static void stop() throws Exception {
        VERTX.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    /** Either refuses to take a record, or takes it and fails to write it. */
    private final class Failing implements Recorder {
        private final boolean refuses;

        Failing(boolean refuses) {
            this.refuses = refuses;
        }

        @Override
        public SessionLog open(String sessionId, String source, Executor executor, SessionLogListener listener) {
            return new SessionLog() {
                @Override
                public long append(DomainEvent event, @Nullable String causationId) {
                    asked.add("append");
                    if (refuses) {
                        throw new IllegalStateException("too much waits");
                    }
                    listener.failed(new IllegalStateException("the brokers are away"));
                    return 0;
                }

                @Override
                public void keep(ResultRecorded result, Runnable acknowledged) {
                    throw new AssertionError("what the gateway asks itself is never kept");
                }

                @Override
                public long acknowledgedThrough() {
                    return -1;
                }

                @Override
                public void checkpoint() {}

                @Override
                public CompletionStage<Long> close(String reason, long statements, long durationMicros) {
                    asked.add("close");
                    return CompletableFuture.completedStage(1L);
                }
            };
        }

        @Override
        public boolean healthy() {
            return true;
        }

        @Override
        public String condition() {
            return "";
        }
    }

    private static StatementHeld held() {
        return new StatementHeld(
                "s", "a", "session", "digest", "DELETE FROM t", List.of(), new Facts(List.of("DELETE"), List.of("write"), List.of(), List.of(), false, true), "rule", null,
                List.of("dba"), 1, Instant.parse("2030-01-01T00:00:00Z"), new Principal("agent", "sluice:agent-tokens", Principal.Method.AGENT_TOKEN, Set.of(), null), "target",
                "postgres", null, "127.0.0.1:1", false, null, null, null, "postgres", "public");
    }

    /** What the log has been asked by the time that the context of this thread, on which it is touched, has nothing more to do. */
    private List<String> askedWhileOpening(Recorder recorder, String reason) throws Exception {
        assertThatThrownBy(() -> RecordedSession.open(VERTX, recorder, "/sluice/gateway/test", held(), "1"))
                .isInstanceOf(RecordedSession.NotRecorded.class)
                .hasMessageContaining(reason);
        var idle = new CompletableFuture<Void>();
        VERTX.getOrCreateContext().runOnContext(ignored -> idle.complete(null));
        idle.get(20, TimeUnit.SECONDS);
        return List.copyOf(asked);
    }

    @Test
    void whatHasBegunInTheRecordEndsThere() throws Exception {
        assertThat(askedWhileOpening(new Failing(false), "the brokers are away")).containsExactly("append", "close");
    }

    @Test
    void whatHasNotBegunThereDoesNotEndThere() throws Exception {
        assertThat(askedWhileOpening(new Failing(true), "too much waits")).containsExactly("append");
    }
}

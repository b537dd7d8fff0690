// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.impact;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.catalog.Catalog;
import dev.sluice.gateway.masking.BoundMasks;
import dev.sluice.gateway.masking.MaskRules;
import dev.sluice.gateway.masking.MaskTokens;
import dev.sluice.gateway.net.MaskSource;
import dev.sluice.gateway.policy.Policy;
import dev.sluice.gateway.policy.PolicyReader;
import dev.sluice.gateway.statement.StatementReader;
import dev.sluice.gateway.statement.StatementReaderSettings;
import dev.sluice.schemas.Principal;
import dev.sluice.schemas.event.Impact;
import dev.sluice.schemas.event.StatementEvent.Facts;
import dev.sluice.schemas.event.StatementEvent.StatementHeld;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What the assessor does with more than it can look at. */
final class ImpactAssessorTest {
    /** Masks of a database that is never reached. */
    private static final class NoMasks implements MaskSource {
        @Override
        public CompletionStage<BoundMasks> bind(String target, String database, MaskRules rules) {
            return CompletableFuture.completedStage(rules.bind(new Catalog("d", 18, "1", List.of(), List.of(), List.of(), Set.of())));
        }

        @Override
        public BoundMasks known(String target, String database, MaskRules rules) {
            return bind(target, database, rules).toCompletableFuture().join();
        }

        @Override
        public void changed(String target, String database) {}

        @Override
        public MaskTokens tokens(String target) {
            return new MaskTokens(new byte[32]);
        }
    }

    private static StatementHeld held(int number) {
        return new StatementHeld(
                "s", "a" + number, "session", "digest", "DELETE FROM t", List.of(), new Facts(List.of("DELETE"), List.of("write"), List.of(), List.of(), false, true), "rule",
                null, List.of("dba"), 1, Instant.parse("2030-01-01T00:00:00Z"), new Principal("agent", "sluice:agent-tokens", Principal.Method.AGENT_TOKEN, Set.of(), null),
                "target", "postgres", null, "127.0.0.1:1", false, null, null, null, "postgres", "public");
    }

    @Test
    void aStatementThatIsNestedTooDeeplyIsSaid() throws Exception {
        Vertx vertx = Vertx.vertx();
        var record = new RememberedSessions();
        Policy policy = PolicyReader.read("policy", "version: 1\n");
        ImpactAssessor.Connections connections = (target, database) -> {
            throw new StackOverflowError();
        };
        try (var reader = StatementReader.start(StatementReaderSettings.DEFAULTS);
                var assessor = new ImpactAssessor(
                        new ImpactAssessor.Means(vertx, record, reader, () -> policy, new NoMasks(), connections, "/sluice/gateway/test"),
                        new ImpactSettings(Duration.ofMillis(500), 2))) {
            assessor.held(held(1));

            assertThat(record.next().missing()).extracting(Impact.Missing::reason).containsOnly("the statement is nested too deeply to look into it");
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void thatItIsTurnedOffIsSaid() throws Exception {
        Vertx vertx = Vertx.vertx();
        var record = new RememberedSessions();
        Policy policy = PolicyReader.read("policy", "version: 1\n");
        ImpactAssessor.Connections connections = (target, database) -> {
            throw new AssertionError("no database is asked");
        };
        try (var reader = StatementReader.start(StatementReaderSettings.DEFAULTS);
                var assessor = new ImpactAssessor(new ImpactAssessor.Means(vertx, record, reader, () -> policy, new NoMasks(), connections, "/sluice/gateway/test"), null)) {
            assessor.held(held(1));

            assertThat(record.next().missing()).extracting(Impact.Missing::reason).containsOnly("the gateway is configured not to find it out (impact.enabled)");
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void whatIsTooMuchToLookAtIsSaidAtOnce() throws Exception {
        Vertx vertx = Vertx.vertx();
        var record = new RememberedSessions();
        var away = new CountDownLatch(1);
        Policy policy = PolicyReader.read("policy", "version: 1\n");
        ImpactAssessor.Connections connections = (target, database) -> {
            try {
                away.await();
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
            throw new IllegalArgumentException("no such target");
        };
        try (var reader = StatementReader.start(StatementReaderSettings.DEFAULTS);
                var assessor = new ImpactAssessor(
                        new ImpactAssessor.Means(vertx, record, reader, () -> policy, new NoMasks(), connections, "/sluice/gateway/test"),
                        new ImpactSettings(Duration.ofMillis(500), 2))) {
            for (int i = 0; i <= 200; i++) {
                assessor.held(held(i));
            }

            assertThat(record.next().missing()).extracting(Impact.Missing::reason).containsOnly(
                    "too many statements are held at a time to find out what this one would do");
        } finally {
            away.countDown();
            vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.gateway.catalog.TestDatabase;
import dev.sluice.gateway.config.HoldManner;
import dev.sluice.gateway.http.MaskStatus;
import dev.sluice.gateway.lineage.LineageResolver;
import dev.sluice.gateway.masking.ColumnPattern;
import dev.sluice.gateway.masking.Mask;
import dev.sluice.gateway.masking.MaskRule;
import dev.sluice.gateway.masking.MaskRules;
import dev.sluice.gateway.masking.MaskTokens;
import dev.sluice.gateway.masking.Uses;
import dev.sluice.gateway.net.TargetCredential;
import dev.sluice.gateway.net.TargetRegistry;
import dev.sluice.gateway.net.TargetSettings;
import dev.sluice.gateway.net.UnknownVersion;
import dev.sluice.gateway.net.UpstreamTls;
import dev.sluice.gateway.policy.Decision;
import dev.sluice.gateway.policy.Mode;
import dev.sluice.gateway.policy.Policy;
import dev.sluice.gateway.policy.Subject;
import dev.sluice.gateway.statement.Reading;
import dev.sluice.gateway.statement.StatementReader;
import dev.sluice.gateway.statement.StatementReaderSettings;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The operator hears how masks bind before any caller comes. */
final class MaskWatchIT {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static TestDatabase database;
    private static StatementReader reader;

    private TargetMasks masks;
    private MaskWatch watch;
    private volatile Policy policy = new Masking(rules("public.people.ssn", "public.people.snn"));

    /** A policy with these masks and nothing else. */
    private record Masking(MaskRules allMasks) implements Policy {
        @Override
        public Decision judge(Reading.Understood reading, Subject subject) {
            return new Decision.Allow("default");
        }

        @Override
        public String version() {
            return "1";
        }

        @Override
        public Mode mode() {
            return Mode.ENFORCE;
        }
    }

    private static MaskRules rules(String... columns) {
        return new MaskRules(
                List.of(new MaskRule(
                        "m", Stream.of(columns).map(ColumnPattern::parse).toList(), new Mask.Redact(), new Uses(Uses.Predicates.DENY, false, false, false))),
                Set.of());
    }

    @BeforeAll
    static void startDatabase() throws Exception {
        database = new TestDatabase();
        database.execute("CREATE TABLE people (id int, ssn text)", "CREATE DATABASE empty");
        reader = StatementReader.start(StatementReaderSettings.DEFAULTS);
    }

    @AfterAll
    static void stopDatabase() throws Exception {
        reader.close();
        database.close();
    }

    private void watch(TargetSettings... targets) {
        watch(LineageResolver::supports, targets);
    }

    private void watch(IntPredicate known, TargetSettings... targets) {
        var registry = new TargetRegistry(List.of(targets));
        masks = new TargetMasks(database.vertx(), registry, new byte[MaskTokens.KEY_BYTES], reader, known);
        watch = new MaskWatch(database.vertx(), registry, masks, () -> policy);
        watch.start();
    }

    @AfterEach
    void stop() {
        watch.stop();
        TestDatabase.await(masks.close());
    }

    private static TargetSettings target(String name, String databaseName) {
        return new TargetSettings(name, "127.0.0.1", database.port(), databaseName, new TargetCredential.Stored("postgres", null));
    }

    /** What is known as soon as it is as expected; fails with what is known otherwise. */
    private List<MaskStatus> awaited(Predicate<List<MaskStatus>> expected) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        List<MaskStatus> now = watch.statuses();
        while (!expected.test(now)) {
            assertThat(System.nanoTime()).as(String.valueOf(now)).isLessThan(deadline);
            Thread.onSpinWait();
            watch.look();
            now = watch.statuses();
        }
        return now;
    }

    @Test
    void masksThatMatchNothingAreKnownBeforeAnyCallerComes() throws Exception {
        watch(target("shop", "postgres"), target("bare", "empty"), target("*", null));

        List<MaskStatus> found = awaited(statuses -> statuses.size() == 2);
        assertThat(found).extracting(MaskStatus::target).containsExactly("bare", "shop");
        assertThat(found).extracting(MaskStatus::database).containsExactly("empty", "postgres");
        assertThat(found).extracting(MaskStatus::problem).containsOnlyNulls();
        assertThat(found.getFirst().warnings()).hasSize(2);
        assertThat(found.getLast().warnings()).containsExactly("mask 'm': 'public.people.snn' matches no column of database 'postgres'");
    }

    @Test
    void anotherPolicyIsBoundByItself() throws Exception {
        watch(target("shop", "postgres"));
        awaited(statuses -> statuses.size() == 1);

        policy = new Masking(rules("public.people.ssn"));
        assertThat(awaited(statuses -> statuses.getFirst().warnings().isEmpty())).hasSize(1);

        policy = new Masking(MaskRules.NONE);
        assertThat(awaited(List::isEmpty)).isEmpty();
    }

    @Test
    void databasesThatCallersUseBesidesAreWatchedToo() throws Exception {
        watch(target("*", null));
        masks.bind("*", "empty", policy.allMasks());

        assertThat(awaited(statuses -> statuses.size() == 1)).extracting(MaskStatus::database).containsExactly("empty");
    }

    @Test
    void aServerOfAnUnknownVersionIsRefusedUnlessItIsAllowed() throws Exception {
        TargetSettings daring = new TargetSettings(
                "daring", "127.0.0.1", database.port(), "postgres", UpstreamTls.DISABLED, new TargetCredential.Stored("postgres", null), HoldManner.UNSAID, Duration.ofSeconds(5), true);
        watch(major -> false, target("new", "postgres"), daring);

        List<MaskStatus> found = awaited(statuses -> statuses.size() == 2);
        assertThat(found.getFirst().problem()).isNull();
        assertThat(found.getLast().problem()).contains("target new runs PostgreSQL ").contains("known to hold on 13 to 18 only").contains("allowUnknownVersion");
        assertThat(watch.refused()).isEqualTo(found.getLast().problem());
        assertThat(masks.bind("daring", "postgres", policy.allMasks()).toCompletableFuture().get(20, TimeUnit.SECONDS).masks()).isNotEmpty();
        assertThatThrownBy(() -> masks.bind("new", "postgres", policy.allMasks()).toCompletableFuture().get(20, TimeUnit.SECONDS)).hasCauseInstanceOf(UnknownVersion.class);
    }

    @Test
    void whatWasBoundToAnEarlierCatalogIsForgotten() throws Exception {
        watch(target("shop", "postgres"));
        awaited(statuses -> statuses.size() == 1);
        for (int change = 0; change < 3; change++) {
            database.execute("CREATE TABLE extra_" + change + " (id int)");
            masks.changed("shop", "postgres");
            assertThat(masks.bind("shop", "postgres", policy.allMasks()).toCompletableFuture().get(20, TimeUnit.SECONDS).catalog().relation("public", "extra_" + change))
                    .isNotNull();
        }
        assertThat(masks.remembered()).isEqualTo(1);
    }

    @Test
    void whyMasksAreNotBoundIsKnown() throws Exception {
        watch(target("gone", "no_such_database"), new TargetSettings("own", "127.0.0.1", database.port(), "postgres", new TargetCredential.Passthrough(null)));

        List<MaskStatus> found = awaited(statuses -> statuses.size() == 2);
        assertThat(found.getFirst().problem()).contains("no_such_database");
        assertThat(found.getLast().problem()).contains("give it a catalogUser");
        assertThat(watch.refused()).isNull();
    }
}

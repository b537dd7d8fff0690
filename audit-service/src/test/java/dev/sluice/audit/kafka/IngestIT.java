// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.audit.config.AuditConfig;
import dev.sluice.audit.projection.FindingRow;
import dev.sluice.audit.store.Database;
import dev.sluice.audit.store.IngestStore;
import dev.sluice.audit.store.Migrations;
import dev.sluice.audit.testing.Chain;
import dev.sluice.audit.testing.Servers;
import dev.sluice.schemas.Principal;
import dev.sluice.schemas.chain.HashChain;
import dev.sluice.schemas.event.ApprovalEvent.ApprovalWithdrawn;
import dev.sluice.schemas.event.AuditEvent;
import dev.sluice.schemas.event.AuditEvent.EvidenceAccessed;
import dev.sluice.schemas.event.AuditEvent.LegalholdPlaced;
import dev.sluice.schemas.event.Detection;
import dev.sluice.schemas.event.SessionEvent.PolicyLoaded;
import dev.sluice.schemas.event.SessionEvent.SessionBypassed;
import dev.sluice.schemas.event.SessionEvent.SessionRefused;
import dev.sluice.schemas.event.StatementEvent.Outcome;
import dev.sluice.schemas.event.StatementEvent.StatementCompleted;
import dev.sluice.schemas.event.StatementEvent.StatementHeld;
import dev.sluice.schemas.event.StatementEvent.StatementRefused;
import dev.sluice.schemas.event.StatementEvent.StatementWithdrawn;
import dev.sluice.schemas.kafka.Topics;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** The tests share one broker and go on from each other's records: the last one reads all of them from zero. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class IngestIT {
    private static final List<String> TOPICS = List.of(
            Topics.SESSIONS.name(), Topics.APPROVALS.name(), Topics.VERDICTS.name(), Topics.AUDIT.name(), Topics.RESULTS.name());
    private static final Duration LONG = Duration.ofSeconds(90);
    private static final String MAIN = "main_schema";

    private static Servers servers;
    private final List<Running> open = new ArrayList<>();

    private record Running(Ingest ingest, IngestProgress progress) {
        void close() {
            ingest.close().orTimeout(30, TimeUnit.SECONDS).join();
        }
    }

    @BeforeAll
    static void start() {
        servers = Servers.start();
    }

    @AfterAll
    static void stop() throws IOException {
        servers.close();
    }

    @AfterEach
    void closeAll() {
        open.forEach(Running::close);
        open.clear();
    }

    private Running run(String schema, String group, int batchRecords) {
        return run(schema, servers.kafkaConfig(group, batchRecords));
    }

    private Running run(String schema, AuditConfig.Kafka config) {
        AuditConfig.Database database = servers.databaseConfig(schema);
        DataSource source = Database.dataSource(database);
        Migrations.apply(source, schema);
        var store = new IngestStore(source, Topics.SESSIONS.name(), Chain.AUDIT.publicKeys());
        var progress = new IngestProgress();
        var running = new Running(Ingest.start(config, TOPICS, store, progress, Clock.systemUTC()), progress);
        open.add(running);
        return running;
    }

    private static long events(String schema) {
        return servers.count("SELECT count(*) FROM " + schema + ".events");
    }

    private static void awaitEvents(String schema, long count) {
        Servers.await(count + " events in " + schema + ", now " + events(schema), LONG, () -> events(schema) >= count);
    }

    @Test
    @Order(1)
    void everyEventFillsItsColumns() {
        var chain = new Chain("all-columns").opened();
        StatementHeld refused = chain.held(chain.decided("delete from a", Outcome.HOLD, List.of("write")), "delete from a");
        chain.add(new StatementRefused(refused.statementId(), refused.approvalId(), "42501", "rejected by bob"));
        chain.completed(refused.statementId(), null, "42501", 0);
        StatementHeld withdrawn = chain.held(chain.decided("delete from b", Outcome.HOLD, List.of("write")), "delete from b");
        chain.add(new StatementWithdrawn(withdrawn.statementId(), withdrawn.approvalId(), "cancelled"));
        chain.add(new StatementCompleted(
                chain.decided("select 2", Outcome.ALLOW, List.of("read")), List.of(), "42501", 0, 0, "ab".repeat(32), 1, "I", null, null, null, null,
                List.of(new Detection("iban", "note", 1, Detection.Action.DENY))));
        chain.released("delete from c", "ann").kept("select 1", "first", "second").closed();
        servers.send(chain);
        servers.send(new Chain("refused-session").add(new SessionRefused("mallory", "shop", "127.0.0.1:1", "28000", "no token")));
        servers.send(new Chain("bypassed-session").add(new SessionBypassed("shop", "sluice", "shop", 4711, Chain.START, "psql", "10.0.0.9:1")));
        servers.send(new Chain("policy").add(new PolicyLoaded("0a1b2c3d4e5f", "enforce", "5f4e3d2c1b0a", "/etc/sluice/policy.yaml", "version: 1\n")));
        servers.send(Topics.APPROVALS.name(), "a1", chain.beside(new ApprovalWithdrawn("a1", "cancelled"), "a1", Chain.START));
        var auditor = new Principal("olga", "https://issuer.test", Principal.Method.OIDC, Set.of("auditors"), null);
        servers.send(Topics.AUDIT.name(), "h1", chain.beside(new LegalholdPlaced("h1", AuditEvent.Subject.TARGET, "shop", "case 4711", auditor), "h1", Chain.START));
        servers.send(Topics.AUDIT.name(), "e1", chain.beside(
                new EvidenceAccessed(auditor, "127.0.0.1", "GET", "/v1/sessions", null, List.of(), true, null), "e1", Chain.START));
        servers.send(Topics.SESSIONS.name(), "junk", "not an event".getBytes(StandardCharsets.UTF_8));
        servers.flush();

        run(MAIN, "main", 2_000);
        awaitEvents(MAIN, chain.records().size() + 7L);
        Servers.await("kept answers", LONG, () -> servers.count("SELECT count(*) FROM " + MAIN + ".results") == 2);

        assertThat(servers.rows("SELECT DISTINCT key FROM " + MAIN + ".statements s, jsonb_each(to_jsonb(s)) WHERE value <> 'null' ORDER BY 1"))
                .containsExactlyElementsOf(columns("statements"));
        assertThat(servers.rows("SELECT DISTINCT key FROM " + MAIN + ".sessions s, jsonb_each(to_jsonb(s)) WHERE value <> 'null' ORDER BY 1"))
                .containsExactlyElementsOf(columns("sessions"));
        assertThat(servers.rows("SELECT kind || ' ' || session_id FROM " + MAIN + ".findings ORDER BY 1")).containsExactly("bypassed bypassed-session", "unreadable junk");
        assertThat(servers.rows("SELECT encode(record, 'hex') FROM " + MAIN + ".events WHERE session_id = 'all-columns' AND topic = 'sluice.sessions' ORDER BY record_offset"))
                .containsExactlyElementsOf(chain.records().stream().map(java.util.HexFormat.of()::formatHex).toList());
    }

    private static List<String> columns(String table) {
        return servers.rows("SELECT column_name FROM information_schema.columns WHERE table_schema = '" + MAIN + "' AND table_name = '" + table
                + "' ORDER BY column_name COLLATE \"C\"");
    }

    @Test
    @Order(2)
    void killedConnectionsLoseAndDoubleNothing() {
        long before = events(MAIN);
        for (int session = 0; session < 40; session++) {
            var chain = new Chain("killed-" + session).opened();
            for (int statement = 0; statement < 50; statement++) {
                chain.allowed("select " + statement);
            }
            servers.send(chain.closed());
        }
        servers.flush();
        long expected = before + 40 * 102;

        Running first = run(MAIN, "main", 50);
        for (int kill = 1; kill <= 5; kill++) {
            long mark = before + kill * 300L;
            Servers.await("progress to " + mark, LONG, () -> events(MAIN) >= Math.min(mark, expected));
            servers.execute("DO $$ BEGIN PERFORM pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'sluice-audit'; END $$");
        }
        first.close();
        open.clear();
        run(MAIN, "main", 2_000);
        awaitEvents(MAIN, expected);

        assertThat(events(MAIN)).isEqualTo(expected);
        assertThat(servers.count("SELECT count(*) FROM " + MAIN + ".sessions WHERE session_id LIKE 'killed-%' AND statements = 50 AND last_sequence = 101 AND closed_at IS NOT NULL"))
                .isEqualTo(40);
        assertThat(servers.count("SELECT count(*) FROM " + MAIN + ".statements WHERE session_id LIKE 'killed-%' AND completed_at IS NOT NULL")).isEqualTo(2_000);
        assertThat(servers.rows("SELECT kind FROM " + MAIN + ".findings WHERE session_id LIKE 'killed-%'")).isEmpty();
    }

    @Test
    @Order(3)
    void aSecondInstanceTakesOverWithoutWritingTwice() {
        long before = events(MAIN);
        run(MAIN, "main", 20);
        for (int session = 0; session < 40; session++) {
            var chain = new Chain("shared-" + session).opened();
            for (int statement = 0; statement < 20; statement++) {
                chain.allowed("select " + statement);
            }
            servers.send(chain.closed());
            if (session == 20) {
                servers.flush();
                run(MAIN, "main", 20);
            }
        }
        servers.flush();
        awaitEvents(MAIN, before + 40 * 42);

        assertThat(events(MAIN)).isEqualTo(before + 40 * 42);
        assertThat(servers.rows("SELECT kind FROM " + MAIN + ".findings WHERE session_id LIKE 'shared-%'")).isEmpty();
        assertThat(servers.count("SELECT count(*) FROM " + MAIN + ".sessions WHERE session_id LIKE 'shared-%' AND statements = 20")).isEqualTo(40);
    }

    @Test
    @Order(4)
    void aRecordThatPostgreSqlCannotHoldStopsNothing() {
        long before = events(MAIN);
        String huge = "9".repeat(30);
        byte[] odd = new String(new Chain("odd").opened().records().getFirst(), StandardCharsets.UTF_8)
                .replace("\"psql\"", "\"\\ud800\\u0000\"")
                .replace("2026-11-23T08:00:00Z", "+999999999-01-01T00:00:00Z")
                .getBytes(StandardCharsets.UTF_8);
        byte[] oddSequence = new String(odd, StandardCharsets.UTF_8).replace("\"sequence\":\"0", "\"sequence\":\"" + huge).getBytes(StandardCharsets.UTF_8);
        servers.send(Topics.SESSIONS.name(), "odd", odd);
        servers.send(Topics.SESSIONS.name(), "odd", oddSequence);
        servers.send(new Chain("after-odd").opened());
        servers.flush();

        run(MAIN, "main", 2_000);
        awaitEvents(MAIN, before + 3);
        assertThat(servers.count("SELECT count(*) FROM " + MAIN + ".sessions WHERE session_id = 'after-odd'")).isEqualTo(1);
    }

    @Test
    @Order(4)
    void aRecordWithALongKeyStopsNothing() {
        long before = events(MAIN);
        byte[] random = new byte[6_000];
        new Random(7).nextBytes(random);
        String key = Base64.getEncoder().encodeToString(random);
        servers.send(Topics.SESSIONS.name(), key, "junk".getBytes(StandardCharsets.UTF_8));
        servers.send(Topics.APPROVALS.name(), key, "junk".getBytes(StandardCharsets.UTF_8));
        servers.send(Topics.APPROVALS.name(), key, new Chain(key).beside(new ApprovalWithdrawn("a1", "cancelled"), "a1", Chain.START));
        servers.send(new Chain("after-long").opened());
        servers.flush();

        run(MAIN, "main", 2_000);
        awaitEvents(MAIN, before + 4);
        assertThat(servers.count("SELECT count(*) FROM " + MAIN + ".sessions WHERE session_id = 'after-long'")).isEqualTo(1);
        assertThat(servers.rows("SELECT DISTINCT session_id FROM " + MAIN + ".events WHERE length(record_key) = " + key.length()))
                .containsExactly(HashChain.hash(key.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    @Order(5)
    void aBrokerThatWentAwayIsReadAgain() throws IOException {
        long before = events(MAIN);
        run(MAIN, "main", 2_000);
        Servers.await("first poll", LONG, () -> open.getFirst().progress().state().partitions() > 0);
        servers.kafka().stop();
        servers.kafka().restart();
        servers.send(new Chain("after-restart").opened().closed());
        servers.flush();
        awaitEvents(MAIN, before + 2);
        assertThat(events(MAIN)).isEqualTo(before + 2);
    }

    @Test
    @Order(6)
    void aRebuildFromZeroGivesTheSameRows() {
        long expected = events(MAIN);
        run("rebuilt", "rebuild", 333);
        awaitEvents("rebuilt", expected);
        Servers.await("kept answers", LONG, () -> servers.count("SELECT count(*) FROM rebuilt.results") == 2);

        for (String table : List.of("events", "sessions", "statements", "results", "accesses", "legal_holds", "findings", "offsets")) {
            assertThat(fingerprint("rebuilt", table)).as(table).isEqualTo(fingerprint(MAIN, table));
        }
    }

    @Test
    @Order(7)
    void aLagAboveTheLimitIsAFindingOnce() {
        Running running = run("lagging", servers.kafkaConfig("lagging", 20, 100L));
        awaitEvents("lagging", events(MAIN));
        assertThat(servers.rows("SELECT kind || ' ' || (detail ~ '^[0-9]+ records waited to be read, more than kafka.readyLag .100.$') FROM lagging.findings WHERE session_id IS NULL"))
                .containsExactly("lagging true");
        assertThat(running.progress().findings(FindingRow.Kind.LAGGING)).isEqualTo(1);
    }

    /** Somebody shortens the log, or makes the topic anew. */
    @Test
    @Order(8)
    void aBrokerThatEndsBeforeWhatWasReadIsAFinding() {
        run("rewound", "rewound", 2_000);
        awaitEvents("rewound", events(MAIN));
        closeAll();
        servers.execute("UPDATE rewound.offsets SET next_offset = next_offset + 1000 WHERE topic = 'sluice.approvals' AND next_offset > 0");
        long partitions = servers.count("SELECT count(*) FROM rewound.offsets WHERE topic = 'sluice.approvals' AND next_offset > 1000");
        assertThat(partitions).isPositive();

        Running running = run("rewound", "rewound", 2_000);
        Servers.await("the finding", LONG, () -> servers.count("SELECT count(*) FROM rewound.findings WHERE kind = 'rewound'") > 0);
        Servers.await("the trouble", LONG, () -> String.valueOf(running.progress().state().trouble()).contains("the topic was made anew"));
        assertThat(running.progress().findings(FindingRow.Kind.REWOUND)).isBetween(1L, partitions);
        assertThat(servers.rows("SELECT topic || ' ' || (detail ~ 'have been read, and the broker ends at [0-9]+$') FROM rewound.findings WHERE kind = 'rewound' LIMIT 1"))
                .containsExactly("sluice.approvals true");
    }

    @Test
    @Order(9)
    void recordsThatTheBrokerForgotBeforeTheyWereReadAreAFinding() throws Exception {
        run("lossy", "lossy", 2_000);
        awaitEvents("lossy", events(MAIN));
        closeAll();
        servers.send(new Chain("forgotten").opened().closed());
        servers.flush();
        servers.forget(Topics.SESSIONS.name());
        servers.send(new Chain("after-forgotten").opened().closed());
        servers.flush();

        Running running = run("lossy", "lossy", 2_000);
        Servers.await("what came after", LONG, () -> servers.count("SELECT count(*) FROM lossy.sessions WHERE session_id = 'after-forgotten' AND closed_at IS NOT NULL") == 1);
        assertThat(servers.rows("SELECT topic || ' ' || detail FROM lossy.findings WHERE kind = 'lost-records'"))
                .singleElement()
                .satisfies(lost -> assertThat(lost).matches("sluice.sessions offsets \\d+ to \\d+ were deleted on the broker before they were read"));
        assertThat(running.progress().findings(FindingRow.Kind.LOST_RECORDS)).isEqualTo(1);
        assertThat(servers.count("SELECT count(*) FROM lossy.sessions WHERE session_id = 'forgotten'")).isZero();
    }

    private static String fingerprint(String schema, String table) {
        return servers.rows("SELECT count(*) || ' ' || md5(coalesce(string_agg(row, E'\\n' ORDER BY row), '')) FROM (SELECT to_jsonb(t)::text AS row FROM "
                        + schema + "." + table + " t) rows")
                .getFirst();
    }
}

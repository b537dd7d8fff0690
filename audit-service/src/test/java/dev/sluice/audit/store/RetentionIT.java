// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.audit.config.AuditConfig;
import dev.sluice.audit.projection.RawRecord;
import dev.sluice.audit.projection.ReadRecord;
import dev.sluice.audit.projection.RecordReader;
import dev.sluice.audit.testing.Chain;
import dev.sluice.audit.testing.Servers;
import dev.sluice.schemas.chain.ChainSeal;
import dev.sluice.schemas.event.ApprovalEvent.ApprovalWithdrawn;
import dev.sluice.schemas.event.AuditEvent;
import dev.sluice.schemas.event.AuditEvent.LegalholdLifted;
import dev.sluice.schemas.event.AuditEvent.LegalholdPlaced;
import dev.sluice.schemas.event.ResultEvent.ResultRecorded;
import dev.sluice.schemas.kafka.Topics;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** Batches are written as the consumer would write them; only PostgreSQL is needed. */
final class RetentionIT {
    private static final Instant NOW = Chain.START.plus(Duration.ofDays(365));
    private static final RecordReader READER = new RecordReader();

    private static Servers servers;

    @BeforeAll
    static void start() {
        servers = Servers.databaseOnly();
    }

    @AfterAll
    static void stop() throws IOException {
        servers.close();
    }

    /** A store of its own, with a partition of the log that goes on from record to record. */
    private static final class Log {
        final String schema;
        final DataSource source;
        private final IngestStore store;
        private final Map<Partition, Long> next = new HashMap<>();

        Log(String schema) {
            this.schema = schema;
            this.source = Database.dataSource(servers.databaseConfig(schema));
            Migrations.apply(source, schema);
            this.store = new IngestStore(source, Topics.SESSIONS.name(), Chain.AUDIT.publicKeys());
        }

        void write(Chain chain) {
            chain.records().forEach(record -> write(Topics.SESSIONS.name(), chain.sessionId(), record, Chain.START));
        }

        void write(String id, AuditEvent event) {
            write(Topics.AUDIT.name(), id, new Chain(id).beside(event, id, Chain.START), Chain.START);
        }

        void write(String topic, String key, byte[] value, Instant time) {
            var partition = new Partition(topic, 0);
            long offset = next.getOrDefault(partition, 0L);
            store.offsets(Map.of(partition, 0L));
            ReadRecord read = READER.read(new RawRecord(topic, 0, offset, time, key.getBytes(StandardCharsets.UTF_8), value));
            store.write(List.of(read), Map.of(partition, offset), Map.of(partition, offset + 1));
            next.put(partition, offset + 1);
        }

        Retention.Outcome expire(String evidence, Map<String, String> targets) {
            return new Retention(source, new AuditConfig.Retention(evidence, targets)).apply(NOW);
        }

        List<String> rows(String sql) {
            return servers.rows("SET search_path = " + schema, sql);
        }
    }

    @Test
    void aDayOfWhichNothingIsLeftIsDroppedAndItsEndsAreKept() {
        var log = new Log("whole_day");
        Chain gone = new Chain("gone").opened().allowed("select 1").checkpoint().allowed("select 2").closed();
        log.write(gone);
        log.write(new Chain("running").opened().allowed("select 1").checkpoint().allowed("select 2"));

        assertThat(log.expire("P30D", Map.of())).isEqualTo(new Retention.Outcome(2, 1));

        assertThat(log.rows("SELECT count(*)::text FROM sessions")).containsExactly("0");
        assertThat(log.rows("SELECT relname FROM pg_class WHERE relnamespace = 'whole_day'::regnamespace AND relname ~ '^(events|statements)_20'")).isEmpty();
        assertThat(log.rows("SELECT session_id || ' ' || last_sequence || ' ' || last_digest FROM dropped_sessions WHERE session_id = 'gone'"))
                .containsExactly("gone " + (gone.records().size() - 1) + " " + gone.lastDigest());
        // The signature that is left proves any other copy of the records, of the session that was cut off by its end too.
        for (String row : log.rows("SELECT session_id || ' ' || sealed_sequence || ' ' || sealed_digest || ' ' || seal FROM dropped_sessions")) {
            String[] fields = row.split(" ");
            assertThat(new ChainSeal(fields[0], Long.parseLong(fields[1]), fields[2]).verify(fields[3], Chain.GATEWAY.publicKeys())).as(row).isNull();
        }
    }

    @Test
    void nothingGoesBeforeItsTime() {
        var log = new Log("too_early");
        log.write(new Chain("s1").opened().closed());

        assertThat(log.expire("P2Y", Map.of())).isEqualTo(new Retention.Outcome(0, 0));
        assertThat(log.rows("SELECT count(*)::text FROM events")).containsExactly("2");
    }

    @Test
    void aTargetMayHaveItsOwnRetention() {
        var log = new Log("own_retention");
        log.write(new Chain("s1").opened().allowed("select 1").closed());

        assertThat(log.expire("P30D", Map.of("shop", "P2Y")).sessions()).isZero();
        assertThat(log.expire("P2Y", Map.of("shop", "P30D"))).isEqualTo(new Retention.Outcome(1, 0));
        assertThat(log.rows("SELECT count(*)::text FROM events")).containsExactly("0");
        assertThat(log.rows("SELECT count(*)::text FROM statements")).containsExactly("0");
    }

    @Test
    void answersGoBeforeTheirSessionsUnlessALegalHoldNamesThem() {
        var log = new Log("answers");
        for (String id : List.of("s1", "s2")) {
            Chain chain = new Chain(id).opened().allowed("select 1").closed();
            log.write(chain);
            log.write(Topics.RESULTS.name(), id, chain.beside(new ResultRecorded(id + "-s1", 0, null, 1, "", "0".repeat(64), true), id, Chain.START), Chain.START);
        }
        log.write("h1", new AuditEvent.LegalholdPlaced("h1", AuditEvent.Subject.SESSION, "s2", "case 1", Chain.AGENT));
        assertThat(log.rows("SELECT session_id FROM results ORDER BY 1")).containsExactly("s1", "s2");

        new Retention(log.source, new AuditConfig.Retention("P7Y", Map.of(), "P2Y", null)).apply(NOW);
        assertThat(log.rows("SELECT session_id FROM results ORDER BY 1")).containsExactly("s1", "s2");

        new Retention(log.source, new AuditConfig.Retention("P7Y", Map.of(), "P30D", null)).apply(NOW);
        assertThat(log.rows("SELECT session_id FROM results")).containsExactly("s2");
        assertThat(log.rows("SELECT count(*)::text FROM sessions")).containsExactly("2");

        log.write("h1", new AuditEvent.LegalholdLifted("h1", "closed", Chain.AGENT));
        new Retention(log.source, new AuditConfig.Retention("P7Y", Map.of(), "P30D", null)).apply(NOW);
        assertThat(log.rows("SELECT relname FROM pg_class WHERE relnamespace = 'answers'::regnamespace AND relname ~ '^results_20'")).isEmpty();
    }

    @Test
    void theAnswersOfATargetMayHaveATimeOfTheirOwn() {
        var log = new Log("answers_of_targets");
        Chain chain = new Chain("s1").opened().allowed("select 1").closed();
        log.write(chain);
        log.write(Topics.RESULTS.name(), "s1", chain.beside(new ResultRecorded("s1-s1", 0, null, 1, "", "0".repeat(64), true), "s1", Chain.START), Chain.START);
        String day = log.rows("SELECT day::text FROM results").getFirst().replace("-", "");

        new Retention(log.source, new AuditConfig.Retention("P7Y", Map.of(), "P30D", Map.of("shop", "P2Y"))).apply(NOW);
        assertThat(log.rows("SELECT session_id FROM results")).as("longer than usual").containsExactly("s1");
        new Retention(log.source, new AuditConfig.Retention("P7Y", Map.of(), "P2Y", Map.of("other", "P1D"))).apply(NOW);
        assertThat(log.rows("SELECT session_id FROM results")).as("another target's").containsExactly("s1");

        new Retention(log.source, new AuditConfig.Retention("P7Y", Map.of(), "P2Y", Map.of("shop", "P30D"))).apply(NOW);
        assertThat(log.rows("SELECT count(*)::text FROM results")).as("shorter than usual").containsExactly("0");
        assertThat(log.rows("SELECT relname FROM pg_class WHERE relnamespace = 'answers_of_targets'::regnamespace AND relname = 'results_" + day + "'")).isEmpty();
    }

    @Test
    void aLegalHoldOutlastsRetentionUntilItIsLifted() {
        var log = new Log("legal_hold");
        log.write(new Chain("held").opened().allowed("select 1").closed());
        log.write(new Chain("free").opened().closed());
        List<AuditEvent.Subject> kinds = List.of(AuditEvent.Subject.values());
        List<String> values = List.of("held", "agent-7", "shop");
        for (int i = 0; i < kinds.size(); i++) {
            String id = "hold-" + i;
            log.write(id, new LegalholdPlaced(id, kinds.get(i), values.get(i), "case 1", Chain.AGENT));
        }

        assertThat(log.expire("P30D", Map.of()).sessions()).isZero();
        log.write("hold-2", new LegalholdLifted("hold-2", "over", Chain.AGENT));
        assertThat(log.expire("P30D", Map.of()).sessions()).isZero();
        log.write("hold-1", new LegalholdLifted("hold-1", "over", Chain.AGENT));
        assertThat(log.expire("P30D", Map.of())).isEqualTo(new Retention.Outcome(1, 0));
        assertThat(log.rows("SELECT session_id FROM sessions")).containsExactly("held");
        assertThat(log.rows("SELECT count(*)::text FROM events WHERE session_id = 'held'")).containsExactly("4");
        assertThat(log.rows("SELECT count(*)::text FROM statements")).containsExactly("1");
    }

    @Test
    void aLiftThatNobodyHasSignedEndsNoLegalHold() {
        var log = new Log("forged_lift");
        log.write(new Chain("held").opened().closed());
        log.write("h1", new LegalholdPlaced("h1", AuditEvent.Subject.SESSION, "held", "case 1", Chain.AGENT));
        byte[] lift = new Chain("h1").beside(new LegalholdLifted("h1", "over", Chain.AGENT), "h1", Chain.START);
        String text = new String(lift, StandardCharsets.UTF_8);
        log.write(Topics.AUDIT.name(), "h1", text.replaceFirst(",\"signature\":\"[^\"]*\"", "").getBytes(StandardCharsets.UTF_8), Chain.START);
        log.write(Topics.AUDIT.name(), "h1", text.replace("over", "done").getBytes(StandardCharsets.UTF_8), Chain.START);

        assertThat(log.rows("SELECT count(*)::text FROM legal_holds WHERE lifted_at IS NULL")).containsExactly("1");
        assertThat(log.expire("P30D", Map.of()).sessions()).isZero();
        assertThat(log.rows("SELECT kind FROM findings")).containsExactly("unproven", "unproven");

        log.write(Topics.AUDIT.name(), "h1", lift, Chain.START);
        assertThat(log.expire("P30D", Map.of()).sessions()).isEqualTo(1);
    }

    @Test
    void aForgedLegalHoldKeepsButTakesNoGenuineOnesName() {
        var log = new Log("forged_hold");
        log.write(new Chain("held").opened().closed());
        log.write(new Chain("other").opened().closed());
        byte[] forged = new Chain("h1").beside(new LegalholdPlaced("h1", AuditEvent.Subject.SESSION, "other", "case 1", Chain.AGENT), "h1", Chain.START);
        log.write(Topics.AUDIT.name(), "h1", new String(forged, StandardCharsets.UTF_8).replace("case 1", "case 2").getBytes(StandardCharsets.UTF_8), Chain.START);
        log.write("h1", new LegalholdPlaced("h1", AuditEvent.Subject.SESSION, "held", "case 1", Chain.AGENT));

        assertThat(log.expire("P30D", Map.of()).sessions()).isZero();
        assertThat(log.rows("SELECT value || ' ' || proven FROM legal_holds ORDER BY 1")).containsExactly("held true", "other false");
        assertThat(log.rows("SELECT legal_hold_id FROM legal_holds WHERE proven")).containsExactly("h1");
        String unproven = log.rows("SELECT legal_hold_id FROM legal_holds WHERE NOT proven").getFirst();
        log.write("lift", new LegalholdLifted(unproven, "nobody has placed it", Chain.AGENT));
        assertThat(log.expire("P30D", Map.of()).sessions()).isEqualTo(1);
    }

    @Test
    void anApprovalThatCameLaterGoesWithItsSessionAndNotBefore() {
        var log = new Log("approvals");
        Chain chain = new Chain("s1").opened();
        log.write(chain);
        Instant later = Chain.START.plus(Duration.ofDays(1));
        log.write(Topics.APPROVALS.name(), "a1", chain.beside(new ApprovalWithdrawn("a1", "cancelled"), "a1", later), later);

        assertThat(log.expire("P30D", Map.of("shop", "P2Y"))).isEqualTo(new Retention.Outcome(0, 0));
        assertThat(log.rows("SELECT count(*)::text FROM events")).containsExactly("2");
        assertThat(log.expire("P30D", Map.of())).isEqualTo(new Retention.Outcome(1, 2));
        assertThat(log.rows("SELECT count(*)::text FROM events")).containsExactly("0");
    }

    @Test
    void whatComesInAfterADayWasDroppedMakesTheDayAnew() {
        var log = new Log("made_anew");
        log.write(new Chain("s1").opened().closed());
        assertThat(log.expire("P30D", Map.of()).days()).isEqualTo(1);
        byte[] late = new Chain("s2").opened().records().getFirst();
        try {
            log.write(Topics.SESSIONS.name(), "s2", late, Chain.START);
        } catch (StoreFailure e) {
            // The day was known to be there: as the consumer does, try again from what is stored.
            log.write(Topics.SESSIONS.name(), "s2", late, Chain.START);
        }
        assertThat(log.rows("SELECT session_id FROM events")).containsExactly("s2");
    }

    @Test
    void daysThatAreOverGetTheirSearchIndexesOnce() {
        var log = new Log("indexes");
        log.write(new Chain("s1").opened().allowed("select * from orders").closed());
        var indexes = new SearchIndexes(log.source);

        assertThat(indexes.complete(LocalDate.of(2026, 11, 23))).isZero();
        assertThat(indexes.complete(LocalDate.of(2026, 11, 24))).isEqualTo(1);
        assertThat(indexes.complete(LocalDate.of(2026, 11, 24))).isZero();
        List<String> names = new ArrayList<>(log.rows("SELECT indexname FROM pg_indexes WHERE schemaname = 'indexes' AND tablename = 'statements_20261123'"));
        assertThat(names).contains("statements_20261123_words", "statements_20261123_relations", "statements_20261123_principal");
    }

    @Test
    void searchIndexesAreMadeByWhateverPlanTheServerFindsTheDays() {
        var log = new Log("planned");
        log.write(new Chain("s1").opened().allowed("select * from orders").closed());
        ((PGSimpleDataSource) log.source).setOptions("-c enable_nestloop=off -c enable_mergejoin=off");

        assertThat(new SearchIndexes(log.source).complete(LocalDate.of(2026, 11, 24))).isEqualTo(1);
    }
}

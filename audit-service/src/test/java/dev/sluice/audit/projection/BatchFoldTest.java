// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.projection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.audit.projection.FindingRow.Kind;
import dev.sluice.audit.testing.Chain;
import dev.sluice.schemas.chain.HashChain;
import dev.sluice.schemas.event.ApprovalEvent.ApprovalWithdrawn;
import dev.sluice.schemas.event.SessionEvent.SessionRefused;
import dev.sluice.schemas.kafka.Topics;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class BatchFoldTest {
    private final RecordReader reader = new RecordReader();

    private Batch fold(List<RawRecord> records) {
        return fold(records, Map.of());
    }

    private Batch fold(List<RawRecord> records, Map<String, SessionTrack> tracks) {
        var fold = new BatchFold(Topics.SESSIONS.name(), null, tracks);
        records.forEach(record -> fold.add(reader.read(record)));
        return fold.batch();
    }

    private static List<Kind> kinds(Batch batch) {
        return batch.findings().stream().map(FindingRow::kind).toList();
    }

    @Test
    void aStatementsEventsBecomeOneRow() {
        Batch batch = fold(new Chain("s1").opened().released("delete from orders", "ann").closed().raw(0, 0));

        assertThat(batch.findings()).isEmpty();
        ProjectedRow statement = batch.statements().iterator().next();
        assertThat(batch.statements()).hasSize(1);
        assertThat(statement.get(StatementColumn.QUERY)).isEqualTo("delete from orders");
        assertThat(statement.get(StatementColumn.OUTCOME)).isEqualTo("hold");
        assertThat(statement.get(StatementColumn.APPROVERS)).isEqualTo(List.of("ann"));
        assertThat(statement.get(StatementColumn.RELATIONS)).isEqualTo(List.of("orders", "public.orders"));
        assertThat(statement.get(StatementColumn.COLUMNS))
                .isEqualTo(List.of("id", "orders.id", "orders.total", "public.orders.id", "public.orders.total", "total"));
        assertThat(statement.get(StatementColumn.ROW_COUNT)).isEqualTo(3L);
        assertThat(statement.get(StatementColumn.PRINCIPAL)).isEqualTo("agent-7");
        assertThat(statement.get(StatementColumn.ORDINAL)).isEqualTo(1L);
        assertThat(statement.get(StatementColumn.SQLSTATE)).isNull();
    }

    @Test
    void aSessionsRowTellsWhoWhereAndHowFar() {
        Chain chain = new Chain("s1").opened().allowed("select 1").denied("drop table t").closed();
        ProjectedRow session = fold(chain.raw(0, 0)).sessions().iterator().next();

        assertThat(session.get(SessionColumn.PRINCIPAL)).isEqualTo("agent-7");
        assertThat(session.get(SessionColumn.STATEMENTS)).isEqualTo(2L);
        assertThat(session.get(SessionColumn.LAST_SEQUENCE)).isEqualTo(5L);
        assertThat(session.get(SessionColumn.LAST_DIGEST)).isEqualTo(chain.lastDigest());
        assertThat(session.get(SessionColumn.CLOSE_REASON)).isEqualTo("client ended");
    }

    @Test
    void batchesOfAnySizeGiveTheSameColumns() {
        List<RawRecord> records = new Chain("s1").opened().allowed("select 1").released("delete from t", "ann").closed().raw(0, 0);
        ProjectedRow whole = fold(records).sessions().iterator().next();
        for (int cut = 1; cut < records.size(); cut++) {
            fold(records.subList(0, cut));
            var head = new BatchFold(Topics.SESSIONS.name(), null, Map.of());
            records.subList(0, cut).forEach(record -> head.add(reader.read(record)));
            ProjectedRow first = head.batch().sessions().iterator().next();
            SessionTrack track = new SessionTrack(
                    "s1",
                    Chain.START,
                    (Long) Objects.requireNonNull(first.get(SessionColumn.LAST_SEQUENCE)),
                    String.valueOf(first.get(SessionColumn.LAST_DIGEST)),
                    (Long) Objects.requireNonNull(first.get(SessionColumn.STATEMENTS)),
                    first.get(SessionColumn.CLOSED_AT) != null,
                    (String) first.get(SessionColumn.PRINCIPAL),
                    (String) first.get(SessionColumn.TARGET));
            Batch second = fold(records.subList(cut, records.size()), Map.of("s1", track));
            ProjectedRow rest = second.sessions().iterator().next();
            assertThat(second.findings()).isEmpty();
            for (SessionColumn moving : Stream.of(SessionColumn.values()).filter(SessionColumn::moves).toList()) {
                assertThat(rest.get(moving)).as("cut at %d, %s", cut, moving).isEqualTo(whole.get(moving));
            }
        }
    }

    @Test
    void aRefusedCallersNameIsAClaim() {
        var chain = new Chain("s1").add(new SessionRefused("mallory", "shop", "127.0.0.1:1", "28000", "no token"));
        ProjectedRow session = fold(chain.raw(0, 0)).sessions().iterator().next();

        assertThat(session.get(SessionColumn.CLAIMED_USER)).isEqualTo("mallory");
        assertThat(session.get(SessionColumn.PRINCIPAL)).isNull();
    }

    @Test
    void gapsBrokenLinksAndRepetitionsAreNamed() {
        Chain chain = new Chain("s1").opened().allowed("select 1").allowed("select 2");
        List<RawRecord> raw = chain.raw(0, 0);
        byte[] edited = new String(raw.get(1).value(), StandardCharsets.UTF_8).replace("select 1", "select 9").getBytes(StandardCharsets.UTF_8);

        assertThat(kinds(fold(List.of(raw.get(0), raw.get(2), raw.get(3))))).containsExactly(Kind.GAP);
        assertThat(kinds(fold(List.of(raw.get(0), chain.raw(0, 1, edited), raw.get(2))))).containsExactly(Kind.BROKEN_LINK);
        assertThat(kinds(fold(List.of(raw.get(0), raw.get(1), raw.get(1), raw.get(2))))).containsExactly(Kind.DUPLICATE);
        assertThat(kinds(fold(List.of(raw.get(0), raw.get(2), raw.get(1))))).containsExactly(Kind.GAP, Kind.OUT_OF_ORDER);
        assertThat(kinds(fold(List.of(raw.get(0), raw.get(1), raw.get(2), chain.raw(0, 1, edited))))).containsExactly(Kind.OUT_OF_ORDER);
    }

    @Test
    void whatAReplacedProducerSendsAgainIsARepetitionInTheNextBatchToo() {
        List<RawRecord> raw = new Chain("s1").opened().allowed("select 1").allowed("select 2").raw(0, 0);
        var all = new ArrayList<>(raw);
        all.addAll(raw.subList(1, raw.size()));
        Batch once = fold(raw);
        Batch again = fold(all);
        assertThat(kinds(again)).hasSize(raw.size() - 1).containsOnly(Kind.DUPLICATE);
        assertThat(values(again.statements(), StatementColumn.values())).isEqualTo(values(once.statements(), StatementColumn.values()));

        var recent = new RecentRecords();
        var first = new BatchFold(Topics.SESSIONS.name(), null, Map.of(), recent);
        raw.forEach(record -> first.add(reader.read(record)));
        var track = new SessionTrack("s1", Chain.START, raw.size() - 1, reader.read(raw.getLast()).digest(), 2, false, "agent-7", "shop");
        var next = new BatchFold(Topics.SESSIONS.name(), null, Map.of("s1", track), recent);
        raw.subList(1, raw.size()).forEach(record -> next.add(reader.read(record)));
        assertThat(kinds(next.batch())).hasSize(raw.size() - 1).containsOnly(Kind.DUPLICATE);
    }

    @Test
    void aDuplicateChangesNothing() {
        List<RawRecord> raw = new Chain("s1").opened().allowed("select 1").raw(0, 0);
        Batch once = fold(List.of(raw.get(0), raw.get(1)));
        Batch twice = fold(List.of(raw.get(0), raw.get(1), raw.get(1)));

        assertThat(values(twice.statements(), StatementColumn.values())).isEqualTo(values(once.statements(), StatementColumn.values()));
        assertThat(values(twice.sessions(), SessionColumn.values())).isEqualTo(values(once.sessions(), SessionColumn.values()));
    }

    private static String values(Collection<ProjectedRow> rows, Column[] columns) {
        return rows.stream().map(row -> Stream.of(columns).map(row::get).toList().toString()).toList().toString();
    }

    @Test
    void whatFollowsTheEndIsNamed() {
        List<RawRecord> raw = new Chain("s1").opened().closed().allowed("select 1").raw(0, 0);

        assertThat(kinds(fold(raw))).containsExactly(Kind.AFTER_END, Kind.AFTER_END);
    }

    @Test
    void unknownTypesAreKeptAndCountedAndHoldTheirPlace() {
        Chain chain = new Chain("s1").opened();
        byte[] newer = new String(new Chain("s1").opened().allowed("select 1").records().get(1), StandardCharsets.UTF_8)
                .replace("statement.decided.v1", "statement.pondered.v1")
                .getBytes(StandardCharsets.UTF_8);
        Batch batch = fold(chain.add(newer).closed().raw(0, 0));

        assertThat(kinds(batch)).containsExactly(Kind.UNKNOWN_TYPE);
        assertThat(batch.events()).hasSize(3);
    }

    @Test
    void aRecordThatIsNoEventIsKeptUnderItsKey() {
        Chain chain = new Chain("s1");
        Batch batch = fold(List.of(chain.raw(0, 0, new byte[] {1, 2, 3}), chain.raw(0, 1, new byte[0])));

        assertThat(kinds(batch)).containsExactly(Kind.UNREADABLE, Kind.UNREADABLE);
        assertThat(batch.findings()).allSatisfy(finding -> assertThat(finding.sessionId()).isEqualTo("s1"));
        assertThat(batch.events()).hasSize(2);
    }

    @Test
    void aRecordThatIsNoEventIsKeptUnderTheHashOfALongKey() {
        byte[] key = "k".repeat(513).getBytes(StandardCharsets.UTF_8);
        Batch batch = fold(List.of(new RawRecord("sluice.sessions", 0, 0, Chain.START, key, new byte[] {1})));

        assertThat(batch.events().getFirst().sessionId()).isEqualTo(HashChain.hash(key));
        assertThat(batch.events().getFirst().record().raw().key()).isEqualTo(key);
    }

    @Test
    void anEventUnderAForeignKeyOrInAForeignTopicIsNamed() {
        Chain chain = new Chain("s1").opened();
        RawRecord own = chain.raw(0, 0).getFirst();
        var underOtherKey = new RawRecord(own.topic(), 0, 0, own.recordedAt(), "s2".getBytes(StandardCharsets.UTF_8), own.value());
        byte[] approval = chain.beside(new ApprovalWithdrawn("a1", "cancelled"), "s1", Chain.START);

        assertThat(kinds(fold(List.of(underOtherKey)))).containsExactly(Kind.FOREIGN_KEY);
        assertThat(kinds(fold(List.of(chain.raw(0, 1, approval))))).contains(Kind.FOREIGN_KEY, Kind.UNCHAINED);
    }

    @Test
    void textThatPostgreSqlCannotHoldIsReplacedInTheRowAlone() {
        Chain chain = new Chain("s1").opened().allowed("select 'a\0b'");
        ProjectedRow statement = fold(chain.raw(0, 0)).statements().iterator().next();

        assertThat(statement.get(StatementColumn.QUERY)).isEqualTo("select 'a\uFFFDb'");
        assertThat(StorableText.of("x\uD800y")).isEqualTo("x\uFFFDy");
        assertThat(StorableText.of("x\uD83D\uDE00y")).isEqualTo("x\uD83D\uDE00y");
    }
}

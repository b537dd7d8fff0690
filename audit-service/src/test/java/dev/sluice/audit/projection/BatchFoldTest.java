// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.projection;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.audit.projection.FindingRow.Kind;
import dev.sluice.audit.testing.Chain;
import dev.sluice.schemas.event.ApprovalEvent.ApprovalWithdrawn;
import dev.sluice.schemas.event.SessionEvent.SessionRefused;
import dev.sluice.schemas.kafka.Topics;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class BatchFoldTest {
    private final RecordReader reader = new RecordReader();

    private Batch fold(List<RawRecord> records) {
        return fold(records, Map.of());
    }

    private Batch fold(List<RawRecord> records, Map<String, SessionTrack> tracks) {
        var fold = new BatchFold(Topics.SESSIONS.name(), tracks);
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
        ObjectNode statement = batch.statements().iterator().next();
        assertThat(batch.statements()).hasSize(1);
        assertThat(statement.get("query").textValue()).isEqualTo("delete from orders");
        assertThat(statement.get("outcome").textValue()).isEqualTo("hold");
        assertThat(statement.get("approvers").get(0).textValue()).isEqualTo("ann");
        assertThat(statement.get("relations").toString()).isEqualTo("[\"orders\",\"public.orders\"]");
        assertThat(statement.get("row_count").longValue()).isEqualTo(3);
        assertThat(statement.get("principal").textValue()).isEqualTo("agent-7");
        assertThat(statement.get("ordinal").longValue()).isEqualTo(1);
        assertThat(statement.has("sqlstate")).isFalse();
    }

    @Test
    void aSessionsRowTellsWhoWhereAndHowFar() {
        Chain chain = new Chain("s1").opened().allowed("select 1").denied("drop table t").closed();
        ObjectNode session = fold(chain.raw(0, 0)).sessions().iterator().next();

        assertThat(session.get("principal").textValue()).isEqualTo("agent-7");
        assertThat(session.get("statements").longValue()).isEqualTo(2);
        assertThat(session.get("last_sequence").longValue()).isEqualTo(5);
        assertThat(session.get("last_digest").textValue()).isEqualTo(chain.lastDigest());
        assertThat(session.get("close_reason").textValue()).isEqualTo("client ended");
    }

    @Test
    void batchesOfAnySizeGiveTheSameColumns() {
        List<RawRecord> records = new Chain("s1").opened().allowed("select 1").released("delete from t", "ann").closed().raw(0, 0);
        ObjectNode whole = fold(records).sessions().iterator().next();
        for (int cut = 1; cut < records.size(); cut++) {
            fold(records.subList(0, cut));
            var head = new BatchFold(Topics.SESSIONS.name(), Map.of());
            records.subList(0, cut).forEach(record -> head.add(reader.read(record)));
            ObjectNode first = head.batch().sessions().iterator().next();
            SessionTrack track = new SessionTrack(
                    "s1",
                    first.get("last_sequence").longValue(),
                    first.get("last_digest").textValue(),
                    first.get("statements").longValue(),
                    first.has("closed_at"),
                    first.path("principal").textValue(),
                    first.path("target").textValue());
            Batch second = fold(records.subList(cut, records.size()), Map.of("s1", track));
            ObjectNode rest = second.sessions().iterator().next();
            assertThat(second.findings()).isEmpty();
            for (String moving : List.of("last_sequence", "last_digest", "statements", "last_at")) {
                assertThat(rest.get(moving)).as("cut at %d, %s", cut, moving).isEqualTo(whole.get(moving));
            }
        }
    }

    @Test
    void aRefusedCallersNameIsAClaim() {
        var chain = new Chain("s1").add(new SessionRefused("mallory", "shop", "127.0.0.1:1", "28000", "no token"));
        ObjectNode session = fold(chain.raw(0, 0)).sessions().iterator().next();

        assertThat(session.get("claimed_user").textValue()).isEqualTo("mallory");
        assertThat(session.has("principal")).isFalse();
    }

    @Test
    void gapsBrokenLinksAndRepetitionsAreNamed() {
        Chain chain = new Chain("s1").opened().allowed("select 1").allowed("select 2");
        List<RawRecord> raw = chain.raw(0, 0);
        byte[] edited = new String(raw.get(1).value(), StandardCharsets.UTF_8).replace("select 1", "select 9").getBytes(StandardCharsets.UTF_8);

        assertThat(kinds(fold(List.of(raw.get(0), raw.get(2), raw.get(3))))).containsExactly(Kind.GAP);
        assertThat(kinds(fold(List.of(raw.get(0), chain.raw(0, 1, edited), raw.get(2))))).containsExactly(Kind.BROKEN_LINK);
        assertThat(kinds(fold(List.of(raw.get(0), raw.get(1), raw.get(1), raw.get(2))))).containsExactly(Kind.DUPLICATE);
        assertThat(kinds(fold(List.of(raw.get(0), raw.get(1), raw.get(2), raw.get(0))))).containsExactly(Kind.OUT_OF_ORDER);
    }

    @Test
    void aDuplicateChangesNothing() {
        List<RawRecord> raw = new Chain("s1").opened().allowed("select 1").raw(0, 0);
        Batch once = fold(List.of(raw.get(0), raw.get(1)));
        Batch twice = fold(List.of(raw.get(0), raw.get(1), raw.get(1)));

        assertThat(twice.statements()).isEqualTo(once.statements());
        assertThat(twice.sessions()).isEqualTo(once.sessions());
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
        assertThat(batch.records()).hasSize(3);
    }

    @Test
    void aRecordThatIsNoEventIsKeptUnderItsKey() {
        Chain chain = new Chain("s1");
        Batch batch = fold(List.of(chain.raw(0, 0, new byte[] {1, 2, 3}), chain.raw(0, 1, new byte[0])));

        assertThat(kinds(batch)).containsExactly(Kind.UNREADABLE, Kind.UNREADABLE);
        assertThat(batch.findings()).allSatisfy(finding -> assertThat(finding.sessionId()).isEqualTo("s1"));
        assertThat(batch.records()).hasSize(2);
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
        ObjectNode statement = fold(chain.raw(0, 0)).statements().iterator().next();

        assertThat(statement.get("query").textValue()).isEqualTo("select 'a\uFFFDb'");
        assertThat(Columns.storable("x\uD800y")).isEqualTo("x\uFFFDy");
        assertThat(Columns.storable("x\uD83D\uDE00y")).isEqualTo("x\uD83D\uDE00y");
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.projection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.audit.testing.Chain;
import dev.sluice.schemas.Principal;
import dev.sluice.schemas.event.ApprovalEvent.ApprovalVoted;
import dev.sluice.schemas.event.ApprovalEvent.ApprovalWithdrawn;
import dev.sluice.schemas.event.ApprovalEvent.Vote;
import dev.sluice.schemas.event.DomainEvent;
import dev.sluice.schemas.event.StatementEvent.Outcome;
import dev.sluice.schemas.event.StatementEvent.StatementHeld;
import dev.sluice.schemas.event.StatementEvent.StatementReleased;
import dev.sluice.schemas.event.StatementEvent.StatementWithdrawn;
import dev.sluice.schemas.event.VerdictEvent.VerdictGranted;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class TimelineTest {
    private static final Principal ANN = new Principal("ann", "https://issuer.test", Principal.Method.OIDC, Set.of("dba-oncall"), null);

    private final RecordReader reader = new RecordReader();

    private List<ReadRecord> read(List<RawRecord> raw) {
        return raw.stream().map(reader::read).toList();
    }

    private ReadRecord beside(Chain chain, DomainEvent event, String approvalId, Instant time, long offset) {
        return reader.read(new RawRecord("sluice.approvals", 0, offset, time, null, chain.beside(event, approvalId, time)));
    }

    private static List<String> types(List<ReadRecord> records) {
        return records.stream().map(record -> String.valueOf(record.header().type()).replaceAll("dev\\.sluice\\.|\\.v1", "")).toList();
    }

    @Test
    void votesAndVerdictStandBetweenHoldAndReleaseWhateverTheirClockSays() {
        var chain = new Chain("s1").opened();
        StatementHeld held = chain.held(chain.decided("delete from t", Outcome.HOLD, List.of("write")), "delete from t");
        String verdict = Chain.verdict(held, "ann");
        chain.add(new StatementReleased(held.statementId(), held.approvalId(), verdict)).completed(held.statementId(), "DELETE 1", null, 1);
        Instant early = Chain.START.minusSeconds(500);
        Instant late = Chain.START.plusSeconds(500);
        ReadRecord vote = beside(chain, new ApprovalVoted(held.approvalId(), ANN, Vote.APPROVE, "fine", held.statementDigest()), held.approvalId(), early, 0);
        ReadRecord granted = beside(chain, new VerdictGranted(held.approvalId(), "s1", verdict), held.approvalId(), late, 1);

        assertThat(types(Timeline.merge(read(chain.raw(0, 0)), List.of(granted, vote))))
                .containsExactly(
                        "session.opened",
                        "statement.decided",
                        "statement.held",
                        "approval.voted",
                        "verdict.granted",
                        "statement.released",
                        "statement.completed");
    }

    @Test
    void aWithdrawalIsAnsweredAfterIt() {
        var chain = new Chain("s1").opened();
        StatementHeld held = chain.held(chain.decided("delete from t", Outcome.HOLD, List.of("write")), "delete from t");
        chain.add(new StatementWithdrawn(held.statementId(), held.approvalId(), "cancelled"));
        ReadRecord answer =
                beside(chain, new ApprovalWithdrawn(held.approvalId(), "cancelled"), held.approvalId(), Chain.START.plusSeconds(60), 0);

        assertThat(types(Timeline.merge(read(chain.raw(0, 0)), List.of(answer)))).endsWith("statement.withdrawn", "approval.withdrawn");
    }

    @Test
    void nothingIsLeftOut() {
        var chain = new Chain("s1").opened().allowed("select 1");
        ReadRecord stray = beside(chain, new ApprovalWithdrawn("unknown", "cancelled"), "unknown", Chain.START, 0);

        assertThat(Timeline.merge(read(chain.raw(0, 0)), List.of(stray))).hasSize(4).contains(stray);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval.http;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.sluice.approval.decider.ApprovalDecider;
import dev.sluice.approval.decider.ApprovalState;
import dev.sluice.approval.decider.ApprovalState.Asked;
import dev.sluice.approval.decider.Outcome;
import dev.sluice.approval.display.ShownParameter;
import dev.sluice.approval.display.VisibleText;
import dev.sluice.approval.http.ApprovalSummary.PersonView;
import dev.sluice.schemas.event.StatementEvent.Facts;
import dev.sluice.schemas.event.StatementEvent.StatementHeld;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Everything that somebody needs in order to answer. */
record ApprovalView(
        @JsonUnwrapped ApprovalSummary summary,
        String sessionId,
        String clientAddress,
        boolean inTransaction,
        String why,
        StatementView statement,
        List<VoteView> votes,
        @Nullable OutcomeView outcome,
        You you) {
    /**
     * The statement, whole.
     *
     * @param digest what a vote names as {@code shownDigest}
     * @param raw as the client sent it
     * @param visible the same with everything that the eye can miss or mistake escaped
     * @param bytes of query and parameters; above {@code limit} it can't be approved
     */
    record StatementView(
            String id,
            String digest,
            String raw,
            VisibleText visible,
            List<ShownParameter> parameters,
            Facts facts,
            long bytes,
            long limit,
            boolean approvable) {
        static StatementView of(StatementHeld held) {
            long bytes = ApprovalDecider.displayBytes(held);
            var parameters = IntStream.range(0, held.parameters().size())
                    .mapToObj(index -> ShownParameter.of(index + 1, held.parameters().get(index)))
                    .toList();
            return new StatementView(
                    held.statementId(),
                    held.statementDigest(),
                    held.query(),
                    VisibleText.of(held.query()),
                    parameters,
                    held.facts(),
                    bytes,
                    ApprovalDecider.DISPLAY_LIMIT,
                    bytes <= ApprovalDecider.DISPLAY_LIMIT);
        }
    }

    /** The voter's groups are those of the token that the vote was cast with. */
    record VoteView(PersonView voter, String vote, @Nullable String comment, Instant castAt) {}

    record OutcomeView(Status status, String explanation) {
        static OutcomeView of(Outcome outcome) {
            return new OutcomeView(Status.of(outcome), outcome.inWords());
        }
    }

    /** Whether the caller could vote now, and if not, why. */
    record You(boolean mayVote, @Nullable String objection) {}

    static ApprovalView of(Asked approval, Caller caller, Instant now) {
        var held = approval.held();
        var refusal = new ApprovalDecider().objectionTo(approval, caller.principal(), now);
        var votes = approval.votes().stream()
                .map(vote -> new VoteView(
                        PersonView.of(vote.voter()), vote.vote().name().toLowerCase(Locale.ROOT), vote.comment(), vote.castAt()))
                .toList();
        return new ApprovalView(
                ApprovalSummary.of(approval),
                held.sessionId(),
                held.clientAddress(),
                held.inTransaction(),
                why(held),
                StatementView.of(held),
                votes,
                approval instanceof ApprovalState.Closed closed ? OutcomeView.of(closed.outcome()) : null,
                new You(refusal == null, refusal == null ? null : Objections.problem(refusal).detail()));
    }

    private static String why(StatementHeld held) {
        var reason = held.reason();
        return "Rule '" + held.rule() + "' holds it" + (reason == null || reason.isBlank() ? "." : ": " + reason + ".")
                + (held.facts().bounded() ? "" : " No condition limits the rows that it touches.")
                + (held.facts().understood() ? "" : " Parts of it could not be understood.")
                + (held.inTransaction() ? " It is inside a transaction, whose locks are kept while it waits." : "");
    }
}

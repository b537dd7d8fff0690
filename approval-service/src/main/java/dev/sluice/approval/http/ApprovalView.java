// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval.http;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.sluice.approval.decider.ApprovalState;
import dev.sluice.approval.decider.ApprovalState.Asked;
import dev.sluice.approval.decider.Outcome;
import dev.sluice.approval.display.Misleading;
import dev.sluice.approval.display.PrettyText;
import dev.sluice.approval.display.ShownParameter;
import dev.sluice.approval.display.VisibleText;
import dev.sluice.approval.http.ApprovalSummary.PersonView;
import dev.sluice.schemas.event.ApprovalEvent.EarlierStatement;
import dev.sluice.schemas.event.ApprovalEvent.SessionSoFar;
import dev.sluice.schemas.event.DisplayLimit;
import dev.sluice.schemas.event.Impact;
import dev.sluice.schemas.event.StatementEvent.Facts;
import dev.sluice.schemas.event.StatementEvent.Hidden;
import dev.sluice.schemas.event.StatementEvent.Parameter;
import dev.sluice.schemas.event.StatementEvent.RelationAccess;
import dev.sluice.schemas.event.StatementEvent.StandsFor;
import dev.sluice.schemas.event.StatementEvent.StatementHeld;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Everything that somebody needs in order to answer. */
record ApprovalView(
        @JsonUnwrapped ApprovalSummary summary,
        String sessionId,
        String clientAddress,
        boolean inTransaction,
        String why,
        StatementView statement,
        @Nullable SessionView session,
        @Nullable ImpactView impact,
        @Nullable String impactNote,
        List<VoteView> votes,
        @Nullable OutcomeView outcome,
        You you) {
    /**
     * The statement, whole.
     *
     * @param digest what a vote names as {@code shownDigest}
     * @param raw as the client sent it, but for what {@code visible.notices} says is hidden
     * @param pretty the same on several lines, with the escapes of {@code visible}; absent where that would be no easier to read, or not certain
     * @param visible the same with everything that the eye can miss or mistake escaped
     * @param standsFor what the names in it stand for that it executes or fetches from; absent where its text says all that it runs
     * @param bytes of all texts and parameters; above {@code limit} it can't be approved
     */
    record StatementView(
            String id,
            String digest,
            String raw,
            @Nullable String pretty,
            VisibleText visible,
            List<ShownParameter> parameters,
            @Nullable List<MeaningView> standsFor,
            Facts facts,
            long bytes,
            long limit,
            boolean approvable) {
        static StatementView of(StatementHeld held) {
            long bytes = DisplayLimit.bytesOf(held);
            var meanings = held.standsFor();
            return new StatementView(
                    held.statementId(),
                    held.statementDigest(),
                    held.query(),
                    prettyOf(held.query()),
                    shown(held),
                    shown(held.parameters()),
                    meanings == null ? null : meanings.stream().map(MeaningView::of).toList(),
                    held.facts(),
                    bytes,
                    DisplayLimit.BYTES,
                    bytes <= DisplayLimit.BYTES);
        }
    }

    /**
     * What a name in the statement stands for: it is what runs.
     *
     * @param raw of PREPARE or DECLARE, or as the client prepared it
     * @param types of its parameters, as far as the client gave them
     * @param parameters that a portal was bound with
     */
    record MeaningView(String name, String raw, @Nullable String pretty, VisibleText visible, List<String> types, List<ShownParameter> parameters) {
        static MeaningView of(StandsFor meaning) {
            var types = meaning.parameterTypes().stream().map(type -> ShownParameter.of(1, new Parameter(type.intValue(), "text", null)).type()).toList();
            return new MeaningView(meaning.name(), meaning.query(), prettyOf(meaning.query()), VisibleText.of(meaning.query()), types, shown(meaning.parameters()));
        }
    }

    private static List<ShownParameter> shown(List<Parameter> parameters) {
        return IntStream.range(0, parameters.size()).mapToObj(index -> ShownParameter.of(index + 1, parameters.get(index))).toList();
    }

    private static VisibleText shown(StatementHeld held) {
        VisibleText visible = VisibleText.of(held.query());
        Hidden hidden = held.hidden();
        return hidden == null ? visible : visible.noting(hides(hidden.constants()));
    }

    private static String hides(int constants) {
        return (constants == 1 ? "One constant of it is hidden as '***'" : constants + " constants of it are hidden as '***'")
                + ", because of how it looks (a password, a connection string) or of the name before it: what stands there runs as it was sent, and you do not see it.";
    }

    /** What the session had done when the statement was held, as far as it is known. */
    record SessionView(boolean complete, long statements, long denied, long held, List<EarlierView> latest) {
        static SessionView of(SessionSoFar session) {
            return new SessionView(
                    session.complete(), session.statements(), session.denied(), session.held(), session.latest().stream().map(EarlierView::of).toList());
        }
    }

    /** {@code query} is cut where {@code whole} is false, and has the escapes of {@link VisibleText}. */
    record EarlierView(Instant decidedAt, String outcome, String rule, List<String> kinds, List<RelationAccess> relations, String query, boolean whole) {
        static EarlierView of(EarlierStatement earlier) {
            return new EarlierView(
                    earlier.decidedAt(),
                    earlier.outcome().name().toLowerCase(Locale.ROOT),
                    earlier.rule(),
                    earlier.kinds(),
                    earlier.relations(),
                    VisibleText.of(earlier.query()).text(),
                    earlier.whole());
        }
    }

    private static @Nullable String prettyOf(String query) {
        var pretty = PrettyText.of(query);
        return pretty == null ? null : VisibleText.of(pretty).text();
    }

    /** The voter's groups are those of the token that the vote was cast with; {@code counts} is false once that token has ended while the approval is open. */
    record VoteView(PersonView voter, String vote, @Nullable String comment, Instant castAt, @Nullable Instant standingUntil, boolean counts) {}

    record OutcomeView(Status status, String explanation) {
        static OutcomeView of(Outcome outcome) {
            return new OutcomeView(Status.of(outcome), outcome.inWords());
        }
    }

    /** Whether the caller could vote now, and if not, why. */
    record You(boolean mayVote, @Nullable String objection) {}

    static ApprovalView of(Asked approval, Caller caller, Instant now) {
        var held = approval.held();
        var refusal = caller.objection(approval, now);
        var votes = approval.votes().stream()
                .map(vote -> new VoteView(
                        PersonView.of(vote.voter()), vote.vote().name().toLowerCase(Locale.ROOT), vote.comment(), vote.castAt(), vote.standingUntil(),
                        approval instanceof ApprovalState.Closed || vote.standsAt(now)))
                .toList();
        boolean requestersSide = caller.isOnRequestersSide(approval);
        var impact = approval.impact();
        return new ApprovalView(
                ApprovalSummary.of(approval, now, shownBeside(approval, requestersSide ? null : impact)),
                held.sessionId(),
                held.clientAddress(),
                held.inTransaction(),
                why(held),
                StatementView.of(held),
                approval.session() == null ? null : SessionView.of(approval.session()),
                impact == null || requestersSide ? null : ImpactView.of(impact),
                noteOn(impact != null, requestersSide),
                votes,
                approval instanceof ApprovalState.Closed closed ? OutcomeView.of(closed.outcome()) : null,
                new You(refusal == null, refusal == null ? null : Objections.problem(refusal).detail()));
    }

    /** What others have chosen of it, but for the statements, their parameters and rows. */
    private static Stream<@Nullable String> shownBeside(Asked approval, @Nullable Impact impact) {
        var votes = approval.votes().stream().flatMap(vote -> Stream.concat(Stream.of(vote.comment()), Misleading.namesOf(vote.voter())));
        var meanings = approval.held().standsFor();
        var names = meanings == null ? Stream.<@Nullable String>empty() : meanings.stream().map(StandsFor::name);
        var session = approval.session() == null ? Stream.<@Nullable String>empty() : Misleading.namesOf(approval.session());
        var touched = impact == null ? Stream.<@Nullable String>empty() : Misleading.namesOf(impact);
        return Stream.of(votes, names, Stream.of(approval.held().clientAddress()), session, touched).flatMap(each -> each);
    }

    /** A requester that masks apply to could otherwise ask what they hide, one held statement after the other. */
    private static @Nullable String noteOn(boolean known, boolean requestersSide) {
        if (requestersSide) {
            return "What it would do is shown to its approvers only.";
        }
        return known ? null : "What it would do is not known, or not yet.";
    }

    private static String why(StatementHeld held) {
        var reason = held.reason();
        return "Rule '" + held.rule() + "' holds it" + (reason == null || reason.isBlank() ? "." : ": " + reason + ".")
                + touches(held.facts().relations())
                + (held.facts().bounded() ? "" : " No condition limits the rows that it touches.")
                + (held.facts().understood() ? "" : " Parts of it could not be understood.")
                + (held.inTransaction() ? " It is inside a transaction, whose locks are kept while it waits." : "");
    }

    /** {@code It deletes from public.orders, reads public.customers.} */
    private static String touches(List<RelationAccess> relations) {
        return relations.isEmpty()
                ? ""
                : relations.stream().map(ApprovalView::touch).distinct().collect(Collectors.joining(", ", " It ", "."));
    }

    private static String touch(RelationAccess relation) {
        var name = relation.schema() == null ? relation.name() : relation.schema() + "." + relation.name();
        return switch (relation.access()) {
            case "read" -> "reads " + name;
            case "insert" -> "inserts into " + name;
            case "update" -> "updates " + name;
            case "delete" -> "deletes from " + name;
            default -> relation.access() + ": " + name;
        };
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.hold;

import dev.sluice.schemas.Verdict;
import dev.sluice.schemas.event.StatementEvent;
import dev.sluice.schemas.event.StatementEvent.StatementHeld;
import dev.sluice.schemas.event.TicketEvent.TicketOpened;
import dev.sluice.schemas.event.VerdictEvent;
import dev.sluice.schemas.signature.Ending;
import dev.sluice.schemas.signature.GrantCheck;
import dev.sluice.schemas.signature.StatementDigest;
import dev.sluice.schemas.signature.VerdictResult;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One open ticket, and the verdicts that have come for it. Nothing in it is trusted but a verdict's signature: what it is for is put together anew
 * from the statement that is there now, with what only the ticket knows, and must have the digests that were signed.
 */
final class Ticket {
    /** Of each kind: proven ones that are void, and those that are not proven. Whoever can write to the verdict topic could send any number of these. */
    private static final int MOST_VERDICTS = 16;

    private record Kept(String eventId, VerdictEvent verdict) {}

    final TicketOpened opened;
    /** Sessions that wait for a verdict. */
    final List<Runnable> watchers = new ArrayList<>();
    private final List<Kept> proven = new ArrayList<>();
    private final List<Kept> unproven = new ArrayList<>();

    Ticket(TicketOpened opened) {
        this.opened = opened;
    }

    /** What is to be done with a ticket whose statement has come again. */
    sealed interface Use {
        /** Nothing yet. */
        record Wait(TicketAnswer.@Nullable Rejected rejected) implements Use {}

        /** Claim it, and then give the answer. */
        record Claim(TicketAnswer answer) implements Use {}
    }

    /**
     * {@code genuine} where the approval-service has signed it for this approval. What nobody has signed may be proven by keys that are still to come. The same
     * one again, under whichever event, takes no room.
     */
    void take(String eventId, VerdictEvent verdict, boolean genuine) {
        List<Kept> kept = genuine ? proven : unproven;
        // The ticket's own time tells of its expiry too.
        boolean knownAnyway = genuine && verdict instanceof VerdictEvent.VerdictExpired;
        if (!knownAnyway && kept.size() < MOST_VERDICTS && kept.stream().noneMatch(one -> one.verdict.equals(verdict))) {
            kept.add(new Kept(eventId, verdict));
        }
    }

    boolean hasVerdict() {
        return !proven.isEmpty();
    }

    /** What other keys could prove. */
    List<VerdictEvent> unproven() {
        return unproven.stream().map(Kept::verdict).toList();
    }

    /** Other keys have proven it. */
    void prove(VerdictEvent verdict) {
        unproven.stream().filter(kept -> kept.verdict.equals(verdict)).findFirst().ifPresent(kept -> {
            unproven.remove(kept);
            take(kept.eventId, kept.verdict, true);
        });
    }

    /** {@link EndedApprovals#mark} of each verdict that has come for it, with the verdict; proven ones first. */
    Map<String, VerdictEvent> verdicts() {
        var verdicts = new LinkedHashMap<String, VerdictEvent>();
        Stream.concat(proven.stream(), unproven.stream()).forEach(kept -> verdicts.put(EndedApprovals.mark(kept.eventId, kept.verdict), kept.verdict));
        return verdicts;
    }

    /** Whether the approval-service has signed it, for an approval and a session of these names; whether for this statement is not known yet. May block. */
    static boolean isGenuine(VerdictEvent verdict, HoldRegistry.Verifier verifier, Instant now) {
        return switch (verdict) {
            case VerdictEvent.VerdictGranted granted ->
                verifier.verify(granted.verdict(), now) instanceof VerdictResult.Valid(var signed) && signed.approvalId().equals(granted.approvalId());
            case VerdictEvent.VerdictRefused(var approval, var session, var reason, var ending) ->
                verifier.objection(new Ending(approval, session, null, reason), ending, now).isEmpty();
            case VerdictEvent.VerdictExpired(var approval, var session, var ending) ->
                verifier.objection(new Ending(approval, session, null, null), ending, now).isEmpty();
        };
    }

    /** A copy that no other thread changes. */
    Ticket asItIs() {
        var copy = new Ticket(opened);
        copy.proven.addAll(proven);
        copy.unproven.addAll(unproven);
        return copy;
    }

    /** May block while keys are fetched. */
    Use use(StatementHeld again, HoldRegistry.Verifier verifier, Instant now) {
        boolean over = !now.isBefore(opened.expiresAt());
        var rejected = new ArrayList<TicketAnswer.Rejected>();
        TicketAnswer.Ended end = null;
        TicketAnswer.Redeemed redeemed = null;
        for (Kept kept : over ? unproven : Stream.concat(proven.stream(), unproven.stream()).toList()) {
            Tried tried = tried(kept, again, verifier, now);
            if (tried.answer instanceof TicketAnswer.Redeemed grant) {
                redeemed = redeemed == null ? grant : redeemed;
            } else if (tried.answer instanceof TicketAnswer.Ended ending) {
                end = end == null ? ending : end;
            }
            if (tried.rejected != null) {
                rejected.add(tried.rejected);
            }
        }
        if (over) {
            String what = proven.isEmpty() ? "nobody approved it until " : "it was not sent again until ";
            end = new TicketAnswer.Ended(opened.approvalId(), what + opened.expiresAt(), List.of());
        }
        // The service gives one verdict. Were there two that are proven, the statement would not run.
        if (end != null) {
            if (redeemed != null) {
                rejected.add(new TicketAnswer.Rejected(redeemed.eventId(), redeemed.verdict(), "its ticket has ended otherwise: " + end.reason()));
            }
            return new Use.Claim(new TicketAnswer.Ended(end.approvalId(), end.reason(), rejected));
        }
        return redeemed == null
                ? new Use.Wait(rejected.isEmpty() ? null : rejected.getLast())
                : new Use.Claim(new TicketAnswer.Redeemed(redeemed.hold(), redeemed.eventId(), redeemed.verdict(), rejected, redeemed.standsUntil()));
    }

    private Tried tried(Kept kept, StatementHeld again, HoldRegistry.Verifier verifier, Instant now) {
        return switch (kept.verdict) {
            case VerdictEvent.VerdictGranted granted -> grant(kept.eventId, granted.verdict(), again, verifier, now);
            case VerdictEvent.VerdictRefused refused -> refusal(kept.eventId, refused, again, verifier, now);
            case VerdictEvent.VerdictExpired(var approval, var session, var ending) -> {
                String objection = verifier.objection(Ending.expired(held(again)), ending, now);
                yield new Tried(null, objection.isEmpty() ? null : new TicketAnswer.Rejected(kept.eventId, ending == null ? "" : ending, objection));
            }
        };
    }

    /** One of both, or neither. */
    private record Tried(@Nullable TicketAnswer answer, TicketAnswer.@Nullable Rejected rejected) {}

    private Tried grant(String eventId, String jws, StatementHeld again, HoldRegistry.Verifier verifier, Instant now) {
        return switch (verifier.verify(jws, now)) {
            case VerdictResult.Invalid(String reason) -> new Tried(null, new TicketAnswer.Rejected(eventId, jws, reason));
            case VerdictResult.Valid(Verdict verdict) -> {
                String lapse = GrantCheck.lapse(verdict.standsUntil(), now);
                String objection = lapse.isEmpty() ? objection(verdict, again) : lapse;
                var rejected = new TicketAnswer.Rejected(eventId, jws, objection);
                if (objection.isEmpty()) {
                    yield new Tried(new TicketAnswer.Redeemed(held(again), eventId, jws, List.of(), verdict.standsUntil()), null);
                }
                yield verdict.approvalId().equals(opened.approvalId())
                        ? new Tried(new TicketAnswer.Ended(opened.approvalId(), "its approval is void: " + objection, List.of()), rejected)
                        : new Tried(null, rejected);
            }
        };
    }

    private Tried refusal(String eventId, VerdictEvent.VerdictRefused refused, StatementHeld again, HoldRegistry.Verifier verifier, Instant now) {
        // What has been put before people is what is refused, whatever has changed since.
        String objection = verifier.objection(Ending.refused(held(again), refused.reason()), refused.ending(), now);
        return objection.isEmpty()
                ? new Tried(new TicketAnswer.Ended(opened.approvalId(), refused.reason(), List.of()), null)
                : new Tried(null, new TicketAnswer.Rejected(eventId, refused.ending() == null ? "" : refused.ending(), objection));
    }

    private String objection(Verdict verdict, StatementHeld again) {
        if (!Objects.equals(opened.policyVersion(), again.policyVersion())) {
            return "the policy has changed since it was asked for";
        }
        if (!Objects.equals(opened.catalogVersion(), again.catalogVersion())) {
            return "objects that it names have changed since it was asked for";
        }
        if (verdict.terms() == null) {
            return "it does not say on which terms it was given";
        }
        if (verdict.approvers().isEmpty() && !again.needsNoHuman()) {
            return "nobody has approved it, and it is not estimated to be small any more";
        }
        return GrantCheck.objection(verdict, held(again));
    }

    /** The hold that was put before people, if this is the statement that was. */
    private StatementHeld held(StatementHeld again) {
        var held = new StatementHeld(
                opened.statementId(),
                opened.approvalId(),
                opened.sessionId(),
                "",
                again.query(),
                again.parameters(),
                again.facts(),
                again.rule(),
                again.reason(),
                again.approverGroups(),
                again.quorum(),
                opened.expiresAt(),
                again.requester(),
                again.target(),
                again.database(),
                again.application(),
                again.clientAddress(),
                opened.inTransaction(),
                again.quorums(),
                again.autoApproveBelow(),
                opened.estimatedRows(),
                again.role(),
                again.searchPath(),
                StatementEvent.HoldMode.RETURN,
                opened.policyVersion(),
                opened.catalogVersion(),
                again.hidden(),
                again.standsFor());
        return held.under(StatementDigest.bound(held));
    }
}

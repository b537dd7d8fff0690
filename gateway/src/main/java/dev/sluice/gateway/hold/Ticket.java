// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.hold;

import dev.sluice.schemas.Verdict;
import dev.sluice.schemas.event.StatementEvent;
import dev.sluice.schemas.event.StatementEvent.StatementHeld;
import dev.sluice.schemas.event.TicketEvent.TicketOpened;
import dev.sluice.schemas.event.VerdictEvent;
import dev.sluice.schemas.signature.GrantCheck;
import dev.sluice.schemas.signature.StatementDigest;
import dev.sluice.schemas.signature.VerdictResult;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One open ticket, and the verdicts that have come for it. Nothing in it is trusted but a grant's signature: what the grant is for is put together anew
 * from the statement that is there now, with what only the ticket knows, and must have the digests that were signed.
 */
final class Ticket {
    /** Whoever can write to the verdict topic could send any number. */
    private static final int MOST_VERDICTS = 16;

    final TicketOpened opened;
    /** Sessions that wait for a verdict. */
    final List<Runnable> watchers = new ArrayList<>();
    private final List<VerdictEvent.VerdictGranted> grants = new ArrayList<>();
    private final List<String> grantEvents = new ArrayList<>();
    private @Nullable String refusal;

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

    void take(String eventId, VerdictEvent verdict) {
        switch (verdict) {
            case VerdictEvent.VerdictGranted granted -> {
                if (grants.size() < MOST_VERDICTS) {
                    grants.add(granted);
                    grantEvents.add(eventId);
                }
            }
            case VerdictEvent.VerdictRefused refused -> refusal = refused.reason();
            case VerdictEvent.VerdictExpired expired -> {
                // Its own time says so too.
            }
        }
    }

    boolean hasVerdict() {
        return refusal != null || !grants.isEmpty();
    }

    /** A copy that no other thread changes. */
    Ticket asItIs() {
        var copy = new Ticket(opened);
        copy.grants.addAll(grants);
        copy.grantEvents.addAll(grantEvents);
        copy.refusal = refusal;
        return copy;
    }

    /** May block while keys are fetched. */
    Use use(StatementHeld again, HoldRegistry.Verifier verifier, Instant now) {
        if (!now.isBefore(opened.expiresAt())) {
            String what = grants.isEmpty() ? "nobody approved it until " : "it was not sent again until ";
            return new Use.Claim(new TicketAnswer.Ended(opened.approvalId(), what + opened.expiresAt(), null));
        }
        TicketAnswer.Rejected rejected = null;
        for (int i = 0; i < grants.size(); i++) {
            String jws = grants.get(i).verdict();
            switch (verifier.verify(jws, now)) {
                case VerdictResult.Invalid(String reason) -> rejected = new TicketAnswer.Rejected(grantEvents.get(i), jws, reason);
                case VerdictResult.Valid(Verdict verdict) -> {
                    String objection = objection(verdict, again);
                    if (objection.isEmpty()) {
                        return new Use.Claim(new TicketAnswer.Redeemed(held(again), jws));
                    }
                    rejected = new TicketAnswer.Rejected(grantEvents.get(i), jws, objection);
                    if (verdict.approvalId().equals(opened.approvalId())) {
                        return new Use.Claim(new TicketAnswer.Ended(opened.approvalId(), "its approval is void: " + objection, rejected));
                    }
                }
            }
        }
        return refusal == null ? new Use.Wait(rejected) : new Use.Claim(new TicketAnswer.Ended(opened.approvalId(), refusal, rejected));
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

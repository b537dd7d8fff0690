// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.verify;

import dev.sluice.audit.verify.Finding.Kind;
import dev.sluice.schemas.Principal;
import dev.sluice.schemas.Verdict;
import dev.sluice.schemas.chain.ChainReport;
import dev.sluice.schemas.event.StatementEvent;
import dev.sluice.schemas.event.StatementEvent.Outcome;
import dev.sluice.schemas.event.StatementEvent.Parameter;
import dev.sluice.schemas.event.StatementEvent.Protocol;
import dev.sluice.schemas.event.StatementEvent.StatementCompleted;
import dev.sluice.schemas.event.StatementEvent.StatementDecided;
import dev.sluice.schemas.event.StatementEvent.StatementHeld;
import dev.sluice.schemas.event.StatementEvent.StatementReleased;
import dev.sluice.schemas.signature.GrantCheck;
import dev.sluice.schemas.signature.StatementDigest;
import dev.sluice.schemas.signature.VerdictResult;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Whether each statement of a session did what its decision allowed: held ones have one end, released ones a genuine grant. */
final class HoldProof {
    /** What the ids of approvals begin with whose clients come again. */
    private static final String TICKET = "ticket-";
    /** A gateway looks at the time first and then writes: the record of a grant that was just good enough may be that much younger. */
    private static final Duration BETWEEN_LOOK_AND_RECORD = Duration.ofSeconds(5);

    private final String sessionId;
    private final PublicKeys keys;
    private final boolean demandApproval;
    /** Approvals that have let a statement run that was sent again, in whichever session. */
    private final Set<String> redeemed;
    /** Approvals that have let a statement of this session run, and which. */
    private final Map<String, String> letGo = new HashMap<>();
    private final List<Finding> findings;
    private final Map<String, Course> courses = new HashMap<>();
    private final Set<String> openHolds = new HashSet<>();
    private @Nullable Principal caller;
    private long statements;
    private long held;
    private long released;
    private long refused;
    private long withdrawn;
    private long destructive;
    private long unapproved;

    /** How far one statement has come. Forgotten when it completes. */
    private static final class Course {
        @Nullable StatementDecided decided;
        @Nullable StatementHeld held;
        boolean released;
        /** Whether its release took somebody, rather than an estimate that was small enough. */
        boolean asked;
        boolean ended;
    }

    HoldProof(String sessionId, PublicKeys keys, boolean demandApproval, Set<String> redeemed, List<Finding> findings) {
        this.sessionId = sessionId;
        this.keys = keys;
        this.demandApproval = demandApproval;
        this.redeemed = redeemed;
        this.findings = findings;
    }

    /** Whose session it is. */
    void opened(Principal principal) {
        caller = principal;
    }

    void accept(StatementEvent event, Instant time, long sequence, long line) {
        Course course = courses.computeIfAbsent(event.statementId(), _ -> new Course());
        switch (event) {
            case StatementDecided decided -> {
                statements++;
                if (course.decided != null) {
                    find(Kind.DECIDED_AGAIN, sequence, line, "statement " + event.statementId() + " was already decided");
                }
                course.decided = decided;
            }
            // Whether the parts are whole is PartsProof's to say.
            case StatementEvent.StatementParted _ -> {}
            case StatementHeld hold -> {
                held++;
                if (course.held != null || course.decided == null || course.decided.outcome() != Outcome.HOLD) {
                    find(Kind.UNEXPECTED_HOLD, sequence, line, "statement " + event.statementId() + " is held without such a decision, or again");
                }
                course.held = hold;
                course.ended = false;
                // One whose client comes again ends elsewhere, by a release or by its approval's expiry.
                if (!hold.returns()) {
                    openHolds.add(event.statementId());
                }
            }
            case StatementReleased release -> {
                released++;
                StatementHeld hold = release.ticket();
                if (hold == null) {
                    hold = course.held;
                    end(course, release.statementId(), release.approvalId(), sequence, line);
                } else {
                    redeem(course, hold, release, sequence, line);
                }
                course.released = true;
                letGo.put(release.approvalId(), release.statementId());
                course.asked = hold != null && !hold.needsNoHuman();
                grant(hold, release, time, sequence, line);
            }
            case StatementEvent.GrantRejected rejection -> {
                if (!mayBeRejected(course, rejection)) {
                    find(Kind.END_WITHOUT_HOLD, sequence, line, "statement " + rejection.statementId() + " was not held when a grant for it was rejected");
                }
                if (course.decided == null && course.held == null) {
                    courses.remove(event.statementId());
                }
            }
            case StatementEvent.StatementRefused refusal -> {
                refused++;
                end(course, refusal.statementId(), refusal.approvalId(), sequence, line);
            }
            case StatementEvent.StatementWithdrawn withdrawal -> {
                withdrawn++;
                end(course, withdrawal.statementId(), withdrawal.approvalId(), sequence, line);
            }
            case StatementCompleted completed -> {
                completed(course, completed, sequence, line);
                if (course.held == null || course.ended) {
                    courses.remove(event.statementId());
                }
            }
        }
    }

    void closed(long sequence, long line) {
        openHolds.stream().sorted().forEach(statementId ->
                find(Kind.HOLD_WITHOUT_END, sequence, line, "statement " + statementId + " was held and neither released, refused nor withdrawn"));
        openHolds.clear();
    }

    /** What lets nothing go may come at any time: for a hold that is open, has ended, or has let its statement run, and for a ticket that has come again. */
    private boolean mayBeRejected(Course course, StatementEvent.GrantRejected rejection) {
        boolean ownHold = course.held != null && course.held.approvalId().equals(rejection.approvalId());
        boolean cameAgain = course.decided != null && course.decided.outcome() != Outcome.ALLOW && rejection.approvalId().startsWith(TICKET);
        return ownHold || cameAgain || rejection.statementId().equals(letGo.get(rejection.approvalId()));
    }

    private void end(Course course, String statementId, String approvalId, long sequence, long line) {
        if (course.held == null || course.ended) {
            find(Kind.END_WITHOUT_HOLD, sequence, line, "statement " + statementId + " was not held when its hold ended");
        } else if (!course.held.approvalId().equals(approvalId)) {
            find(Kind.END_WITHOUT_HOLD, sequence, line, "statement " + statementId + " was held under another approval");
        }
        course.ended = true;
        openHolds.remove(statementId);
    }

    /** A statement that was held before has come again: it must be the same one, of the same caller, and for the first time. */
    private void redeem(Course course, StatementHeld ticket, StatementReleased release, long sequence, long line) {
        StatementDecided decided = course.decided;
        if (decided == null || decided.outcome() != Outcome.HOLD || !ticket.returns() || !ticket.approvalId().equals(release.approvalId())) {
            find(Kind.END_WITHOUT_HOLD, sequence, line, "statement " + release.statementId() + " was released without having to be held");
        } else if (!decided.queryDigest().equals(StatementDigest.ofText(ticket.query())) || !sameParameters(decided.parameters(), ticket.parameters())
                || !Objects.equals(decided.hidden(), ticket.hidden())
                || !Objects.equals(decided.standsFor(), ticket.standsFor())) {
            find(Kind.BAD_GRANT, sequence, line, "statement " + release.statementId() + ": the grant is for another text or other parameters");
        } else if (!sameCaller(ticket.requester())) {
            find(Kind.BAD_GRANT, sequence, line, "statement " + release.statementId() + ": the grant is for another caller");
        }
        if (!redeemed.add(release.approvalId())) {
            find(Kind.GRANT_USED_AGAIN, sequence, line, "statement " + release.statementId() + ": approval " + release.approvalId() + " was used before");
        }
        course.ended = true;
    }

    /** Of a long one the decision has the digest alone. */
    private static boolean sameParameters(List<Parameter> decided, List<Parameter> held) {
        if (decided.size() != held.size()) {
            return false;
        }
        for (int i = 0; i < held.size(); i++) {
            Parameter one = decided.get(i);
            Parameter other = held.get(i);
            boolean same = one.parts() == null
                    ? one.equals(other)
                    : other.value() != null && one.type() == other.type() && one.format().equals(other.format())
                            && one.parts().digest().equals(StatementDigest.ofText(other.value()));
            if (!same) {
                return false;
            }
        }
        return true;
    }

    /** Its groups may be others by now. */
    private boolean sameCaller(Principal requester) {
        Principal own = caller;
        return own != null
                && own.subject().equals(requester.subject())
                && Objects.equals(own.issuer(), requester.issuer())
                && Objects.equals(own.onBehalfOf(), requester.onBehalfOf());
    }

    private void grant(@Nullable StatementHeld hold, StatementReleased release, Instant time, long sequence, long line) {
        if (keys.approval() == null) {
            find(Kind.UNCHECKED_SIGNATURE, sequence, line, "no key of the approval-service was given to check the grant with");
            return;
        }
        String trouble = switch (keys.approval().verify(release.verdict(), time)) {
            case VerdictResult.Invalid(var reason) -> reason;
            case VerdictResult.Valid(var verdict) -> mismatch(verdict, hold, time);
        };
        if (trouble != null) {
            find(Kind.BAD_GRANT, sequence, line, "statement " + release.statementId() + ": " + trouble);
        }
    }

    /** What the gateway should have objected to. A release of what was not held has its own finding. */
    private @Nullable String mismatch(Verdict verdict, @Nullable StatementHeld hold, Instant released) {
        if (!verdict.sessionId().equals(hold != null && hold.returns() ? hold.sessionId() : sessionId)) {
            return "the grant is for another session";
        }
        // Holds from before they said their role and search_path cannot be put together again.
        if (hold != null && hold.role() != null && hold.searchPath() != null && !hold.statementDigest().equals(StatementDigest.bound(hold))) {
            return "the digest that was approved is not that of the text that approvers were shown";
        }
        String objection = hold == null ? "" : GrantCheck.objection(verdict, hold);
        if (!objection.isEmpty()) {
            return "the grant does not hold: " + objection;
        }
        String lapse = GrantCheck.lapse(verdict.standsUntil(), released.minus(BETWEEN_LOOK_AND_RECORD));
        return lapse.isEmpty() ? null : "the statement was released too late: " + lapse;
    }

    private void completed(Course course, StatementCompleted completed, long sequence, long line) {
        StatementDecided decided = course.decided;
        if (decided == null) {
            find(Kind.COMPLETED_UNDECIDED, sequence, line, "statement " + completed.statementId() + " was never decided");
            return;
        }
        Execution execution = Execution.of(completed);
        if (execution != Execution.FAILED && destroys(decided)) {
            destructive++;
            if (!course.asked) {
                unapproved++;
                if (demandApproval) {
                    find(execution == Execution.DONE ? Kind.DESTRUCTIVE_UNAPPROVED : Kind.END_UNKNOWN, sequence, line, "statement " + completed.statementId()
                            + (execution == Execution.DONE ? " has run" : " may have run: its connection ended before the answer,") + " and nobody was asked");
                }
            }
        }
        boolean ran = execution == Execution.DONE && decided.enforced();
        // Parse alone touches nothing; what is held or denied of it is judged again when it is to be executed.
        if (ran && decided.outcome() == Outcome.HOLD && decided.protocol() != Protocol.PARSE && !course.released) {
            find(Kind.RAN_WITHOUT_GRANT, sequence, line, "statement " + completed.statementId() + " had to be held and has completed without a release");
        }
        if (ran && decided.outcome() == Outcome.DENY) {
            find(Kind.RAN_THOUGH_DENIED, sequence, line, "statement " + completed.statementId() + " was denied and has completed without an error");
        }
    }

    /** Whether executing it changes the schema, or changes or removes rows without a condition that restricts it. */
    private static boolean destroys(StatementDecided decided) {
        List<String> effects = decided.facts().effects();
        return decided.protocol() != Protocol.PARSE && (effects.contains("schema") || (effects.contains("write") && !decided.facts().bounded()));
    }

    /** Whether it was let through, or is as if it had been, and would change or remove without bound. Its end is not on record while its course is kept. */
    private static boolean mayDestroy(Course course) {
        StatementDecided decided = course.decided;
        return decided != null && (decided.outcome() == Outcome.ALLOW || course.released || !decided.enforced()) && destroys(decided);
    }

    private void find(Kind kind, long sequence, long line, String message) {
        findings.add(new Finding(kind, sessionId, sequence, line, message));
    }

    SessionReport report(ChainReport chain, List<Finding> found) {
        List<Finding> all = new ArrayList<>(found);
        long unfinished = 0;
        long unasked = 0;
        for (Map.Entry<String, Course> each : courses.entrySet()) {
            if (mayDestroy(each.getValue())) {
                unfinished++;
                if (!each.getValue().asked) {
                    unasked++;
                    if (demandApproval) {
                        all.add(new Finding(
                                Kind.END_UNKNOWN, sessionId, -1, 0, "statement " + each.getKey() + " was let through and may have run: its end is not on record, and nobody was asked"));
                    }
                }
            }
        }
        return new SessionReport(
                sessionId,
                chain.records(),
                chain.lastSequence(),
                chain.lastHash(),
                chain.closed(),
                chain.sealedThrough(),
                statements,
                held,
                released,
                refused,
                withdrawn,
                destructive + unfinished,
                unapproved + unasked,
                all);
    }
}

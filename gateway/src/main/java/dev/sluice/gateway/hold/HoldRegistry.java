// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.hold;

import dev.sluice.gateway.wire.SqlState;
import dev.sluice.schemas.Principal;
import dev.sluice.schemas.Verdict;
import dev.sluice.schemas.event.DisplayLimit;
import dev.sluice.schemas.event.StatementEvent.StatementHeld;
import dev.sluice.schemas.event.VerdictEvent;
import dev.sluice.schemas.signature.Ending;
import dev.sluice.schemas.signature.GrantCheck;
import dev.sluice.schemas.signature.VerdictResult;
import dev.sluice.schemas.signature.VerdictVerifier;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Matches verdicts to holds. A grant counts only if its signature verifies and it names this approval, this session, this statement and the
 * digest of what is held; the first verdict that arrives ends the hold, so a grant is used once.
 */
public final class HoldRegistry {
    /** Verifies what the approval-service has signed. May block. */
    public interface Verifier {
        /** A grant, at a moment. */
        VerdictResult verify(String verdict, Instant now);

        /** Why a signature does not prove this ending, as the end of a sentence; empty if it does. */
        String objection(Ending ending, @Nullable String signature, Instant now);

        /** With keys that are known and stay the same. */
        static Verifier of(VerdictVerifier keys) {
            return new Verifier() {
                @Override
                public VerdictResult verify(String verdict, Instant now) {
                    return keys.verify(verdict, now);
                }

                @Override
                public String objection(Ending ending, @Nullable String signature, Instant now) {
                    return keys.objection(ending, signature);
                }
            };
        }
    }

    private static final Logger LOGGER = LoggerFactory.getLogger(HoldRegistry.class);

    /** Of statements and their parameters that wait. Each is within {@link DisplayLimit}, and there may be {@code maxConcurrent} of them. */
    static final long MOST_BYTES = 64L << 20;

    private record Open(StatementHeld hold, HoldOwner owner, long bytes) {}

    private final ConcurrentMap<String, Open> open = new ConcurrentHashMap<>();
    private final EndedApprovals ended;
    private final AtomicLong bytes = new AtomicLong();
    private final int maxConcurrent;
    private final Verifier verifier;
    private volatile Consumer<StatementHeld> watcher = hold -> {};
    private volatile Runnable beforeGrant = () -> {};

    public HoldRegistry(int maxConcurrent, Verifier verifier) {
        this.maxConcurrent = maxConcurrent;
        this.verifier = verifier;
        this.ended = new EndedApprovals(verifier);
    }

    /**
     * Whether one more may be opened. May overshoot by the number of event loops that ask at the same instant; the bound is for memory, not for
     * safety.
     */
    public boolean hasRoom() {
        return open.size() < maxConcurrent && bytes.get() < MOST_BYTES;
    }

    public void open(StatementHeld hold, HoldOwner owner) {
        var opened = new Open(hold, owner, DisplayLimit.bytesOf(hold));
        bytes.addAndGet(opened.bytes);
        forgotten(open.put(hold.approvalId(), opened));
        watcher.accept(hold);
    }

    public boolean isOpen(String approvalId) {
        return open.containsKey(approvalId);
    }

    /** Whom to tell of every hold that is opened, on the thread that opens it. */
    public void watch(Consumer<StatementHeld> listener) {
        watcher = listener;
    }

    /** What is done before a session hears of a grant, on the thread of the verdicts; may block. What sessions are told by it comes to them first. */
    public void beforeGrants(Runnable task) {
        beforeGrant = task;
    }

    /** Its session has taken it back, or has let its time run out. */
    public void close(String approvalId) {
        Open closed = open.get(approvalId);
        if (closed != null) {
            // First, so that no verdict finds neither of both.
            ended.addIfUnknown(approvalId, closed.owner, "its statement waited for it no longer");
            take(approvalId, closed);
        }
    }

    private void forgotten(@Nullable Open gone) {
        if (gone != null) {
            bytes.addAndGet(-gone.bytes);
        }
    }

    /** Whether it was there; false where another thread was first. */
    private boolean take(String approvalId, Open decided) {
        boolean taken = open.remove(approvalId, decided);
        if (taken) {
            forgotten(decided);
        }
        return taken;
    }

    /** What this caller waits for on this target, in sessions of this gateway. */
    public List<WaitingStatement> of(Principal requester, String target) {
        return open.values().stream()
                .map(Open::hold)
                .filter(hold -> hold.target().equals(target) && hold.requester().equals(requester))
                .map(hold -> new WaitingStatement(hold.approvalId(), hold.query(), hold.expiresAt(), "waiting"))
                .toList();
    }

    public int size() {
        return open.size();
    }

    /** Verdicts since the start that counted for nothing and that no session could record: theirs had ended, or was another gateway's. */
    public long unrecorded() {
        return ended.unrecorded();
    }

    /**
     * A verdict from the log. Those for other gateways' holds are nobody's here. What does not verify ends nothing: whoever can write to the topic must
     * not be able to refuse in the name of the approvers, and the true grant may still come. Its owner hears of it, and of what comes for a hold that has ended.
     *
     * @param eventId of the event that brought the verdict
     */
    public void decide(String eventId, VerdictEvent event, Instant now) {
        Open decided = open.get(event.approvalId());
        if (decided == null) {
            if (!event.approvalId().startsWith(TicketOffice.PREFIX)) {
                ended.late(eventId, event, now);
            }
            return;
        }
        switch (event) {
            case VerdictEvent.VerdictGranted granted -> {
                VerdictResult result = verifier.verify(granted.verdict(), now);
                String objection = objection(result, decided.hold);
                if (!objection.isEmpty()) {
                    LOGGER.atWarn().addKeyValue("approvalId", event.approvalId()).addKeyValue("objection", objection).log("a grant was not accepted");
                    decided.owner.rejected(event.approvalId(), eventId, granted.verdict(), objection);
                } else if (take(event.approvalId(), decided)) {
                    ended.add(event.approvalId(), decided.owner, Set.of(EndedApprovals.mark(eventId, event)), "another one was used before");
                    beforeGrant.run();
                    decided.owner.granted(event.approvalId(), eventId, granted.verdict(), result instanceof VerdictResult.Valid(Verdict verdict) ? verdict.standsUntil() : null);
                }
            }
            case VerdictEvent.VerdictRefused(var id, var session, var reason, var signature) ->
                end(eventId, event, decided, Ending.refused(decided.hold, reason), signature, reason, now);
            case VerdictEvent.VerdictExpired(var id, var session, var signature) ->
                end(eventId, event, decided, Ending.expired(decided.hold), signature, "nobody approved it in time", now);
        }
    }

    private void end(String eventId, VerdictEvent event, Open decided, Ending ending, @Nullable String signature, String reason, Instant now) {
        String approvalId = decided.hold.approvalId();
        String objection = verifier.objection(ending, signature, now);
        if (!objection.isEmpty()) {
            LOGGER.atWarn().addKeyValue("approvalId", approvalId).addKeyValue("objection", objection).log("a refusal was not accepted");
            decided.owner.rejected(approvalId, eventId, signature == null ? "" : signature, objection);
        } else if (take(approvalId, decided)) {
            ended.add(approvalId, decided.owner, Set.of(EndedApprovals.mark(eventId, event)), "it had been refused before");
            decided.owner.refused(approvalId, SqlState.INSUFFICIENT_PRIVILEGE, reason);
        }
    }

    private static String objection(VerdictResult result, StatementHeld hold) {
        return switch (result) {
            case VerdictResult.Invalid(String reason) -> reason;
            case VerdictResult.Valid(Verdict verdict) -> GrantCheck.objection(verdict, hold);
        };
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.hold;

import dev.sluice.schemas.event.VerdictEvent;
import dev.sluice.schemas.signature.Ending;
import dev.sluice.schemas.signature.StatementDigest;
import dev.sluice.schemas.signature.VerdictResult;
import java.lang.ref.WeakReference;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Approvals that have ended, so that a verdict that comes for one of them later is told to the session that the approval was for, and to the operator where
 * that session can record nothing any more. Bounded; thread-safe.
 */
final class EndedApprovals {
    private static final Logger LOGGER = LoggerFactory.getLogger(EndedApprovals.class);

    /** Of this gateway's sessions, and as many of others. */
    private static final int MOST = 10_000;

    /**
     * @param known verdicts that the session has taken into account, each as it came
     * @param objection to a genuine grant that comes now, as the end of a sentence
     */
    private record Ended(Set<String> known, WeakReference<HoldOwner> owner, String objection) {}

    private final HoldRegistry.Verifier verifier;
    private final Map<String, Ended> own = new Bounded<>();
    /** The first verdict for approvals of which nothing else is known: other gateways', or from before the start of this one. */
    private final Map<String, String> others = new Bounded<>();
    private long unrecorded;

    private static final class Bounded<V> extends LinkedHashMap<String, V> {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
            return size() > MOST;
        }
    }

    EndedApprovals(HoldRegistry.Verifier verifier) {
        this.verifier = verifier;
    }

    /** By what one verdict is known again: the same event may come twice. */
    static String mark(String eventId, VerdictEvent verdict) {
        return eventId + " " + StatementDigest.ofText(verdict.toString());
    }

    /** @param known {@link #mark} of each verdict that the owner has been told of */
    synchronized void add(String approvalId, HoldOwner owner, Set<String> known, String objection) {
        own.put(approvalId, new Ended(Set.copyOf(known), new WeakReference<>(owner), objection));
    }

    /** As {@link #add}, without any verdict, unless one has ended it meanwhile. */
    synchronized void addIfUnknown(String approvalId, HoldOwner owner, String objection) {
        own.putIfAbsent(approvalId, new Ended(Set.of(), new WeakReference<>(owner), objection));
    }

    /** A verdict for an approval that is not open here. May block while keys are fetched. */
    void late(String eventId, VerdictEvent verdict, Instant now) {
        String mark = mark(eventId, verdict);
        Ended ended;
        String first;
        synchronized (this) {
            ended = own.get(verdict.approvalId());
            first = ended == null ? others.putIfAbsent(verdict.approvalId(), mark) : null;
        }
        if (ended == null) {
            if (first != null && !first.equals(mark)) {
                unrecorded(eventId, verdict, "another verdict came before, and no session of this gateway has asked for it");
            }
        } else if (!ended.known.contains(mark)) {
            boolean sameEvent = ended.known.stream().anyMatch(known -> known.startsWith(eventId + " "));
            String objection = objection(verdict, ended, sameEvent, now);
            if (!objection.isEmpty()) {
                told(eventId, verdict, ended, objection);
            }
        }
    }

    /** What had come for an approval when it was used up: news for its owner where the owner's answer was found before, and else known from now on. */
    void catchUp(String approvalId, Map<String, VerdictEvent> verdicts, Instant now) {
        boolean isOwn;
        synchronized (this) {
            isOwn = own.containsKey(approvalId);
            if (!isOwn && !verdicts.isEmpty()) {
                others.putIfAbsent(approvalId, verdicts.keySet().iterator().next());
            }
        }
        if (isOwn) {
            verdicts.forEach((mark, verdict) -> late(mark.substring(0, mark.lastIndexOf(' ')), verdict, now));
        }
    }

    private void told(String eventId, VerdictEvent verdict, Ended ended, String objection) {
        HoldOwner owner = ended.owner.get();
        if (owner != null && owner.rejected(verdict.approvalId(), eventId, signed(verdict), objection)) {
            LOGGER.atWarn().addKeyValue("approvalId", verdict.approvalId()).addKeyValue("eventId", eventId).addKeyValue("objection", objection)
                    .log("a verdict came for an approval that had ended");
        } else {
            unrecorded(eventId, verdict, objection);
        }
    }

    private void unrecorded(String eventId, VerdictEvent verdict, String objection) {
        synchronized (this) {
            unrecorded++;
        }
        LOGGER.atWarn().addKeyValue("approvalId", verdict.approvalId()).addKeyValue("sessionId", verdict.sessionId()).addKeyValue("eventId", eventId)
                .addKeyValue("objection", objection).log("a verdict came for an approval that had ended, and there is no session to record it in");
    }

    /** Empty where it does no more than say again what has been said, or what the gateway has found out by itself. */
    private String objection(VerdictEvent verdict, Ended ended, boolean sameEvent, Instant now) {
        return switch (verdict) {
            case VerdictEvent.VerdictGranted(var approvalId, var sessionId, var jws) -> switch (verifier.verify(jws, now)) {
                case VerdictResult.Invalid(String reason) -> reason;
                case VerdictResult.Valid(var signed) when !signed.approvalId().equals(approvalId) -> "it is for another approval";
                // The service may send its event again, signed with another key.
                case VerdictResult.Valid _ -> sameEvent ? "" : ended.objection;
            };
            case VerdictEvent.VerdictRefused(var approvalId, var sessionId, var reason, var ending) ->
                verifier.objection(new Ending(approvalId, sessionId, null, reason), ending, now);
            case VerdictEvent.VerdictExpired(var approvalId, var sessionId, var ending) ->
                verifier.objection(new Ending(approvalId, sessionId, null, null), ending, now);
        };
    }

    /** What the verdict consists of. */
    static String signed(VerdictEvent verdict) {
        @Nullable String signed = switch (verdict) {
            case VerdictEvent.VerdictGranted granted -> granted.verdict();
            case VerdictEvent.VerdictRefused refused -> refused.ending();
            case VerdictEvent.VerdictExpired expired -> expired.ending();
        };
        return signed == null ? "" : signed;
    }

    /** Verdicts since the start for which there was no session to record them in. */
    synchronized long unrecorded() {
        return unrecorded;
    }
}

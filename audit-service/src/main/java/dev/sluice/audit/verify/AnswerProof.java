// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.verify;

import dev.sluice.audit.verify.Finding.Kind;
import dev.sluice.schemas.chain.SignedRecord;
import dev.sluice.schemas.event.ApprovalEvent.ApprovalRequested;
import dev.sluice.schemas.event.StatementEvent.StatementHeld;
import dev.sluice.schemas.event.VerdictEvent;
import dev.sluice.schemas.event.VerdictEvent.VerdictExpired;
import dev.sluice.schemas.event.VerdictEvent.VerdictGranted;
import dev.sluice.schemas.event.VerdictEvent.VerdictRefused;
import dev.sluice.schemas.signature.Ending;
import dev.sluice.schemas.signature.TermsDigest;
import dev.sluice.schemas.signature.TrustedKeys;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Whether people were asked about the statement that was held, on the hold's terms, and whether what ended the hold without a grant was signed for it. A
 * grant is in the session's own chain, and {@link HoldProof}'s to prove. What is compared may come in any order, and in part only: what is not there is
 * not compared.
 */
final class AnswerProof {
    private static final int NOWHERE = -1;

    /** What tells a hold from every other. */
    private record Asked(String sessionId, String statementDigest, String terms) {
        static Asked of(StatementHeld held) {
            return new Asked(held.sessionId(), held.statementDigest(), TermsDigest.of(held));
        }
    }

    private record Request(Asked asked, long line) {}

    /** {@code reason} and {@code ending} as in the event. */
    private record End(String approvalId, String sessionId, @Nullable String reason, @Nullable String ending, long line) {}

    private final @Nullable TrustedKeys keys;
    private final Map<String, Asked> holds = new HashMap<>();
    private final Map<String, Request> requests = new LinkedHashMap<>();
    private final List<End> ends = new ArrayList<>();

    /** {@code keys} null leaves signatures unchecked, which is a finding. */
    AnswerProof(@Nullable TrustedKeys keys) {
        this.keys = keys;
    }

    /** A hold as the gateway has recorded it, in its session or with the release of a statement that came again. */
    void held(StatementHeld held) {
        holds.putIfAbsent(held.approvalId(), Asked.of(held));
    }

    /** The first one of an approval is the one that counts. One that the service has not signed opens nothing, and is {@link ApprovalProof}'s to name. */
    void requested(ApprovalRequested requested, byte[] record, long line) {
        if (!requests.containsKey(requested.approvalId()) && (keys == null || SignedRecord.verify(requested, record, keys) == null)) {
            requests.put(requested.approvalId(), new Request(Asked.of(requested.held()), line));
        }
    }

    void ended(VerdictEvent verdict, long line) {
        switch (verdict) {
            case VerdictGranted _ -> {
                // The gateway has recorded the one that it took.
            }
            case VerdictRefused(var approvalId, var sessionId, var reason, var ending) -> ends.add(new End(approvalId, sessionId, reason, ending, line));
            case VerdictExpired(var approvalId, var sessionId, var ending) -> ends.add(new End(approvalId, sessionId, null, ending, line));
        }
    }

    List<Finding> findings() {
        var findings = new ArrayList<Finding>();
        requests.forEach((approvalId, request) -> {
            var held = holds.get(approvalId);
            if (held != null && !held.equals(request.asked())) {
                findings.add(finding(Kind.ASKED_ANOTHER, held.sessionId(), request.line(), approvalId, "people were asked about " + difference(held, request.asked())));
            }
        });
        for (var end : ends) {
            if (keys == null) {
                findings.add(finding(
                        Kind.UNCHECKED_SIGNATURE, end.sessionId(), end.line(), end.approvalId(), "no key of the approval-service was given to check its refusal or expiry with"));
                continue;
            }
            var held = holds.get(end.approvalId());
            var sessionId = held == null ? end.sessionId() : held.sessionId();
            var objection = new Ending(end.approvalId(), sessionId, held == null ? null : held.statementDigest(), end.reason()).objection(keys, end.ending());
            if (!objection.isEmpty()) {
                findings.add(finding(Kind.BAD_REFUSAL, sessionId, end.line(), end.approvalId(), "what says that it ended without a grant proves nothing: " + objection));
            }
        }
        return findings;
    }

    private static String difference(Asked held, Asked asked) {
        return !held.sessionId().equals(asked.sessionId())
                ? "the statement of another session"
                : !held.statementDigest().equals(asked.statementDigest()) ? "another statement than the one that was held" : "the statement on other terms than the hold's";
    }

    private static Finding finding(Kind kind, String sessionId, long line, String approvalId, String message) {
        return new Finding(kind, sessionId, NOWHERE, line, "approval " + approvalId + ": " + message);
    }
}

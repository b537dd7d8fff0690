// SPDX-License-Identifier: Apache-2.0
package dev.sluice.schemas.signature;

import dev.sluice.schemas.Verdict;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Verifies verdicts. Takes exactly what {@link VerdictSigner} makes: EdDSA, a known key, this type, all claims. */
public final class VerdictVerifier {
    private final TrustedKeys keys;

    public VerdictVerifier(TrustedKeys keys) {
        this.keys = keys;
    }

    /** As {@link TrustedKeys#verifyAhead}. */
    public void verifyAhead(String jws) {
        keys.verifyAhead(VerdictSigner.TYPE, jws);
    }

    /** @param now compared with the verdict's end; a verdict is over at its end */
    public VerdictResult verify(String jws, Instant now) {
        return switch (keys.verify(VerdictSigner.TYPE, jws)) {
            case SignedClaims.Unproven(String reason) -> new VerdictResult.Invalid(reason);
            case SignedClaims.Proven(Map<String, Object> claims) -> {
                Verdict verdict = read(claims);
                if (verdict == null) {
                    yield new VerdictResult.Invalid("a claim is missing or has the wrong type");
                }
                yield now.isBefore(verdict.expiresAt())
                        ? new VerdictResult.Valid(verdict)
                        : new VerdictResult.Invalid("the verdict ended at " + verdict.expiresAt());
            }
        };
    }

    /** As {@link Ending#objection}, with these keys. */
    public String objection(Ending ending, @Nullable String jws) {
        return ending.objection(keys, jws);
    }

    private static @Nullable Verdict read(Map<String, Object> claims) {
        if (claims.get("jti") instanceof String approvalId
                && claims.get("iat") instanceof Number issuedAt
                && claims.get("exp") instanceof Number expiresAt
                && claims.get("session") instanceof String sessionId
                && claims.get("statement") instanceof String statementId
                && claims.get("digest") instanceof String digest
                && claims.get("requester") instanceof String requester
                && claims.get("approvers") instanceof List<?> list) {
            var approvers = new ArrayList<String>();
            for (Object approver : list) {
                if (!(approver instanceof String name)) {
                    return null;
                }
                approvers.add(name);
            }
            Object terms = claims.get("terms");
            if (terms != null && !(terms instanceof String)) {
                return null;
            }
            Object standsUntil = claims.get("stands_until");
            if (standsUntil != null && !(standsUntil instanceof Number)) {
                return null;
            }
            Instant issued = Instant.ofEpochSecond(issuedAt.longValue());
            Instant ends = Instant.ofEpochSecond(expiresAt.longValue());
            Instant stands = standsUntil == null ? null : Instant.ofEpochSecond(((Number) standsUntil).longValue());
            return new Verdict(approvalId, sessionId, statementId, digest, requester, approvers, issued, ends, (String) terms, stands);
        }
        return null;
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.schemas.signature;

import dev.sluice.schemas.event.StatementEvent.StatementHeld;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How an approval ended without a grant, as the approval-service signs it: so that nobody refuses in the approvers' name who can write to the topic of
 * the verdicts.
 *
 * @param statementDigest of the hold, as in a grant: another hold under the same id is not meant. Absent only in a question, by whom the statement is not
 *     known yet; nothing is signed without it
 * @param reason why it was refused; absent where nobody answered in time
 */
public record Ending(String approvalId, String sessionId, @Nullable String statementDigest, @Nullable String reason) {
    private static final String TYPE = "sluice-ending+jwt";

    public static Ending refused(StatementHeld held, String reason) {
        return new Ending(held.approvalId(), held.sessionId(), held.statementDigest(), reason);
    }

    public static Ending expired(StatementHeld held) {
        return new Ending(held.approvalId(), held.sessionId(), held.statementDigest(), null);
    }

    /** A compact JWS. {@code at} is when it ended; whole seconds of it are told (RFC 7519). */
    public String sign(SigningKey key, Instant at) {
        Map<String, Object> claims = claims();
        claims.put("digest", Objects.requireNonNull(statementDigest, "statementDigest"));
        claims.put("iat", at.getEpochSecond());
        return key.sign(TYPE, claims);
    }

    private Map<String, Object> claims() {
        var claims = new LinkedHashMap<String, Object>();
        claims.put("jti", approvalId);
        claims.put("session", sessionId);
        if (statementDigest != null) {
            claims.put("digest", statementDigest);
        }
        if (reason != null) {
            claims.put("reason", reason);
        }
        return claims;
    }

    /** Why a JWS does not prove exactly this, as the end of a sentence; empty if it does. Null is what has no signature. */
    public String objection(TrustedKeys keys, @Nullable String jws) {
        if (jws == null) {
            return "it is a refusal that nobody has signed";
        }
        return switch (keys.verify(TYPE, jws)) {
            case SignedClaims.Unproven(String why) -> "it is a refusal, and " + why;
            case SignedClaims.Proven(Map<String, Object> said) -> {
                Map<String, Object> expected = claims();
                boolean same = said.keySet().stream().allMatch(name -> name.equals("iat") || (name.equals("digest") && statementDigest == null) || expected.containsKey(name))
                        && expected.entrySet().stream().allMatch(claim -> Objects.equals(said.get(claim.getKey()), claim.getValue()));
                yield same ? "" : "it is a refusal, signed for another approval, statement or reason";
            }
        };
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.schemas.signature;

import dev.sluice.schemas.Verdict;
import java.time.Instant;
import java.util.LinkedHashMap;

/** Signs verdicts. Used by the approval-service alone. */
public final class VerdictSigner {
    static final String TYPE = "sluice-verdict+jwt";

    private final SigningKey key;

    public VerdictSigner(SigningKey key) {
        this.key = key;
    }

    /** A compact JWS. Its times have whole seconds (RFC 7519); fractions are cut off, so that a grant never lasts longer than the approval said. */
    public String sign(Verdict verdict) {
        var claims = new LinkedHashMap<String, Object>();
        claims.put("jti", verdict.approvalId());
        claims.put("iat", verdict.issuedAt().getEpochSecond());
        claims.put("exp", verdict.expiresAt().getEpochSecond());
        claims.put("session", verdict.sessionId());
        claims.put("statement", verdict.statementId());
        claims.put("digest", verdict.statementDigest());
        claims.put("requester", verdict.requester());
        claims.put("approvers", verdict.approvers());
        if (verdict.terms() != null) {
            claims.put("terms", verdict.terms());
        }
        if (verdict.standsUntil() != null) {
            claims.put("stands_until", verdict.standsUntil().getEpochSecond());
        }
        return key.sign(TYPE, claims);
    }

    /** As {@link Ending#sign}, with this key. */
    public String sign(Ending ending, Instant at) {
        return ending.sign(key, at);
    }
}

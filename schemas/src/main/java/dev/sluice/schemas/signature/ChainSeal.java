// SPDX-License-Identifier: Apache-2.0
package dev.sluice.schemas.signature;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the signature of a checkpoint or of session.closed says: up to this record, the chain of this session was this.
 *
 * @param sequence of the last record that is covered
 * @param chainHash SHA-256 (hex) of that record's bytes
 */
public record ChainSeal(String sessionId, long sequence, String chainHash) {
    private static final String TYPE = "sluice-chain+jwt";

    /** A compact JWS. Takes some 100 microseconds: not on an event loop. */
    public String sign(SigningKey key) {
        var claims = new LinkedHashMap<String, Object>();
        claims.put("session", sessionId);
        claims.put("sequence", sequence);
        claims.put("chainhash", chainHash);
        return key.sign(TYPE, claims);
    }

    /** Why the signature does not say this; null when it does. */
    public @Nullable String verify(String jws, TrustedKeys keys) {
        return switch (keys.verify(TYPE, jws)) {
            case SignedClaims.Unproven(String reason) -> reason;
            case SignedClaims.Proven(Map<String, Object> claims) ->
                sessionId.equals(claims.get("session"))
                                && claims.get("sequence") instanceof Number signed
                                && signed.longValue() == sequence
                                && chainHash.equals(claims.get("chainhash"))
                        ? null
                        : "the signature is over another session, sequence or hash";
        };
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.schemas.chain;

import dev.sluice.schemas.signature.SignedClaims;
import dev.sluice.schemas.signature.SigningKey;
import dev.sluice.schemas.signature.TrustedKeys;
import java.nio.charset.StandardCharsets;
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
    private static final String RECORD_HASH = "recordhash";

    /** The seal of a checkpoint: a compact JWS. Takes some 100 microseconds: not on an event loop. */
    public String sign(SigningKey key) {
        return key.sign(TYPE, claims());
    }

    /**
     * The seal of session.closed. No later record links to it, so it covers its own record too.
     *
     * @param unsignedRecord the bytes of session.closed with an empty signature
     */
    public String signEnd(SigningKey key, byte[] unsignedRecord) {
        Map<String, Object> claims = claims();
        claims.put(RECORD_HASH, HashChain.hash(unsignedRecord));
        return key.sign(TYPE, claims);
    }

    private Map<String, Object> claims() {
        var claims = new LinkedHashMap<String, Object>();
        claims.put("session", sessionId);
        claims.put("sequence", sequence);
        claims.put("chainhash", chainHash);
        return claims;
    }

    /** As {@link TrustedKeys#verifyAhead}, for the seal of a checkpoint or an end. */
    public static void verifyAhead(String jws, TrustedKeys keys) {
        keys.verifyAhead(TYPE, jws);
    }

    /** Why the signature does not say this; null when it does. */
    public @Nullable String verify(String jws, TrustedKeys keys) {
        return switch (keys.verify(TYPE, jws)) {
            case SignedClaims.Unproven(String reason) -> reason;
            case SignedClaims.Proven(Map<String, Object> claims) -> mismatch(claims);
        };
    }

    /**
     * As {@link #verify}, for session.closed.
     *
     * @param signedRecord its bytes as they lie in Kafka
     */
    public @Nullable String verifyEnd(String jws, TrustedKeys keys, byte[] signedRecord) {
        return switch (keys.verify(TYPE, jws)) {
            case SignedClaims.Unproven(String reason) -> reason;
            case SignedClaims.Proven(Map<String, Object> claims) -> {
                String text = new String(signedRecord, StandardCharsets.ISO_8859_1);
                int at = text.indexOf(jws);
                // Taken out everywhere, the signature itself could be written into the record unseen.
                if (at < 0 || text.indexOf(jws, at + 1) >= 0) {
                    yield "the signature does not stand in session.closed exactly once";
                }
                byte[] unsigned = (text.substring(0, at) + text.substring(at + jws.length())).getBytes(StandardCharsets.ISO_8859_1);
                yield HashChain.hash(unsigned).equals(claims.get(RECORD_HASH)) ? mismatch(claims) : "session.closed itself was changed";
            }
        };
    }

    private @Nullable String mismatch(Map<String, Object> claims) {
        boolean same = sessionId.equals(claims.get("session"))
                && claims.get("sequence") instanceof Number signed
                && signed.longValue() == sequence
                && chainHash.equals(claims.get("chainhash"));
        return same ? null : "the signature is over another session, sequence or hash";
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.schemas.identity;

import com.nimbusds.jose.Algorithm;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import dev.sluice.schemas.signature.Ed25519;
import java.security.GeneralSecurityException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which of an issuer's keys a token may be verified with. The key decides what its algorithm may be, never the token alone. */
final class KeyChoice {
    private static final int MIN_RSA_BITS = 2048;

    private KeyChoice() {}

    /** The key that the header names; without a name, the only one that fits. Null when there is none, or more than one. */
    static @Nullable JWK of(JWSHeader header, List<JWK> keys) {
        List<JWK> fitting = keys.stream()
                .filter(key -> header.getKeyID() == null || header.getKeyID().equals(key.getKeyID()))
                .filter(key -> fits(header.getAlgorithm(), key))
                .toList();
        return fitting.size() == 1 ? fitting.getFirst() : null;
    }

    static JWSVerifier verifier(JWK key) throws JOSEException, GeneralSecurityException {
        return switch (key) {
            case RSAKey rsa -> new RSASSAVerifier(rsa);
            case ECKey ec -> new ECDSAVerifier(ec);
            case OctetKeyPair pair -> Ed25519.verifier(pair);
            default -> throw new JOSEException("a key of type " + key.getKeyType() + " verifies nothing here");
        };
    }

    private static boolean fits(JWSAlgorithm algorithm, JWK key) {
        Algorithm own = key.getAlgorithm();
        if ((key.getKeyUse() != null && !key.getKeyUse().equals(KeyUse.SIGNATURE)) || (own != null && !own.getName().equals(algorithm.getName()))) {
            return false;
        }
        return switch (key) {
            case RSAKey rsa -> JWSAlgorithm.Family.RSA.contains(algorithm) && rsa.size() >= MIN_RSA_BITS;
            case ECKey ec -> JWSAlgorithm.Family.EC.contains(algorithm) && Curve.forJWSAlgorithm(algorithm).contains(ec.getCurve());
            case OctetKeyPair pair -> JWSAlgorithm.EdDSA.equals(algorithm) && Curve.Ed25519.equals(pair.getCurve());
            default -> false;
        };
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.quickstart;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The provider's signing keys, newest first. The newest signs; the one before it stays published, so that tokens that it signed remain
 * valid after a rotation. Safe for use by many threads.
 */
final class SigningKeys {
    private static final int PUBLISHED_KEYS = 2;
    private static final int RSA_BITS = 2048;

    private final JWSAlgorithm algorithm;
    private final @Nullable Path file;
    private volatile List<JWK> keys;

    private SigningKeys(JWSAlgorithm algorithm, @Nullable Path file, List<JWK> keys) {
        this.algorithm = algorithm;
        this.file = file;
        this.keys = List.copyOf(keys);
    }

    /**
     * @param algorithm ES256 or RS256
     * @param file where the keys are kept between runs, readable by the owner only; null keeps them in memory
     */
    static SigningKeys open(JWSAlgorithm algorithm, @Nullable Path file) {
        if (file != null && Files.exists(file)) {
            try {
                List<JWK> kept = JWKSet.load(file.toFile()).getKeys();
                if (!kept.isEmpty() && algorithm.equals(kept.getFirst().getAlgorithm())) {
                    return new SigningKeys(algorithm, file, kept);
                }
            } catch (IOException | ParseException unreadable) {
                throw new IllegalStateException(file + " does not hold the provider's signing keys; delete it to have new ones", unreadable);
            }
        }
        SigningKeys fresh = new SigningKeys(algorithm, file, List.of());
        fresh.rotate();
        return fresh;
    }

    /** Makes a new signing key. Tokens of the key before it stay valid until the next rotation. */
    synchronized void rotate() {
        List<JWK> next = new ArrayList<>();
        next.add(generate());
        keys.stream().limit(PUBLISHED_KEYS - 1L).forEach(next::add);
        if (file != null) {
            PrivateFile.write(file, new JWKSet(next).toString(false));
        }
        keys = List.copyOf(next);
    }

    JWSAlgorithm algorithm() {
        return algorithm;
    }

    /** The public halves, RFC 7517. */
    String publicJwks() {
        return new JWKSet(keys).toPublicJWKSet().toString();
    }

    /** Signs with the newest key; {@code type} is the header's {@code typ}. */
    String sign(JWTClaimsSet claims, com.nimbusds.jose.JOSEObjectType type) {
        JWK key = keys.getFirst();
        SignedJWT token = new SignedJWT(new JWSHeader.Builder(algorithm).keyID(key.getKeyID()).type(type).build(), claims);
        try {
            token.sign(signer(key));
        } catch (JOSEException broken) {
            throw new IllegalStateException("the provider's own key cannot sign", broken);
        }
        return token.serialize();
    }

    private static JWSSigner signer(JWK key) throws JOSEException {
        return key instanceof RSAKey rsa ? new RSASSASigner(rsa) : new ECDSASigner((ECKey) key);
    }

    private JWK generate() {
        String id = UUID.randomUUID().toString();
        try {
            if (algorithm.equals(JWSAlgorithm.RS256)) {
                return new RSAKeyGenerator(RSA_BITS).keyID(id).keyUse(KeyUse.SIGNATURE).algorithm(algorithm).generate();
            }
            if (algorithm.equals(JWSAlgorithm.ES256)) {
                return new ECKeyGenerator(Curve.P_256).keyID(id).keyUse(KeyUse.SIGNATURE).algorithm(algorithm).generate();
            }
        } catch (JOSEException unavailable) {
            throw new IllegalStateException("this JVM cannot make a key for " + algorithm, unavailable);
        }
        throw new IllegalArgumentException("the provider signs with ES256 or RS256, not " + algorithm);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.schemas.signature;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.jca.JCAContext;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.util.Base64URL;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.interfaces.EdECPrivateKey;
import java.security.interfaces.EdECPublicKey;
import java.security.spec.EdECPoint;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.EdECPublicKeySpec;
import java.security.spec.NamedParameterSpec;
import java.util.Set;

/**
 * Ed25519 (RFC 8032) of the Java platform behind the JWS objects of Nimbus (RFC 8037), whose own implementation needs a further library.
 * A JWK holds the raw 32 bytes, the platform a point: y, little-endian, with the sign of x in the highest bit.
 */
public final class Ed25519 {
    private static final int KEY_BYTES = 32;

    private Ed25519() {}

    static OctetKeyPair generate() {
        try {
            KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
            byte[] secret = ((EdECPrivateKey) pair.getPrivate()).getBytes().orElseThrow();
            byte[] point = raw(((EdECPublicKey) pair.getPublic()).getPoint());
            return new OctetKeyPair.Builder(Curve.Ed25519, Base64URL.encode(point)).d(Base64URL.encode(secret)).keyIDFromThumbprint().build();
        } catch (GeneralSecurityException | JOSEException e) {
            throw new IllegalStateException("this Java platform has no Ed25519", e);
        }
    }

    /** Verifies EdDSA signatures of this key; fails when it is not an Ed25519 key. */
    public static JWSVerifier verifier(OctetKeyPair pair) throws GeneralSecurityException {
        return new Verifier(publicKey(pair));
    }

    static PrivateKey privateKey(OctetKeyPair pair) throws GeneralSecurityException {
        byte[] secret = pair.getDecodedD();
        if (!Curve.Ed25519.equals(pair.getCurve()) || secret == null || secret.length != KEY_BYTES) {
            throw new GeneralSecurityException("not a private Ed25519 key");
        }
        return KeyFactory.getInstance("Ed25519").generatePrivate(new EdECPrivateKeySpec(NamedParameterSpec.ED25519, secret));
    }

    static PublicKey publicKey(OctetKeyPair pair) throws GeneralSecurityException {
        byte[] point = pair.getDecodedX();
        if (!Curve.Ed25519.equals(pair.getCurve()) || point.length != KEY_BYTES) {
            throw new GeneralSecurityException("not an Ed25519 key");
        }
        byte[] bigEndian = new byte[KEY_BYTES];
        for (int i = 0; i < KEY_BYTES; i++) {
            bigEndian[i] = point[KEY_BYTES - 1 - i];
        }
        boolean xOdd = (bigEndian[0] & 0x80) != 0;
        bigEndian[0] &= 0x7F;
        var spec = new EdECPublicKeySpec(NamedParameterSpec.ED25519, new EdECPoint(xOdd, new BigInteger(1, bigEndian)));
        return KeyFactory.getInstance("Ed25519").generatePublic(spec);
    }

    private static byte[] raw(EdECPoint point) {
        byte[] bigEndian = point.getY().toByteArray();
        byte[] raw = new byte[KEY_BYTES];
        for (int i = 0; i < Math.min(KEY_BYTES, bigEndian.length); i++) {
            raw[i] = bigEndian[bigEndian.length - 1 - i];
        }
        if (point.isXOdd()) {
            raw[KEY_BYTES - 1] |= (byte) 0x80;
        }
        return raw;
    }

    /** Signs with the platform's Ed25519. */
    record Signer(PrivateKey key) implements JWSSigner {
        @Override
        public Base64URL sign(JWSHeader header, byte[] signingInput) throws JOSEException {
            try {
                Signature signature = Signature.getInstance("Ed25519");
                signature.initSign(key);
                signature.update(signingInput);
                return Base64URL.encode(signature.sign());
            } catch (GeneralSecurityException e) {
                throw new JOSEException("signing failed", e);
            }
        }

        @Override
        public Set<JWSAlgorithm> supportedJWSAlgorithms() {
            return Set.of(JWSAlgorithm.EdDSA);
        }

        @Override
        public JCAContext getJCAContext() {
            return new JCAContext();
        }
    }

    /** Verifies with the platform's Ed25519. A signature that is no signature at all does not verify. */
    record Verifier(PublicKey key) implements JWSVerifier {
        @Override
        public boolean verify(JWSHeader header, byte[] signingInput, Base64URL signatureText) throws JOSEException {
            try {
                Signature signature = Signature.getInstance("Ed25519");
                signature.initVerify(key);
                signature.update(signingInput);
                return signature.verify(signatureText.decode());
            } catch (SignatureException e) {
                return false;
            } catch (GeneralSecurityException e) {
                throw new JOSEException("verifying failed", e);
            }
        }

        @Override
        public Set<JWSAlgorithm> supportedJWSAlgorithms() {
            return Set.of(JWSAlgorithm.EdDSA);
        }

        @Override
        public JCAContext getJCAContext() {
            return new JCAContext();
        }
    }
}

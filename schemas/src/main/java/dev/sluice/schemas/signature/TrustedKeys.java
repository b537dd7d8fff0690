// SPDX-License-Identifier: Apache-2.0
package dev.sluice.schemas.signature;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetKeyPair;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The public Ed25519 keys whose signatures count, by their {@code kid}. Safe for use by many threads. */
public final class TrustedKeys {
    private static final int MAX_JWS_CHARACTERS = 64 * 1024;
    private static final int MAX_AHEAD = 10_000;

    private final JWKSet keys;
    private final Map<String, JWSVerifier> verifiers = new HashMap<>();
    /** Answers to questions that have not been asked yet. */
    private final Map<String, SignedClaims> ahead = new ConcurrentHashMap<>();

    private TrustedKeys(Collection<OctetKeyPair> pairs) {
        var publicKeys = new ArrayList<JWK>();
        for (OctetKeyPair pair : pairs) {
            try {
                OctetKeyPair named = pair.getKeyID() == null ? new OctetKeyPair.Builder(pair).keyIDFromThumbprint().build() : pair;
                if (verifiers.putIfAbsent(named.getKeyID(), new Ed25519.Verifier(Ed25519.publicKey(named))) != null) {
                    throw new IllegalArgumentException("two keys have the kid '" + named.getKeyID() + "'");
                }
                publicKeys.add(named.toPublicJWK());
            } catch (GeneralSecurityException | JOSEException e) {
                throw new IllegalArgumentException("the key '" + pair.getKeyID() + "' is not an Ed25519 key", e);
            }
        }
        this.keys = new JWKSet(publicKeys);
    }

    static TrustedKeys of(OctetKeyPair pair) {
        return new TrustedKeys(List.of(pair));
    }

    /** Reads a JWK set, or a single JWK. Keys of other kinds are an error: a set of trusted keys holds nothing that is not understood. */
    public static TrustedKeys parse(String json) {
        try {
            JWKSet set = json.contains("\"keys\"") ? JWKSet.parse(json) : new JWKSet(JWK.parse(json));
            var pairs = new ArrayList<OctetKeyPair>();
            for (JWK key : set.getKeys()) {
                if (!(key instanceof OctetKeyPair pair)) {
                    throw new IllegalArgumentException("the key '" + key.getKeyID() + "' is not an Ed25519 key");
                }
                pairs.add(pair);
            }
            return new TrustedKeys(pairs);
        } catch (ParseException e) {
            throw new IllegalArgumentException("not a JWK set", e);
        }
    }

    /** Reads a file as {@link #parse} does. */
    public static TrustedKeys load(Path file) throws IOException {
        try {
            return parse(Files.readString(file));
        } catch (IllegalArgumentException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }

    /** These keys and those, during a rotation or from several gateways. */
    public TrustedKeys and(TrustedKeys others) {
        var all = new HashMap<String, OctetKeyPair>();
        for (TrustedKeys part : List.of(this, others)) {
            for (JWK key : part.keys.getKeys()) {
                all.put(key.getKeyID(), (OctetKeyPair) key);
            }
        }
        return new TrustedKeys(all.values());
    }

    /** The JWK set to publish. Public parts only. */
    public String toJson() {
        return keys.toString(true);
    }

    /**
     * Answers on this thread what another will ask of {@link #verify} soon: Ed25519 takes some 300 microseconds, most of what it costs to verify a short
     * session. The answer is kept until it is asked for, of no more than {@value #MAX_AHEAD}.
     */
    public void verifyAhead(String type, String jws) {
        if (ahead.size() < MAX_AHEAD) {
            ahead.put(question(type, jws), proven(type, jws));
        }
    }

    private static String question(String type, String jws) {
        return type + " " + jws;
    }

    /** What a compact JWS says, if one of these keys has signed it for this purpose. */
    public SignedClaims verify(String type, String jws) {
        SignedClaims known = ahead.isEmpty() ? null : ahead.remove(question(type, jws));
        return known == null ? proven(type, jws) : known;
    }

    private SignedClaims proven(String type, String jws) {
        if (jws.length() > MAX_JWS_CHARACTERS) {
            return new SignedClaims.Unproven("the signature is longer than " + MAX_JWS_CHARACTERS + " characters");
        }
        try {
            JWSObject object = JWSObject.parse(jws);
            if (!JWSAlgorithm.EdDSA.equals(object.getHeader().getAlgorithm())) {
                return new SignedClaims.Unproven("the algorithm is not EdDSA");
            }
            if (!new JOSEObjectType(type).equals(object.getHeader().getType())) {
                return new SignedClaims.Unproven("the type is not " + type);
            }
            if (object.getHeader().getCriticalParams() != null && !object.getHeader().getCriticalParams().isEmpty()) {
                return new SignedClaims.Unproven("the header has critical parameters that are not understood");
            }
            JWSVerifier verifier = object.getHeader().getKeyID() == null ? null : verifiers.get(object.getHeader().getKeyID());
            if (verifier == null) {
                return new SignedClaims.Unproven("the key is not known");
            }
            if (!object.verify(verifier)) {
                return new SignedClaims.Unproven("the signature does not verify");
            }
            Map<String, Object> claims = object.getPayload().toJSONObject();
            return claims == null ? new SignedClaims.Unproven("the payload is not a JSON object") : new SignedClaims.Proven(claims);
        } catch (ParseException | JOSEException | IllegalArgumentException | IllegalStateException e) {
            return new SignedClaims.Unproven("not a compact JWS");
        }
    }
}

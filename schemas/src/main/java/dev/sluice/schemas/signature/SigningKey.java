// SPDX-License-Identifier: Apache-2.0
package dev.sluice.schemas.signature;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.jwk.OctetKeyPair;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.text.ParseException;
import java.util.Map;
import java.util.UUID;

/** An Ed25519 key that signs: verdicts for the approval-service, checkpoints for a gateway. Never prints its secret. Safe for many threads. */
public final class SigningKey {
    private final OctetKeyPair pair;
    private final JWSSigner signer;

    private SigningKey(OctetKeyPair pair, JWSSigner signer) {
        this.pair = pair;
        this.signer = signer;
    }

    /** A new key, known by its RFC 7638 thumbprint. */
    public static SigningKey generate() {
        return of(Ed25519.generate());
    }

    /** Reads a private JWK, {@code {"kty":"OKP","crv":"Ed25519",…}}; without {@code kid} its thumbprint serves. */
    public static SigningKey load(Path file) throws IOException {
        try {
            return of(OctetKeyPair.parse(Files.readString(file)));
        } catch (ParseException | IllegalArgumentException e) {
            throw new IOException(file + " is not a private Ed25519 key in JWK form", e);
        }
    }

    /** Reads the key of this file, or makes one there that only its owner may read. Two processes that start together end with one key. */
    public static SigningKey loadOrCreate(Path file) throws IOException {
        if (Files.exists(file)) {
            return load(file);
        }
        SigningKey key = generate();
        Path folder = file.toAbsolutePath().getParent();
        if (folder == null) {
            throw new IOException(file + " names no file");
        }
        Files.createDirectories(folder);
        Path draft = folder.resolve(file.getFileName() + "." + UUID.randomUUID());
        try {
            if (Files.getFileStore(folder).supportsFileAttributeView("posix")) {
                Files.createFile(draft, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            } else {
                Files.createFile(draft);
            }
            Files.writeString(draft, key.pair.toJSONString(), StandardCharsets.US_ASCII);
            Files.createLink(file, draft);
            return key;
        } catch (FileAlreadyExistsException e) {
            return load(file);
        } catch (UnsupportedOperationException e) {
            return moveInto(file, draft, key);
        } finally {
            Files.deleteIfExists(draft);
        }
    }

    private static SigningKey moveInto(Path file, Path draft, SigningKey key) throws IOException {
        try {
            Files.move(draft, file);
            return key;
        } catch (FileAlreadyExistsException | AtomicMoveNotSupportedException e) {
            if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                return load(file);
            }
            throw e;
        }
    }

    private static SigningKey of(OctetKeyPair pair) {
        try {
            OctetKeyPair named = pair.getKeyID() == null ? new OctetKeyPair.Builder(pair).keyIDFromThumbprint().build() : pair;
            return new SigningKey(named, new Ed25519.Signer(Ed25519.privateKey(named)));
        } catch (GeneralSecurityException | JOSEException e) {
            throw new IllegalArgumentException("not a private Ed25519 key", e);
        }
    }

    /** The {@code kid} that signatures name. */
    public String keyId() {
        return pair.getKeyID();
    }

    /** What verifies this key's signatures. */
    public TrustedKeys publicKeys() {
        return TrustedKeys.of(pair.toPublicJWK());
    }

    /** A compact JWS over these claims. {@code type} keeps signatures made for one purpose from serving another. */
    public String sign(String type, Map<String, Object> claims) {
        try {
            var header = new JWSHeader.Builder(JWSAlgorithm.EdDSA).type(new JOSEObjectType(type)).keyID(pair.getKeyID()).build();
            var jws = new JWSObject(header, new Payload(claims));
            jws.sign(signer);
            return jws.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException("signing failed with key " + pair.getKeyID(), e);
        }
    }

    @Override
    public String toString() {
        return "SigningKey[" + pair.getKeyID() + ", ***]";
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.verify;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.audit.verify.Finding.Kind;
import dev.sluice.schemas.signature.SignedClaims;
import dev.sluice.schemas.signature.TrustedKeys;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads an evidence bundle as a stream and checks it against its manifest and the manifest's signature. What the records prove is for
 * their taker; what the archive itself does not bear out is in {@link #findings}. The keys inside are never used: whoever forges a bundle
 * would put theirs there.
 */
public final class BundleReader {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final int MAX_MANIFEST_BYTES = 16 * 1024 * 1024;

    private final @Nullable TrustedKeys keys;
    private final List<Finding> findings = new ArrayList<>();
    private final Map<String, String> digests = new LinkedHashMap<>();
    private final Consumer<KnownSession> known;

    /**
     * {@code keys} are the audit-service's; null leaves the manifest's signature unchecked, which is a finding. {@code known} is told how far each session
     * reaches as the bundle's list of sessions says, before the records come.
     */
    public BundleReader(@Nullable TrustedKeys keys, Consumer<KnownSession> known) {
        this.keys = keys;
        this.known = known;
    }

    /** Hands every record to {@code records}. A damaged archive is a finding; only a stream that cannot be read throws. */
    public void read(InputStream input, Consumer<byte[]> records) throws IOException {
        byte[] manifest = null;
        String signature = null;
        try (var zip = new ZipInputStream(input)) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                if (entry.getName().equals(BundleFormat.MANIFEST)) {
                    manifest = zip.readNBytes(MAX_MANIFEST_BYTES);
                } else if (entry.getName().equals(BundleFormat.SIGNATURE)) {
                    signature = new String(zip.readNBytes(MAX_MANIFEST_BYTES), StandardCharsets.UTF_8);
                } else {
                    file(entry.getName(), zip, records);
                }
            }
        } catch (ZipException | EOFException | IllegalArgumentException e) {
            find(Kind.BUNDLE_CHANGED, "the archive is damaged: " + e.getMessage());
        }
        if (manifest == null) {
            find(Kind.BUNDLE_CHANGED, BundleFormat.MANIFEST + " is missing: the bundle is not whole");
            return;
        }
        signed(manifest, signature);
        compare(manifest);
    }

    /** What is wrong with the archive itself. */
    public List<Finding> findings() {
        return List.copyOf(findings);
    }

    private void file(String name, InputStream zip, Consumer<byte[]> records) throws IOException {
        MessageDigest digest = BundleFormat.sha256();
        var content = new DigestInputStream(new Unclosed(zip), digest);
        if (name.equals(BundleFormat.RECORDS)) {
            RecordLines.read(content, records);
        } else if (name.equals(BundleFormat.SESSIONS)) {
            RecordLines.read(content, this::session);
        }
        content.transferTo(OutputStream.nullOutputStream());
        if (digests.put(name, HexFormat.of().formatHex(digest.digest())) != null) {
            find(Kind.BUNDLE_CHANGED, name + " is there twice");
        }
    }

    private void session(byte[] line) {
        try {
            known.accept(KnownSessions.session(MAPPER.readTree(line)));
        } catch (IOException e) {
            find(Kind.BUNDLE_CHANGED, "a line of " + BundleFormat.SESSIONS + " names no session");
        }
    }

    private void signed(byte[] manifest, @Nullable String signature) {
        if (signature == null) {
            find(Kind.BAD_SIGNATURE, BundleFormat.SIGNATURE + " is missing");
            return;
        }
        if (keys == null) {
            find(Kind.UNCHECKED_SIGNATURE, "no key of the audit-service was given to check the manifest with");
            return;
        }
        String digest = HexFormat.of().formatHex(BundleFormat.sha256().digest(manifest));
        switch (keys.verify(BundleFormat.SIGNATURE_TYPE, signature)) {
            case SignedClaims.Unproven(var reason) -> find(Kind.BAD_SIGNATURE, "the manifest is not signed as it should be: " + reason);
            case SignedClaims.Proven(var claims) -> {
                if (!digest.equals(claims.get(BundleFormat.MANIFEST_CLAIM))) {
                    find(Kind.BAD_SIGNATURE, "the signature is over another manifest");
                }
            }
        }
    }

    private void compare(byte[] manifest) throws IOException {
        Map<String, String> named = new LinkedHashMap<>();
        JsonNode document;
        try {
            document = MAPPER.readTree(manifest);
        } catch (JacksonException e) {
            find(Kind.BUNDLE_CHANGED, BundleFormat.MANIFEST + " is not JSON");
            return;
        }
        if (!BundleFormat.VERSION.equals(document.path("format").asText())) {
            find(Kind.BUNDLE_CHANGED, "this version does not know the bundle's format");
        }
        document.path("files").forEach(file -> named.put(file.path("name").asText(), file.path("sha256").asText()));
        named.forEach((name, digest) -> {
            String found = digests.get(name);
            if (found == null) {
                find(Kind.BUNDLE_CHANGED, name + " is missing");
            } else if (!found.equals(digest)) {
                find(Kind.BUNDLE_CHANGED, name + " is not the file that the manifest names");
            }
        });
        digests.keySet().stream()
                .filter(name -> !named.containsKey(name))
                .forEach(name -> find(Kind.BUNDLE_CHANGED, "a file was added that the manifest does not name"));
    }

    private void find(Kind kind, String message) {
        findings.add(new Finding(kind, null, -1, 0, message));
    }

    /** Lets nobody who reads one file end the archive. */
    private static final class Unclosed extends FilterInputStream {
        Unclosed(InputStream in) {
            super(in);
        }

        @Override
        public void close() {
            // the archive is closed by whoever opened it
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.verify;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.schemas.event.EventTypes;
import dev.sluice.schemas.signature.SigningKey;
import dev.sluice.schemas.signature.TrustedKeys;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeSet;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Writes an evidence bundle as a stream of any length: first what explains it and the public keys, then {@link #sessions}, then {@link
 * #records}, then {@link #finish}, in this order. For one thread.
 */
public final class BundleWriter {
    private static final String RESOURCES = "/dev/sluice/schemas/";

    private final ZipOutputStream zip;
    private final ArrayNode files = JsonNodeFactory.instance.arrayNode();

    /** Writes to {@code out}, which stays open. */
    public BundleWriter(OutputStream out) {
        this.zip = new ZipOutputStream(out);
    }

    /** What is written into one file of the bundle. */
    @FunctionalInterface
    public interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    /** The explanation, the public keys as far as they are known, and the schemas of every event. */
    public void head(@Nullable TrustedKeys gateway, @Nullable TrustedKeys approval, SigningKey own) throws IOException {
        file(BundleFormat.README, out -> copy("/dev/sluice/audit/bundle-readme.txt", out));
        if (gateway != null) {
            file(BundleFormat.KEYS + "gateway.jwks", out -> out.write(utf8(gateway.toJson())));
        }
        if (approval != null) {
            file(BundleFormat.KEYS + "approval.jwks", out -> out.write(utf8(approval.toJson())));
        }
        file(BundleFormat.KEYS + "audit.jwks", out -> out.write(utf8(own.publicKeys().toJson())));
        for (String schema : new String[] {"envelope.schema.json", "common.schema.json"}) {
            file(BundleFormat.SCHEMAS + schema, out -> copy(RESOURCES + schema, out));
        }
        for (String type : new TreeSet<>(EventTypes.all())) {
            String schema = "events/" + type + ".schema.json";
            file(BundleFormat.SCHEMAS + schema, out -> copy(RESOURCES + schema, out));
        }
    }

    /** One line per session, as {@link #session} makes it. */
    public void sessions(Content content) throws IOException {
        file(BundleFormat.SESSIONS, content);
    }

    /** The records of all sessions, laid out as {@link EvidenceFile} says, those of a session in the order of its chain. */
    public void records(Content content) throws IOException {
        file(BundleFormat.RECORDS, content);
    }

    /** The line of one session: how far its chain reaches. */
    public static byte[] session(String sessionId, long lastSequence, String lastDigest) {
        ObjectNode line = JsonNodeFactory.instance.objectNode();
        line.put("sessionId", sessionId).put("lastSequence", lastSequence).put("lastDigest", lastDigest);
        return utf8(line + "\n");
    }

    /** The manifest, with who asked for what and when, and its signature. */
    public void finish(SigningKey key, Instant createdAt, String createdBy, ObjectNode selection) throws IOException {
        ObjectNode manifest = JsonNodeFactory.instance.objectNode();
        manifest.put("format", BundleFormat.VERSION).put("createdAt", createdAt.toString()).put("createdBy", createdBy);
        manifest.set("selection", selection);
        manifest.set("files", files);
        byte[] bytes = utf8(manifest.toPrettyString());
        String digest = HexFormat.of().formatHex(BundleFormat.sha256().digest(bytes));
        plain(BundleFormat.MANIFEST, bytes);
        plain(BundleFormat.SIGNATURE, utf8(key.sign(BundleFormat.SIGNATURE_TYPE, Map.of(BundleFormat.MANIFEST_CLAIM, digest))));
        zip.finish();
        zip.flush();
    }

    private void file(String name, Content content) throws IOException {
        zip.putNextEntry(new ZipEntry(name));
        MessageDigest digest = BundleFormat.sha256();
        var counted = new Counting(new DigestOutputStream(new Unclosed(zip), digest));
        content.writeTo(counted);
        counted.flush();
        zip.closeEntry();
        files.addObject().put("name", name).put("bytes", counted.count).put("sha256", HexFormat.of().formatHex(digest.digest()));
    }

    private void plain(String name, byte[] bytes) throws IOException {
        zip.putNextEntry(new ZipEntry(name));
        zip.write(bytes);
        zip.closeEntry();
    }

    private static void copy(String resource, OutputStream out) throws IOException {
        try (InputStream in = BundleWriter.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException(resource + " is missing from the build");
            }
            in.transferTo(out);
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Counts what is written. */
    private static final class Counting extends FilterOutputStream {
        private long count;

        Counting(OutputStream out) {
            super(out);
        }

        @Override
        public void write(int value) throws IOException {
            out.write(value);
            count++;
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
            count += length;
        }
    }

    /** Lets nobody who writes one file end the archive. */
    private static final class Unclosed extends FilterOutputStream {
        Unclosed(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
        }

        @Override
        public void close() throws IOException {
            out.flush();
        }
    }
}

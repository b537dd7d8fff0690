// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.verify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.schemas.signature.TrustedKeys;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads a list of sessions that somebody kept from an earlier look: the file {@code sessions.ndjson} of an evidence bundle, a whole bundle, pages of {@code
 * GET /v1/sessions}, or the JSON report of an earlier verification.
 */
public final class KnownSessions {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private KnownSessions() {}

    /**
     * Hands each session of {@code file} to {@code known}, and returns what is wrong with it if it is a bundle.
     *
     * @param keys the audit-service's, to check the manifest of a bundle with
     * @throws IOException also when the file is neither of these, or has no session
     */
    public static List<Finding> read(Path file, @Nullable TrustedKeys keys, Consumer<KnownSession> known) throws IOException {
        try (var input = new BufferedInputStream(Files.newInputStream(file))) {
            input.mark(2);
            boolean archive = input.read() == 'P' && input.read() == 'K';
            input.reset();
            if (archive) {
                var bundle = new BundleReader(keys, known);
                bundle.read(input, record -> {});
                return bundle.findings();
            }
            read(input, known);
            return List.of();
        }
    }

    private static void read(InputStream input, Consumer<KnownSession> known) throws IOException {
        long count = 0;
        try (MappingIterator<JsonNode> documents = MAPPER.readerFor(JsonNode.class).readValues(input)) {
            while (documents.hasNextValue()) {
                JsonNode document = documents.nextValue();
                for (JsonNode session : document.has("sessions") ? document.get("sessions") : List.of(document)) {
                    known.accept(session(session));
                    count++;
                }
            }
        }
        if (count == 0) {
            throw new IOException("it names no session");
        }
    }

    /**
     * One session as all of these lists write it.
     *
     * @throws IOException when it lacks its id or how far it reaches
     */
    static KnownSession session(JsonNode session) throws IOException {
        String sessionId = session.path("sessionId").asText();
        if (sessionId.isEmpty() || !session.path("lastSequence").isIntegralNumber()) {
            throw new IOException("a session without sessionId or lastSequence");
        }
        String digest = session.path("lastDigest").asText();
        return new KnownSession(sessionId, session.path("lastSequence").longValue(), digest.isEmpty() ? null : digest);
    }
}

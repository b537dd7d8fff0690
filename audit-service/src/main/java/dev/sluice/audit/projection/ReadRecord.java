// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.projection;

import dev.sluice.schemas.event.EventEnvelope;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A record and what could be read of it.
 *
 * @param digest SHA-256 of the record's bytes, hex
 */
public record ReadRecord(RawRecord raw, String digest, Header header, Content content) {
    /** The attributes of the envelope; whatever could not be read is absent. */
    public record Header(
            @Nullable String id,
            @Nullable String type,
            @Nullable String subject,
            @Nullable String correlationId,
            @Nullable String causationId,
            @Nullable Instant time,
            @Nullable Long sequence,
            @Nullable String previousHash) {
        /** Nothing could be read. */
        public static final Header EMPTY = new Header(null, null, null, null, null, null, null, null);
    }

    /** How much of the record this version understands. */
    public sealed interface Content {
        /** All of it. */
        record Known(EventEnvelope<?> envelope) implements Content {}

        /** The envelope, but not its type: a newer writer made it. */
        record UnknownType(String type) implements Content {}

        /** Not an event. {@code reason} names what is wrong and repeats no value. */
        record Unreadable(String reason) implements Content {}
    }

    /** When it happened, as its writer says, otherwise when the broker got it. */
    public Instant time() {
        return header.time() == null ? raw.recordedAt() : header.time();
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.projection;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.audit.projection.ReadRecord.Content;
import dev.sluice.audit.projection.ReadRecord.Header;
import dev.sluice.schemas.chain.HashChain;
import dev.sluice.schemas.event.Decoded;
import dev.sluice.schemas.event.EventCodec;
import dev.sluice.schemas.event.EventEnvelope;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Reads records, whatever is in them: of what it cannot understand it still takes the envelope's attributes, as far as they are there. */
public final class RecordReader {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final EventCodec codec = new EventCodec();

    /** Never fails: a record that is no event is {@link Content.Unreadable}. */
    public ReadRecord read(RawRecord raw) {
        String digest = HashChain.hash(raw.value());
        return switch (codec.decode(raw.value())) {
            case Decoded.Known(var envelope) -> known(raw, digest, envelope);
            case Decoded.UnknownType unknown -> new ReadRecord(raw, digest, loose(raw.value()), new Content.UnknownType(StorableText.of(unknown.type())));
            case Decoded.Malformed(var reason) -> new ReadRecord(raw, digest, loose(raw.value()), new Content.Unreadable(reason));
        };
    }

    /** The record as one that cannot be read for {@code reason}: what is kept of a record that the database would not take otherwise. */
    public static ReadRecord unreadable(ReadRecord record, String reason) {
        return new ReadRecord(record.raw(), record.digest(), Header.EMPTY, new Content.Unreadable(reason));
    }

    private static ReadRecord known(RawRecord raw, String digest, EventEnvelope<?> envelope) {
        var header = new Header(
                StorableText.of(envelope.id()),
                StorableText.of(envelope.type()),
                StorableText.of(envelope.subject()),
                StorableText.of(envelope.correlationid()),
                StorableText.ofNullable(envelope.causationid()),
                StorableTime.of(envelope.time()),
                envelope.sequence(),
                envelope.previoushash());
        return new ReadRecord(raw, digest, header, new Content.Known(envelope));
    }

    private static Header loose(byte[] value) {
        try {
            JsonNode root = MAPPER.readTree(value);
            return new Header(
                    text(root, "id"),
                    text(root, "type"),
                    text(root, "subject"),
                    text(root, "correlationid"),
                    text(root, "causationid"),
                    time(text(root, "time")),
                    number(text(root, "sequence")),
                    text(root, "previoushash"));
        } catch (IOException _) {
            return Header.EMPTY;
        }
    }

    private static @Nullable String text(JsonNode root, String name) {
        JsonNode node = root.get(name);
        return node == null || !node.isTextual() ? null : StorableText.of(node.textValue());
    }

    private static @Nullable Instant time(@Nullable String text) {
        try {
            return text == null ? null : StorableTime.of(Instant.parse(text));
        } catch (DateTimeException _) {
            return null;
        }
    }

    private static @Nullable Long number(@Nullable String text) {
        try {
            return text == null ? null : Long.valueOf(text);
        } catch (NumberFormatException _) {
            return null;
        }
    }
}

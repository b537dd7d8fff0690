// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.http;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.audit.projection.Narration;
import dev.sluice.audit.projection.ReadRecord;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A record as an entry of a timeline. */
final class Entries {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private Entries() {}

    static ObjectNode of(ReadRecord record) {
        ObjectNode entry = MAPPER.createObjectNode();
        entry.put("time", record.time().toString());
        put(entry, "type", record.header().type());
        if (record.header().sequence() != null) {
            entry.put("sequence", Objects.requireNonNull(record.header().sequence()));
        }
        JsonNode data = data(record);
        put(entry, "statementId", data.path("statementId").textValue());
        put(entry, "approvalId", data.path("approvalId").textValue());
        entry.put("summary", Narration.of(record));
        entry.put("digest", record.digest());
        entry.set("data", data);
        return entry;
    }

    static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    static byte[] bytes(JsonNode node) {
        try {
            return MAPPER.writeValueAsBytes(node);
        } catch (JacksonException e) {
            throw new IllegalStateException("a tree of JSON can always be written", e);
        }
    }

    private static JsonNode data(ReadRecord record) {
        try {
            return MAPPER.readTree(record.raw().value()).path("data");
        } catch (IOException _) {
            return MAPPER.nullNode();
        }
    }

    private static void put(ObjectNode entry, String name, @Nullable String value) {
        if (value != null) {
            entry.put(name, value);
        }
    }
}

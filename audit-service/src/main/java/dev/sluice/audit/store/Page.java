// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.store;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A piece of a list.
 *
 * @param next hand it in to go on after the last item; absent at the end
 */
public record Page(List<JsonObject> items, @Nullable String next) {
    /** A place in a list: the sort key of the last item that was seen. */
    static String cursor(JsonArray key) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(key.encode().getBytes(StandardCharsets.UTF_8));
    }

    /** Reads a cursor of {@code parts} parts. Fails with {@link IllegalArgumentException} on anything that {@link #cursor} has not made. */
    static JsonArray parse(String cursor, int parts) {
        try {
            var key = new JsonArray(new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8));
            if (key.size() == parts) {
                return key;
            }
        } catch (RuntimeException e) {
            throw new IllegalArgumentException("cursor: not one that this list has given out", e);
        }
        throw new IllegalArgumentException("cursor: not one that this list has given out");
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.store;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.function.Consumer;

/** The rows of a table: the first of them, or all, however many there are. */
public interface Rows {
    /** At most {@code limit}. Waits. */
    List<JsonObject> first(int limit);

    /** Hands all of them on, as they were at one moment. Waits. */
    void each(Consumer<JsonObject> taker);
}

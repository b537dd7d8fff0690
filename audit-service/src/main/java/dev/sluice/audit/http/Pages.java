// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.http;

import dev.sluice.audit.store.Page;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;

/** How a page of a list is asked for and answered. */
final class Pages {
    private static final int STANDARD_LIMIT = 50;
    private static final int MOST = 500;

    private Pages() {}

    static int limit(Parameters parameters) {
        return parameters.count("limit", STANDARD_LIMIT, MOST);
    }

    /** {@code next} is there when the list goes on. */
    static void answer(RoutingContext context, String name, Page page) {
        var items = new JsonArray();
        page.items().forEach(items::add);
        var body = new JsonObject().put(name, items);
        if (page.next() != null) {
            body.put("next", page.next());
        }
        Routes.json(context, 200, body);
    }
}

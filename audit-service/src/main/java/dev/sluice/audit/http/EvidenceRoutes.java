// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.http;

import dev.sluice.audit.http.Routes.Rule;
import dev.sluice.audit.store.EvidenceStore;
import dev.sluice.audit.store.Filters;
import dev.sluice.audit.store.Page;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.Set;

/** The lists: sessions, statements, findings. */
final class EvidenceRoutes {
    private static final int STANDARD_LIMIT = 50;
    private static final int MOST = 500;

    private final EvidenceStore store;

    EvidenceRoutes(EvidenceStore store) {
        this.store = store;
    }

    void addTo(Routes routes) {
        routes.get("/v1/sessions", Rule.AUDITOR, this::sessions);
        routes.get("/v1/sessions/:sessionId", Rule.AUDITOR, this::session);
        routes.get("/v1/statements", Rule.AUDITOR, this::statements);
        routes.get("/v1/findings", Rule.AUDITOR, this::findings);
    }

    private void sessions(RoutingContext context) {
        var parameters = new Parameters(context, Set.of("principal", "target", "open", "from", "to", "limit", "cursor"));
        var filter = new Filters.Sessions(
                parameters.text("principal"), parameters.text("target"), parameters.flag("open"), parameters.time("from"), parameters.time("to"));
        answer(context, "sessions", store.sessions(filter, parameters.text("cursor"), limit(parameters)).await());
    }

    private void session(RoutingContext context) {
        String sessionId = new Parameters(context, Set.of()).path("sessionId");
        JsonObject session = store.session(sessionId).await();
        if (session == null) {
            throw Problem.notFound("No session " + sessionId + " has been recorded.");
        }
        Routes.json(context, 200, session);
    }

    private void statements(RoutingContext context) {
        var parameters = new Parameters(
                context,
                Set.of("text", "table", "effect", "outcome", "sqlstate", "principal", "target", "sessionId", "approvalId", "from", "to", "limit", "cursor"));
        String outcome = parameters.text("outcome");
        if (outcome != null && !Set.of("allow", "deny", "hold").contains(outcome)) {
            throw Problem.badRequest("The parameter outcome is allow, deny or hold.");
        }
        var filter = new Filters.Statements(
                parameters.text("text"),
                parameters.text("table"),
                parameters.text("effect"),
                outcome,
                parameters.text("sqlstate"),
                parameters.text("principal"),
                parameters.text("target"),
                parameters.text("sessionId"),
                parameters.text("approvalId"),
                parameters.time("from"),
                parameters.time("to"));
        answer(context, "statements", store.statements(filter, parameters.text("cursor"), limit(parameters)).await());
    }

    private void findings(RoutingContext context) {
        var parameters = new Parameters(context, Set.of("kind", "sessionId", "limit", "cursor"));
        var filter = new Filters.Findings(parameters.text("kind"), parameters.text("sessionId"));
        answer(context, "findings", store.findings(filter, parameters.text("cursor"), limit(parameters)).await());
    }

    private static int limit(Parameters parameters) {
        return parameters.count("limit", STANDARD_LIMIT, MOST);
    }

    private static void answer(RoutingContext context, String name, Page page) {
        var items = new JsonArray();
        page.items().forEach(items::add);
        var body = new JsonObject().put(name, items);
        if (page.next() != null) {
            body.put("next", page.next());
        }
        Routes.json(context, 200, body);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.http;

import dev.sluice.audit.http.Routes.Rule;
import dev.sluice.audit.store.CustodyStore;
import dev.sluice.audit.store.Filters;
import dev.sluice.schemas.event.AuditEvent;
import io.vertx.core.Future;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/** What becomes of the evidence: accesses to it, legal holds, and what is left of what was dropped. */
final class CustodyRoutes {
    private static final int MAX_TEXT = 1_000;

    private final CustodyStore store;
    private final AuditJournal journal;

    CustodyRoutes(CustodyStore store, AuditJournal journal) {
        this.store = store;
        this.journal = journal;
    }

    void addTo(Routes routes) {
        routes.get("/v1/accesses", Rule.ADMIN, this::accesses);
        routes.get("/v1/dropped-sessions", Rule.AUDITOR, this::dropped);
        routes.get("/v1/legal-holds", Rule.ADMIN, this::legalHolds);
        routes.post("/v1/legal-holds", Rule.ADMIN, this::place);
        routes.post("/v1/legal-holds/:legalHoldId/lift", Rule.ADMIN, this::lift);
    }

    private void accesses(RoutingContext context, Caller caller) {
        var parameters = new Parameters(context, Set.of("caller", "sessionId", "permitted", "proven", "from", "to", "limit", "cursor"));
        var filter = new Filters.Accesses(
                parameters.text("caller"), parameters.text("sessionId"), parameters.flag("permitted"), parameters.flag("proven"), StatementParameters.span(parameters));
        Pages.answer(context, "accesses", store.accesses(filter, parameters.text("cursor"), Pages.limit(parameters)).await());
    }

    private void dropped(RoutingContext context, Caller caller) {
        var parameters = new Parameters(context, Set.of("limit", "cursor"));
        Pages.answer(context, "droppedSessions", store.dropped(caller.visibility(), parameters.text("cursor"), Pages.limit(parameters)).await());
    }

    private void legalHolds(RoutingContext context, Caller caller) {
        var parameters = new Parameters(context, Set.of("inForce", "limit", "cursor"));
        Pages.answer(context, "legalHolds", store.legalHolds(parameters.flag("inForce"), parameters.text("cursor"), Pages.limit(parameters)).await());
    }

    private void place(RoutingContext context, Caller caller) {
        JsonObject body = body(context, Set.of("kind", "value", "reason"));
        String id = UUID.randomUUID().toString();
        append(context, new AuditEvent.LegalholdPlaced(id, kind(text(body, "kind")), text(body, "value"), text(body, "reason"), caller.principal()));
        Routes.json(context, 202, new JsonObject().put("legalHoldId", id));
    }

    private void lift(RoutingContext context, Caller caller) {
        String id = new Parameters(context, Set.of()).path("legalHoldId");
        JsonObject body = body(context, Set.of("reason"));
        JsonObject hold = store.legalHold(id).await();
        if (hold == null) {
            throw Problem.notFound("No legal hold " + id + " is known.");
        }
        append(context, new AuditEvent.LegalholdLifted(id, text(body, "reason"), caller.principal()));
        Routes.json(context, 202, new JsonObject().put("legalHoldId", id));
    }

    /** The event is the truth; the table follows as soon as it has been read back from the log. */
    private void append(RoutingContext context, AuditEvent event) {
        try {
            Future.fromCompletionStage(journal.append(event), context.vertx().getOrCreateContext()).await();
        } catch (Exception _) {
            throw Problem.unavailable("The legal hold cannot be recorded now.");
        }
    }

    private static JsonObject body(RoutingContext context, Set<String> known) {
        JsonObject body;
        try {
            body = context.body().asJsonObject();
        } catch (DecodeException _) {
            body = null;
        }
        if (body == null) {
            throw Problem.badRequest("Send a JSON object.");
        }
        for (String name : body.fieldNames()) {
            if (!known.contains(name)) {
                throw Problem.badRequest("The field " + name + " is not known here; known: " + known.stream().sorted().collect(Collectors.joining(", ")) + ".");
            }
        }
        return body;
    }

    private static String text(JsonObject body, String name) {
        if (body.getValue(name) instanceof String text && !text.isBlank() && text.length() <= MAX_TEXT && text.indexOf('\0') < 0) {
            return text;
        }
        throw Problem.badRequest("The field " + name + " is a text of 1 to " + MAX_TEXT + " characters.");
    }

    private static AuditEvent.Subject kind(String word) {
        return Arrays.stream(AuditEvent.Subject.values())
                .filter(kind -> kind.name().toLowerCase(Locale.ROOT).equals(word))
                .findFirst()
                .orElseThrow(() -> Problem.badRequest("The field kind is session, principal or target."));
    }
}

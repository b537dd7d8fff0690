// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.http;

import dev.sluice.audit.http.Routes.Rule;
import dev.sluice.audit.store.EvidenceStore;
import dev.sluice.audit.store.Filters;
import dev.sluice.audit.store.StatementSearch;
import dev.sluice.audit.store.StatementSearch.Sort;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The lists: sessions, statements and their facets, findings. */
final class EvidenceRoutes {
    private static final int FACET_VALUES = 20;
    private static final int MOST_FACET_VALUES = 500;

    private final EvidenceStore store;
    private final StatementSearch search;

    EvidenceRoutes(EvidenceStore store, StatementSearch search) {
        this.store = store;
        this.search = search;
    }

    void addTo(Routes routes) {
        routes.get("/v1/sessions", Rule.AUDITOR, this::sessions);
        routes.get("/v1/sessions/:sessionId", Rule.AUDITOR, this::session);
        routes.get("/v1/statements", Rule.AUDITOR, this::statements);
        routes.get("/v1/statements/facets", Rule.AUDITOR, this::facets);
        routes.get("/v1/findings", Rule.AUDITOR, this::findings);
    }

    private void sessions(RoutingContext context, Caller caller) {
        var parameters = new Parameters(context, Set.of("principal", "group", "target", "open", "state", "application", "trace", "from", "to", "limit", "cursor"));
        Filters.Sessions filter = StatementParameters.sessions(parameters, StatementParameters.span(parameters));
        Pages.answer(context, "sessions", store.sessions(filter, caller.visibility(), parameters.text("cursor"), Pages.limit(parameters)).await());
    }

    private void session(RoutingContext context, Caller caller) {
        String sessionId = new Parameters(context, Set.of()).path("sessionId");
        JsonObject session = store.session(sessionId).await();
        if (session == null) {
            throw Problem.notFound("No session " + sessionId + " has been recorded.");
        }
        Routes.json(context, 200, session);
    }

    private void statements(RoutingContext context, Caller caller) {
        var parameters = new Parameters(context, StatementParameters.and("sort", "limit", "cursor"));
        String sort = parameters.text("sort");
        boolean descending = sort == null || sort.startsWith("-");
        Pages.answer(
                context,
                "statements",
                search.page(
                                StatementParameters.read(parameters),
                                caller.visibility(),
                                sort(sort == null || !descending ? sort : sort.substring(1)),
                                descending,
                                parameters.text("cursor"),
                                Pages.limit(parameters))
                        .await());
    }

    private static Sort sort(@Nullable String word) {
        if (word == null) {
            return Sort.STARTED;
        }
        return Arrays.stream(Sort.values())
                .filter(sort -> sort.word().equals(word))
                .findFirst()
                .orElseThrow(() -> Problem.badRequest("The parameter sort is one of "
                        + Arrays.stream(Sort.values()).map(Sort::word).collect(Collectors.joining(", ")) + ", with - before it for the greatest first."));
    }

    private void facets(RoutingContext context, Caller caller) {
        var parameters = new Parameters(context, StatementParameters.and("by", "limit"));
        String by = parameters.text("by");
        if (by == null || !StatementSearch.facets().contains(by)) {
            throw Problem.badRequest("The parameter by is one of " + String.join(", ", StatementSearch.facets()) + ".");
        }
        Routes.json(context, 200, search.facet(by, StatementParameters.read(parameters), caller.visibility(), parameters.count("limit", FACET_VALUES, MOST_FACET_VALUES)).await());
    }

    private void findings(RoutingContext context, Caller caller) {
        var parameters = new Parameters(context, Set.of("kind", "sessionId", "target", "attributed", "from", "to", "limit", "cursor"));
        var filter = new Filters.Findings(
                parameters.text("kind"), parameters.text("sessionId"), parameters.text("target"), parameters.flag("attributed"), StatementParameters.span(parameters));
        Pages.answer(context, "findings", store.findings(filter, caller.visibility(), parameters.text("cursor"), Pages.limit(parameters)).await());
    }
}

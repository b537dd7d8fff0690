// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.http;

import dev.sluice.audit.http.Routes.Rule;
import dev.sluice.audit.store.EvidenceStore;
import dev.sluice.audit.store.Filters;
import dev.sluice.audit.store.SessionSearch;
import dev.sluice.audit.store.StatementSearch;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The lists: sessions, statements, the facets of both, findings. */
final class EvidenceRoutes {
    private static final int FACET_VALUES = 20;
    private static final int MOST_FACET_VALUES = 500;

    private final EvidenceStore store;
    private final SessionSearch sessions;
    private final StatementSearch search;

    EvidenceRoutes(EvidenceStore store, SessionSearch sessions, StatementSearch search) {
        this.store = store;
        this.sessions = sessions;
        this.search = search;
    }

    void addTo(Routes routes) {
        routes.get("/v1/sessions", Rule.AUDITOR, this::sessions);
        routes.get("/v1/sessions/facets", Rule.AUDITOR, this::sessionFacets);
        routes.get("/v1/sessions/:sessionId", Rule.AUDITOR, this::session);
        routes.get("/v1/statements", Rule.AUDITOR, this::statements);
        routes.get("/v1/statements/facets", Rule.AUDITOR, this::facets);
        routes.get("/v1/findings", Rule.AUDITOR, this::findings);
    }

    private void sessions(RoutingContext context, Caller caller) {
        var parameters = new Parameters(context, StatementParameters.ofSessionsAnd("sort", "limit", "cursor"));
        Filters.Sessions filter = StatementParameters.sessions(parameters, StatementParameters.span(parameters));
        var order = Order.of(parameters, SessionSearch.Sort.STARTED, SessionSearch.Sort.values(), SessionSearch.Sort::word);
        Pages.answer(
                context,
                "sessions",
                sessions.page(filter, caller.visibility(), order.sort(), order.descending(), parameters.text("cursor"), Pages.limit(parameters)).await());
    }

    private void sessionFacets(RoutingContext context, Caller caller) {
        var parameters = new Parameters(context, StatementParameters.ofSessionsAnd("by", "limit"));
        String by = by(parameters, SessionSearch.facets());
        Filters.Sessions filter = StatementParameters.sessions(parameters, StatementParameters.span(parameters));
        Routes.json(context, 200, sessions.facet(by, filter, caller.visibility(), parameters.count("limit", FACET_VALUES, MOST_FACET_VALUES)).await());
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
        var order = Order.of(parameters, StatementSearch.Sort.STARTED, StatementSearch.Sort.values(), StatementSearch.Sort::word);
        Pages.answer(
                context,
                "statements",
                search.page(
                                StatementParameters.read(parameters),
                                caller.visibility(),
                                order.sort(),
                                order.descending(),
                                parameters.text("cursor"),
                                Pages.limit(parameters))
                        .await());
    }

    /** What a list is sorted by. */
    private record Order<S>(S sort, boolean descending) {
        /** The greatest of {@code standard} first where nothing else is asked for. */
        static <S> Order<S> of(Parameters parameters, S standard, S[] sorts, Function<S, String> word) {
            String given = parameters.text("sort");
            if (given == null) {
                return new Order<>(standard, true);
            }
            boolean descending = given.startsWith("-");
            String wanted = descending ? given.substring(1) : given;
            S sort = Arrays.stream(sorts)
                    .filter(one -> word.apply(one).equals(wanted))
                    .findFirst()
                    .orElseThrow(() -> Problem.badRequest("The parameter sort is one of "
                            + Arrays.stream(sorts).map(word).collect(Collectors.joining(", ")) + ", with - before it for the greatest first."));
            return new Order<>(sort, descending);
        }
    }

    private static String by(Parameters parameters, List<String> facets) {
        String by = parameters.text("by");
        if (by == null || !facets.contains(by)) {
            throw Problem.badRequest("The parameter by is one of " + String.join(", ", facets) + ".");
        }
        return by;
    }

    private void facets(RoutingContext context, Caller caller) {
        var parameters = new Parameters(context, StatementParameters.and("by", "limit"));
        String by = by(parameters, StatementSearch.facets());
        Routes.json(context, 200, search.facet(by, StatementParameters.read(parameters), caller.visibility(), parameters.count("limit", FACET_VALUES, MOST_FACET_VALUES)).await());
    }

    private void findings(RoutingContext context, Caller caller) {
        var parameters = new Parameters(context, Set.of("kind", "sessionId", "target", "attributed", "from", "to", "limit", "cursor"));
        var filter = new Filters.Findings(
                parameters.text("kind"), parameters.text("sessionId"), parameters.text("target"), parameters.flag("attributed"), StatementParameters.span(parameters));
        Pages.answer(context, "findings", store.findings(filter, caller.visibility(), parameters.text("cursor"), Pages.limit(parameters)).await());
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.http;

import dev.sluice.audit.http.ReportPage.Figure;
import dev.sluice.audit.http.Routes.Rule;
import dev.sluice.audit.store.ReportStore;
import dev.sluice.audit.store.ReportStore.Scope;
import dev.sluice.audit.store.Rows;
import dev.sluice.audit.store.SessionState;
import dev.sluice.audit.store.StatementEnd;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Reports for people who answer to others: figures, and under each the evidence it was counted from. */
final class ReportRoutes {
    private static final String STATEMENTS = "/v1/statements";
    private static final String FACETS = "/v1/statements/facets";
    private static final String SESSIONS = "/v1/sessions";
    private static final String FINDINGS = "/v1/findings";
    private static final String RAN = StatementEnd.RAN.word();
    private static final int MOST_VALUES = 500;

    private final ReportStore store;

    ReportRoutes(ReportStore store) {
        this.store = store;
    }

    void addTo(Routes routes) {
        routes.get("/v1/reports/destructive", Rule.AUDITOR, (context, caller) -> answer(context, caller, this::destructive));
        routes.get("/v1/reports/masked-columns", Rule.AUDITOR, (context, caller) -> answer(context, caller, this::exposures));
        routes.get("/v1/reports/denied", Rule.AUDITOR, (context, caller) -> answer(context, caller, this::denied));
        routes.get("/v1/reports/policies", Rule.AUDITOR, (context, caller) -> answer(context, caller, this::policies));
        routes.get("/v1/reports/completeness", Rule.AUDITOR, (context, caller) -> answer(context, caller, this::completeness));
    }

    /** Makes one report. Waits. */
    @FunctionalInterface
    private interface Report {
        ReportPage of(Scope scope);
    }

    private static void answer(RoutingContext context, Caller caller, Report report) {
        var parameters = new Parameters(context, Set.of("format", "from", "to", "target"));
        var scope = new Scope(StatementParameters.span(parameters), parameters.text("target"), caller.visibility());
        String format = parameters.text("format");
        if (format != null && !Set.of("json", "csv", "html").contains(format)) {
            throw Problem.badRequest("The parameter format is json, csv or html.");
        }
        ReportPage page = report.of(scope);
        HttpServerResponse response = context.response();
        if (format == null || format.equals("json")) {
            Routes.json(context, 200, page.json());
        } else if (format.equals("csv")) {
            response.setChunked(true).putHeader(HttpHeaders.CONTENT_TYPE, "text/csv; charset=utf-8");
            var out = new ResponseStream(response);
            page.csv(line -> out.bytes(line.getBytes(StandardCharsets.UTF_8)));
            out.end();
        } else {
            response.putHeader(HttpHeaders.CONTENT_TYPE, "text/html; charset=utf-8").putHeader("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'");
            ResponseStream.answer(response, page.html().getBytes(StandardCharsets.UTF_8));
        }
    }

    private ReportPage destructive(Scope scope) {
        List<Figure> figures = figures(
                store.destructiveFigures(scope).await(),
                name -> link(STATEMENTS, scope).with("destructive", true).with("end", name.equals("statements") ? null : word(name)).toString());
        return page(
                "Destructive statements, with their approvals and refusals",
                scope,
                figures,
                List.of(
                        "startedAt", "sessionId", "principal", "target", "outcome", "rule", "approvers", "refusalReason", "withdrawalReason", "sqlstate", "rowCount",
                        "query"),
                store.destructive(scope));
    }

    private ReportPage exposures(Scope scope) {
        List<Figure> figures = figures(store.exposureFigures(scope).await(), name -> link(name.startsWith("principals") ? FACETS : STATEMENTS, scope)
                .with("unmasked", name.equals("unmaskedStatements") || name.equals("principalsUnmasked"))
                .with("end", RAN)
                .with("by", name.startsWith("principals") ? "principal" : null)
                .with("limit", name.startsWith("principals") ? MOST_VALUES : null)
                .toString());
        Rows rows = store.exposures(scope);
        return page(
                "Who has read masked columns, masked or not",
                scope,
                figures,
                List.of("maskedColumn", "principal", "target", "masked", "maskRule", "exemption", "statements", "rowCount", "firstAt", "lastAt", "sessionId"),
                rows).withEvidence(row -> new Query(STATEMENTS)
                .with("from", scope.started().from())
                .with("to", scope.started().to())
                .with("target", row.getString("target"))
                .with("principal", row.getString("principal"))
                .with("maskedColumn", row.getString("maskedColumn"))
                .with("unmasked", !row.getBoolean("masked"))
                .with("end", RAN)
                .toString());
    }

    private ReportPage denied(Scope scope) {
        List<Figure> figures = figures(store.deniedFigures(scope).await(), name -> switch (name) {
            case "refusedSessions" -> link(SESSIONS, scope).with("state", SessionState.REFUSED.word()).toString();
            case "principals", "rules" -> link(FACETS, scope)
                    .with("end", StatementEnd.STOPPED.word())
                    .with("by", name.substring(0, name.length() - 1))
                    .with("limit", MOST_VALUES)
                    .toString();
            case "statements" -> link(STATEMENTS, scope).with("end", StatementEnd.STOPPED.word()).toString();
            default -> link(STATEMENTS, scope).with("end", word(name)).toString();
        });
        return page(
                "Denied attempts",
                scope,
                figures,
                List.of("startedAt", "sessionId", "principal", "target", "outcome", "rule", "reason", "refusalSqlstate", "refusalReason", "deniedBy", "enforced", "query"),
                store.denied(scope), store.refusedSessions(scope));
    }

    private ReportPage policies(Scope scope) {
        List<Figure> figures = figures(
                store.policyFigures(scope).await(), name -> name.equals("loads")
                        ? link(SESSIONS, scope).with("state", SessionState.POLICY.word()).toString()
                        : link(FACETS, scope).with("by", "policy").with("limit", MOST_VALUES).toString());
        return page(
                "Policies in force",
                scope,
                figures,
                List.of("target", "policyVersion", "firstLoaded", "firstDecision", "lastDecision", "statements", "notEnforced", "sessionId"),
                store.policies(scope)).withEvidence(row -> new Query(STATEMENTS)
                .with("from", scope.started().from())
                .with("to", scope.started().to())
                .with("target", row.getString("target"))
                .with("policy", row.getString("policyVersion"))
                .toString());
    }

    private ReportPage completeness(Scope scope) {
        List<Figure> figures = new ArrayList<>(figures(store.completenessFigures(scope).await(), name -> switch (name) {
            case "sessions" -> link(SESSIONS, scope).toString();
            case "statements" -> link(STATEMENTS, scope).toString();
            default -> link(SESSIONS, scope).with("state", word(name)).toString();
        }));
        store.findingsWithoutSession(scope).await().forEach(row -> figures.add(new Figure(
                "findings of no session: " + row.getString("kind"),
                row.getLong("findings"),
                link(FINDINGS, scope).with("kind", row.getString("kind")).with("attributed", false).toString())));
        return page(
                "Completeness of the record",
                scope,
                figures,
                List.of("startedAt", "sessionId", "principal", "target", "role", "application", "clientAddress", "serverProcess", "lastAt", "lastSequence", "sealedSequence", "closedAt", "findings"),
                store.completeness(scope));
    }

    /** {@code autoApproved} as a request writes it. */
    private static String word(String figure) {
        return figure.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }

    /** Where a figure's evidence is listed, by the figure's name. */
    @FunctionalInterface
    private interface Evidence {
        String of(String name);
    }

    private static List<Figure> figures(JsonObject counted, Evidence evidence) {
        return counted.fieldNames().stream().map(name -> new Figure(name, counted.getLong(name), evidence.of(name))).toList();
    }

    private static Query link(String path, Scope scope) {
        return new Query(path).with("from", scope.started().from()).with("to", scope.started().to()).with("target", scope.target());
    }

    private static ReportPage page(String title, Scope scope, List<Figure> figures, List<String> columns, Rows... rows) {
        String from = scope.started().from() == null ? "the beginning" : scope.started().from().toString();
        String to = scope.started().to() == null ? "now" : scope.started().to().toString();
        String target = scope.target() == null ? "every target that the reader may see" : "target " + scope.target();
        return new ReportPage(title, "From " + from + " to " + to + ", " + target, figures, columns, List.of(rows));
    }
}

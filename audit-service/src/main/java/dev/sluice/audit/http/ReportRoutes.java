// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.http;

import dev.sluice.audit.http.ReportPage.Figure;
import dev.sluice.audit.http.Routes.Rule;
import dev.sluice.audit.store.ReportStore;
import dev.sluice.audit.store.ReportStore.Scope;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reports for people who answer to others: figures, and under each the evidence it was counted from. */
final class ReportRoutes {
    private static final String STATEMENTS = "/v1/statements";
    private static final String FINDINGS = "/v1/findings";

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
        if (format == null || format.equals("json")) {
            Routes.json(context, 200, page.json());
        } else if (format.equals("csv")) {
            ResponseStream.answer(context.response().putHeader(HttpHeaders.CONTENT_TYPE, "text/csv; charset=utf-8"), page.csv().getBytes(StandardCharsets.UTF_8));
        } else {
            ResponseStream.answer(
                    context.response()
                            .putHeader(HttpHeaders.CONTENT_TYPE, "text/html; charset=utf-8")
                            .putHeader("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'"),
                    page.html().getBytes(StandardCharsets.UTF_8));
        }
    }

    private ReportPage destructive(Scope scope) {
        Map<String, String> narrowed = Map.of("denied", "deny", "allowedByPolicy", "allow", "approved", "hold", "refused", "hold", "withdrawn", "hold");
        List<Figure> figures = figures(store.destructiveFigures(scope).await(), name -> link(STATEMENTS, scope).with("outcome", narrowed.get(name)).toString());
        return page(
                "Destructive statements, with their approvals and refusals",
                scope,
                figures,
                List.of(
                        "startedAt", "sessionId", "principal", "target", "outcome", "rule", "approvers", "refusalReason", "withdrawalReason", "sqlstate", "rowCount",
                        "query"),
                store.destructive(scope).await());
    }

    private ReportPage exposures(Scope scope) {
        List<Figure> figures = figures(store.exposureFigures(scope).await(), name -> link(STATEMENTS, scope)
                .with("unmasked", name.equals("unmaskedStatements") || name.equals("principalsUnmasked"))
                .toString());
        List<JsonObject> rows = store.exposures(scope).await();
        rows.forEach(row -> row.put("evidence", link(STATEMENTS, scope)
                .with("principal", row.getString("principal"))
                .with("maskedColumn", row.getString("maskedColumn"))
                .with("unmasked", !row.getBoolean("masked"))
                .toString()));
        return page(
                "Who has read masked columns, masked or not",
                scope,
                figures,
                List.of("maskedColumn", "principal", "target", "masked", "maskRule", "exemption", "statements", "rowCount", "firstAt", "lastAt", "sessionId"),
                rows);
    }

    private ReportPage denied(Scope scope) {
        List<Figure> figures = figures(store.deniedFigures(scope).await(), name -> link(STATEMENTS, scope)
                .with("outcome", name.equals("byPolicy") ? "deny" : name.equals("byPeople") ? "hold" : null)
                .toString());
        return page(
                "Denied attempts",
                scope,
                figures,
                List.of("startedAt", "sessionId", "principal", "target", "outcome", "rule", "reason", "refusalReason", "enforced", "query"),
                store.denied(scope).await());
    }

    private ReportPage policies(Scope scope) {
        List<JsonObject> rows = store.policies(scope).await();
        return page(
                "Policies in force",
                scope,
                List.of(new Figure("policies", rows.stream().map(row -> row.getString("policyVersion")).distinct().count(), link(STATEMENTS, scope).toString())),
                List.of("target", "policyVersion", "firstDecision", "lastDecision", "statements", "notEnforced", "sessionId"),
                rows);
    }

    private ReportPage completeness(Scope scope) {
        List<Figure> figures = new ArrayList<>(figures(store.completenessFigures(scope).await(), name -> switch (name) {
            case "withoutEnd" -> link("/v1/sessions", scope).with("open", true).toString();
            case "withFindings" -> FINDINGS;
            case "bypassed" -> new Query(FINDINGS).with("kind", "bypassed").toString();
            case "statements" -> link(STATEMENTS, scope).toString();
            default -> link("/v1/sessions", scope).toString();
        }));
        store.findingsWithoutSession(scope.visibility()).await().forEach(row -> figures.add(new Figure(
                "findings of no session: " + row.getString("kind"),
                row.getLong("findings"),
                new Query(FINDINGS).with("kind", row.getString("kind")).toString())));
        return page(
                "Completeness of the record",
                scope,
                figures,
                List.of("startedAt", "sessionId", "principal", "target", "role", "application", "clientAddress", "serverProcess", "lastAt", "lastSequence", "sealedSequence", "closedAt", "findings"),
                store.completeness(scope).await());
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

    private static ReportPage page(String title, Scope scope, List<Figure> figures, List<String> columns, List<JsonObject> rows) {
        String from = scope.started().from() == null ? "the beginning" : scope.started().from().toString();
        String to = scope.started().to() == null ? "now" : scope.started().to().toString();
        String target = scope.target() == null ? "every target that the reader may see" : "target " + scope.target();
        return new ReportPage(title, "From " + from + " to " + to + ", " + target, figures, columns, rows, rows.size() == ReportStore.ROWS);
    }
}

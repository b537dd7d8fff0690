// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.http;

import dev.sluice.audit.store.Rows;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A report in one of three forms. Each figure and each row links to its evidence.
 *
 * @param figures what was counted, each with the request that lists it
 * @param columns of the table, by the names of the rows' fields
 * @param tables whose rows it has, one after the other
 * @param evidence where what a row is about is listed, for rows that are about more than one session
 */
record ReportPage(String title, String scope, List<Figure> figures, List<String> columns, List<Rows> tables, Function<JsonObject, @Nullable String> evidence) {
    /** Most rows of each table in JSON and HTML. */
    private static final int SHOWN = 5_000;

    /** Its rows are each about one session. */
    ReportPage(String title, String scope, List<Figure> figures, List<String> columns, List<Rows> tables) {
        this(title, scope, figures, columns, tables, row -> null);
    }

    /** The same, with rows that say where what they are about is listed. */
    ReportPage withEvidence(Function<JsonObject, @Nullable String> listed) {
        return new ReportPage(title, scope, figures, columns, tables, listed);
    }

    /** One number, and where what it counts is listed. */
    record Figure(String name, long value, String evidence) {}

    /** The rows that are shown; {@code truncated} where there are more. */
    private record Shown(List<JsonObject> rows, boolean truncated) {}

    /** Waits. */
    private Shown shown() {
        List<JsonObject> rows = new ArrayList<>();
        boolean truncated = false;
        for (Rows table : tables) {
            List<JsonObject> first = table.first(SHOWN + 1);
            truncated |= first.size() > SHOWN;
            first.stream().limit(SHOWN).forEach(rows::add);
        }
        return new Shown(rows, truncated);
    }

    /** Waits. */
    JsonObject json() {
        var numbers = new JsonArray();
        figures.forEach(figure -> numbers.add(new JsonObject().put("name", figure.name()).put("value", figure.value()).put("evidence", figure.evidence())));
        Shown shown = shown();
        var table = new JsonArray();
        shown.rows().forEach(row -> table.add(row.copy().put("evidence", evidence(row))));
        return new JsonObject().put("title", title).put("scope", scope).put("figures", numbers).put("rows", table).put("truncated", shown.truncated());
    }

    /** The figures, an empty line, and every row there is. Waits. */
    void csv(Consumer<String> lines) {
        lines.accept(Csv.line(List.of("figure", "value", "evidence")));
        figures.forEach(figure -> lines.accept(Csv.line(List.of(figure.name(), String.valueOf(figure.value()), figure.evidence()))));
        lines.accept("\r\n");
        List<String> names = new ArrayList<>(columns);
        names.add("evidence");
        lines.accept(Csv.line(names));
        tables.forEach(table -> table.each(row -> lines.accept(Csv.line(row.copy().put("evidence", evidence(row)), names))));
    }

    /** A page that prints well and loads nothing. Waits. */
    String html() {
        Shown shown = shown();
        var html = new StringBuilder("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>")
                .append(escaped(title))
                .append("</title><style>body{font:14px sans-serif;margin:2em}table{border-collapse:collapse;width:100%}")
                .append("th,td{border:1px solid #999;padding:.3em .5em;text-align:left;vertical-align:top;overflow-wrap:anywhere}")
                .append("thead{display:table-header-group}tr{break-inside:avoid}@media print{body{margin:0;font-size:10px}a{color:inherit}}</style></head><body><h1>")
                .append(escaped(title))
                .append("</h1><p>")
                .append(escaped(scope))
                .append("</p><table><tbody>");
        for (Figure figure : figures) {
            html.append("<tr><th>").append(escaped(words(figure.name()))).append("</th><td>").append(link(figure.evidence(), String.valueOf(figure.value()))).append("</td></tr>");
        }
        html.append("</tbody></table><h2>Evidence</h2>");
        if (shown.truncated()) {
            html.append("<p>Only the first ").append(SHOWN).append(" are shown; the figures count all, and format=csv has all.</p>");
        }
        html.append("<table><thead><tr>");
        columns.forEach(column -> html.append("<th>").append(escaped(words(column))).append("</th>"));
        html.append("</tr></thead><tbody>");
        for (JsonObject row : shown.rows()) {
            html.append("<tr>");
            for (String column : columns) {
                String text = text(row.getValue(column));
                html.append("<td>").append(column.equals("sessionId") ? link(evidence(row), text) : escaped(text)).append("</td>");
            }
            html.append("</tr>");
        }
        return html.append("</tbody></table></body></html>").toString();
    }

    /** What a row says itself, else its session. */
    private String evidence(JsonObject row) {
        String own = evidence.apply(row);
        if (own != null) {
            return own;
        }
        String session = row.getString("sessionId");
        return session == null ? "" : "/v1/sessions/" + Query.encoded(session) + "/timeline";
    }

    private static String link(String target, String text) {
        return target.isEmpty() ? escaped(text) : "<a href=\"" + escaped(target) + "\">" + escaped(text) + "</a>";
    }

    /** {@code allowedByPolicy} as words. */
    private static String words(String name) {
        String spaced = name.replaceAll("([A-Z])", " $1").toLowerCase(Locale.ROOT);
        return Character.toUpperCase(spaced.charAt(0)) + spaced.substring(1);
    }

    private static String text(@Nullable Object value) {
        return switch (value) {
            case null -> "";
            case JsonArray values -> values.stream().map(String::valueOf).collect(Collectors.joining(", "));
            default -> String.valueOf(value);
        };
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;").replace("'", "&#39;");
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.http;

import dev.sluice.audit.store.Filters;
import dev.sluice.audit.store.SessionState;
import dev.sluice.audit.store.StatementEnd;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The query parameters that choose statements; the same for lists, facets and exports. */
final class StatementParameters {
    private static final Set<String> NAMES = Set.of(
            "text", "words", "table", "function", "kind", "effect", "outcome", "rule", "approver", "sqlstate", "principal", "group", "target",
            "sessionId", "approvalId", "bounded", "minRows", "maxRows", "minDuration", "maxDuration", "column", "maskedColumn", "unmasked",
            "from", "to", "trace", "end", "destructive", "policy");

    /** What a session has of its own. */
    private static final Set<String> OF_SESSIONS = Set.of("principal", "group", "target", "from", "to", "trace", "open", "state", "application");

    /** What says only of a statement which one it is, or in which session. */
    private static final Set<String> OF_STATEMENTS_ALONE = Set.of("sessionId");

    private StatementParameters() {}

    /** All of their names, and {@code more}. */
    static Set<String> and(String... more) {
        Set<String> names = new HashSet<>(NAMES);
        names.addAll(Arrays.asList(more));
        return names;
    }

    /** The names of what sessions are found by, also through their statements, and {@code more}. */
    static Set<String> ofSessionsAnd(String... more) {
        Set<String> names = and(more);
        names.removeAll(OF_STATEMENTS_ALONE);
        names.addAll(OF_SESSIONS);
        names.addAll(Arrays.asList(more));
        return names;
    }

    static Filters.Statements read(Parameters parameters) {
        return statement(parameters, parameters.text("principal"), parameters.text("group"), parameters.text("target"), parameters.text("sessionId"), span(parameters), trace(parameters));
    }

    /** What is asked of a statement apart from what it shares with its session. */
    private static Filters.Statements statement(
            Parameters parameters,
            @Nullable String principal,
            @Nullable String group,
            @Nullable String target,
            @Nullable String sessionId,
            Filters.Span started,
            @Nullable String trace) {
        return new Filters.Statements(
                parameters.text("text"),
                parameters.text("words"),
                parameters.text("table"),
                parameters.text("function"),
                parameters.text("kind"),
                parameters.text("effect"),
                outcome(parameters),
                parameters.text("rule"),
                parameters.text("approver"),
                parameters.text("sqlstate"),
                principal,
                group,
                target,
                sessionId,
                parameters.text("approvalId"),
                parameters.flag("bounded"),
                parameters.number("minRows"),
                parameters.number("maxRows"),
                parameters.duration("minDuration"),
                parameters.duration("maxDuration"),
                parameters.text("maskedColumn"),
                parameters.flag("unmasked"),
                started,
                trace,
                column(parameters),
                end(parameters),
                parameters.flag("destructive"),
                parameters.text("policy"));
    }

    /** {@code from} and {@code to}. */
    static Filters.Span span(Parameters parameters) {
        return new Filters.Span(parameters.time("from"), parameters.time("to"));
    }

    /** A trace-id, or the whole traceparent that it stands in. */
    private static @Nullable String trace(Parameters parameters) {
        String trace = parameters.text("trace");
        String id = trace != null && trace.matches("[0-9a-f]{2}-[0-9a-f]{32}-.*") ? trace.substring(3, 35) : trace;
        if (id != null && !id.matches("[0-9a-f]{32}")) {
            throw Problem.badRequest("The parameter trace is 32 hexadecimal digits, small letters, or a whole traceparent.");
        }
        return id;
    }

    /** Masks have columns by their whole names: beside {@code unmasked} only such a name says which is meant. */
    private static @Nullable String column(Parameters parameters) {
        String column = parameters.text("column");
        if (column != null && parameters.flag("unmasked") != null && parameters.text("maskedColumn") == null && column.chars().filter(c -> c == '.').count() < 2) {
            throw Problem.badRequest("Beside unmasked, the parameter column is the column's whole name, schema.table.column.");
        }
        return column;
    }

    private static @Nullable StatementEnd end(Parameters parameters) {
        String end = parameters.text("end");
        return end == null
                ? null
                : StatementEnd.of(end).orElseThrow(() -> Problem.badRequest("The parameter end is one of " + String.join(", ", StatementEnd.words()) + "."));
    }

    /** The filters of a list of sessions. */
    static Filters.Sessions sessions(Parameters parameters, Filters.Span span) {
        String state = parameters.text("state");
        return new Filters.Sessions(
                parameters.text("principal"),
                parameters.text("group"),
                parameters.text("target"),
                parameters.flag("open"),
                state == null
                        ? null
                        : SessionState.of(state).orElseThrow(() -> Problem.badRequest("The parameter state is one of " + String.join(", ", SessionState.words()) + ".")),
                parameters.text("application"),
                trace(parameters),
                span,
                names().stream().anyMatch(name -> parameters.text(name) != null) ? statement(parameters, null, null, null, null, new Filters.Span(span.from(), null), null) : null);
    }

    /** What is asked of statements alone. */
    private static Set<String> names() {
        Set<String> names = new HashSet<>(NAMES);
        names.removeAll(OF_SESSIONS);
        names.removeAll(OF_STATEMENTS_ALONE);
        return names;
    }

    private static @Nullable String outcome(Parameters parameters) {
        String outcome = parameters.text("outcome");
        if (outcome != null && !Set.of("allow", "deny", "hold").contains(outcome)) {
            throw Problem.badRequest("The parameter outcome is allow, deny or hold.");
        }
        return outcome;
    }
}

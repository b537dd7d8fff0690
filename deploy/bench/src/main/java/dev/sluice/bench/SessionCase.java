// SPDX-License-Identifier: Apache-2.0
package dev.sluice.bench;

import dev.sluice.audit.store.Filters;
import dev.sluice.audit.store.SessionSearch.Sort;
import dev.sluice.audit.store.SessionState;
import dev.sluice.audit.store.Visibility;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * One search of sessions, with another value for each round.
 *
 * @param there whether it finds something in some round; else it never does
 */
record SessionCase(String name, Sort sort, boolean descending, Visibility visibility, boolean there, IntFunction<Filters.Sessions> filter) {
    /** What sessions are found by, of themselves and of their statements: values that are frequent, rare and not there. */
    static List<SessionCase> all(int days) {
        List<SessionCase> all = new ArrayList<>();
        all.add(newest("newest", round -> filter(new JsonObject())));
        all.add(newest("principal", round -> filter(of("principal", "agent-" + round * 7 % 500))));
        all.add(newest("group", round -> filter(of("group", "team-" + round % 40))));
        all.add(newest("state without-end", round -> filter(of("state", "without-end"))));
        all.add(nothing("state with-findings, which is not there", round -> filter(of("state", "with-findings"))));
        all.add(newest("trace", round -> filter(of("trace", SearchSet.trace(round * 101)))));
        all.add(newest("a day", round -> filter(of("from", SearchCase.time(round % days)).put("to", SearchCase.time(round % days + 1)))));
        all.add(newest("table", round -> by(of("table", "public.orders_" + round * 7 % 300))));
        all.add(nothing("table that is not there", round -> by(of("table", "public.nothing_" + round))));
        all.add(newest("function, rare", round -> by(of("function", "pg_sleep"))));
        all.add(newest("effect", round -> by(of("effect", "write"))));
        all.add(newest("effect, rare", round -> by(of("effect", "schema"))));
        all.add(newest("outcome deny", round -> by(of("outcome", "deny"))));
        all.add(newest("rule", round -> by(of("rule", "rule-" + round % 40))));
        all.add(newest("approver", round -> by(of("approver", "person-" + round % 30))));
        all.add(newest("column, rare", round -> by(of("column", "credit_limit"))));
        all.add(newest("sqlstate, rare", round -> by(of("sqlstate", "40P01"))));
        all.add(nothing("sqlstate that is not there", round -> by(of("sqlstate", "57014"))));
        all.add(newest("rows, at least", round -> by(new JsonObject().put("minRows", 999L))));
        all.add(newest("duration, at least, rare", round -> by(new JsonObject().put("minDuration", 9_000L))));
        all.add(newest("text, one statement", round -> by(of("text", "where id = " + (10_000 + round * 977)))));
        all.add(nothing("text that is not there", round -> by(of("text", "gone" + round))));
        all.add(newest("words, rare", round -> by(of("words", "needle note"))));
        all.add(newest("end rejected", round -> by(of("end", "rejected"))));
        all.add(newest("destructive, rare", round -> by(new JsonObject().put("destructive", true))));
        all.add(newest("principal and table", round -> by(of("principal", "agent-" + round * 7 % 500), of("table", "public.orders_" + round * 7 % 300))));
        all.add(newest("outcome deny on two days", round -> by(of("from", SearchCase.time(round % days)).put("to", SearchCase.time(round % days + 2)), of("outcome", "deny"))));
        all.add(new SessionCase("oldest by table", Sort.STARTED, false, Visibility.ALL, true, round -> by(of("table", "public.orders_" + round * 7 % 300))));
        all.add(new SessionCase("longest of all", Sort.DURATION, true, Visibility.ALL, true, round -> filter(new JsonObject())));
        all.add(new SessionCase("longest by effect", Sort.DURATION, true, Visibility.ALL, true, round -> by(of("effect", "write"))));
        all.add(new SessionCase("longest by function, rare", Sort.DURATION, true, Visibility.ALL, true, round -> by(of("function", "pg_sleep"))));
        all.add(new SessionCase("longest by table that is not there", Sort.DURATION, true, Visibility.ALL, false, round -> by(of("table", "public.nothing_" + round))));
        all.add(new SessionCase("most statements by table", Sort.STATEMENTS, true, Visibility.ALL, true, round -> by(of("table", "public.orders_" + round * 7 % 300))));
        all.add(new SessionCase("effect, seeing a small target alone", Sort.STARTED, true, new Visibility(Set.of("small")), true, round -> by(of("effect", "write"))));
        return all;
    }

    private static SessionCase newest(String name, IntFunction<Filters.Sessions> filter) {
        return new SessionCase(name, Sort.STARTED, true, Visibility.ALL, true, filter);
    }

    private static SessionCase nothing(String name, IntFunction<Filters.Sessions> filter) {
        return new SessionCase(name, Sort.STARTED, true, Visibility.ALL, false, filter);
    }

    private static JsonObject of(String name, String value) {
        return SearchCase.of(name, value);
    }

    static Filters.Sessions filter(JsonObject session) {
        return filter(session, null);
    }

    /** Sessions that have such a statement. */
    static Filters.Sessions by(JsonObject statement) {
        return by(new JsonObject(), statement);
    }

    private static Filters.Sessions by(JsonObject session, JsonObject statement) {
        return filter(session, SearchCase.filter(statement));
    }

    private static Filters.Sessions filter(JsonObject session, Filters.@Nullable Statements statements) {
        String state = session.getString("state");
        return new Filters.Sessions(
                session.getString("principal"),
                session.getString("group"),
                session.getString("target"),
                null,
                state == null ? null : SessionState.of(state).orElseThrow(),
                session.getString("application"),
                session.getString("trace"),
                new Filters.Span(SearchCase.instant(session.getString("from")), SearchCase.instant(session.getString("to"))),
                statements);
    }
}

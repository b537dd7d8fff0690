// SPDX-License-Identifier: Apache-2.0
package dev.sluice.bench;

import dev.sluice.audit.store.Filters;
import dev.sluice.audit.store.StatementEnd;
import dev.sluice.audit.store.StatementSearch.Sort;
import dev.sluice.audit.store.Visibility;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * One search of statements, with another value for each round.
 *
 * @param there whether it finds something in some round; else it never does
 */
record SearchCase(String name, Sort sort, boolean descending, Visibility visibility, boolean there, IntFunction<Filters.Statements> filter) {
    /** Every filter alone, some of them together, and the sorts; values that are frequent, rare and not there. */
    static List<SearchCase> all(int days) {
        List<SearchCase> all = new ArrayList<>();
        all.add(of("newest", round -> filter(new JsonObject())));
        all.add(of("principal", round -> filter(of("principal", "agent-" + round * 7 % 500))));
        all.add(of("target", round -> filter(of("target", "target-" + round % 20))));
        all.add(of("group", round -> filter(of("group", "team-" + round % 40))));
        all.add(of("session", round -> filter(of("sessionId", "s" + round * 31))));
        all.add(of("approval", round -> filter(of("approvalId", "a" + (round * 500 + 7)))));
        all.add(of("table", round -> filter(of("table", "public.orders_" + round * 7 % 300))));
        all.add(nothing("table that is not there", round -> filter(of("table", "public.nothing_" + round))));
        all.add(of("function, rare", round -> filter(of("function", "pg_sleep"))));
        all.add(of("kind", round -> filter(of("kind", "UPDATE"))));
        all.add(nothing("kind that is not there", round -> filter(of("kind", "DROP TABLE"))));
        all.add(of("effect", round -> filter(of("effect", "write"))));
        all.add(of("effect, rare", round -> filter(of("effect", "schema"))));
        all.add(of("outcome deny", round -> denied()));
        all.add(of("outcome hold", round -> filter(of("outcome", "hold"))));
        all.add(of("rule", round -> filter(of("rule", "rule-" + round % 40))));
        all.add(of("approver", round -> filter(of("approver", "person-" + round % 30))));
        all.add(of("sqlstate, rare", round -> filter(of("sqlstate", "40P01"))));
        all.add(nothing("sqlstate that is not there", round -> filter(of("sqlstate", "57014"))));
        all.add(of("not bounded", round -> filter(new JsonObject().put("bounded", false))));
        all.add(of("rows, at least", round -> filter(new JsonObject().put("minRows", 999L))));
        all.add(nothing("rows, more than there are", round -> filter(new JsonObject().put("minRows", 100_000L + round))));
        all.add(of("duration, at least, rare", round -> filter(new JsonObject().put("minDuration", 9_000L))));
        all.add(nothing("duration, longer than any", round -> filter(new JsonObject().put("minDuration", 90_000L + round))));
        all.add(of("text, rare", round -> filter(of("text", "like '%needle"))));
        all.add(of("text, one statement", round -> filter(of("text", "where id = " + (10_000 + round * 977)))));
        all.add(nothing("text that is not there", round -> filter(of("text", "gone" + round))));
        all.add(of("words, rare", round -> filter(of("words", "needle note"))));
        all.add(of("words, frequent", round -> filter(of("words", "customers city"))));
        all.add(of("a day", round -> filter(of("from", time(round % days)).put("to", time(round % days + 1)))));
        all.add(of("principal, denied, two days", round -> filter(of("principal", "agent-" + round * 7 % 500).put("outcome", "deny").put("from", time(round % days)).put("to", time(round % days + 2)))));
        all.add(of("principal and table", round -> filter(of("principal", "agent-" + round * 7 % 500).put("table", "public.orders_" + round * 7 % 300))));
        all.add(of("target and words, rare", round -> filter(of("target", "target-" + round % 20).put("words", "needle"))));
        all.add(of("column", round -> filter(of("column", "city"))));
        all.add(of("column, rare", round -> filter(of("column", "credit_limit"))));
        all.add(nothing("column that is not there", round -> filter(of("column", "customers.gone_" + round))));
        all.add(of("masked column", round -> filter(of("maskedColumn", "public.customers.email"))));
        all.add(of("masked column, rare", round -> filter(of("maskedColumn", "public.customers.ssn"))));
        all.add(nothing("masked column that is not there", round -> filter(of("maskedColumn", "public.customers.gone_" + round))));
        all.add(of("masked", round -> filter(new JsonObject().put("unmasked", false))));
        all.add(of("unmasked, rare", round -> filter(new JsonObject().put("unmasked", true))));
        all.add(nothing("unmasked column that is not there", round -> filter(of("column", "public.customers.email").put("unmasked", true))));
        all.add(of("rows, at most", round -> filter(new JsonObject().put("maxRows", (long) round % 10))));
        all.add(nothing("duration, shorter than any", round -> filter(new JsonObject().put("maxDuration", 0L))));
        all.add(of("trace", round -> filter(of("trace", SearchSet.trace(round * 101)))));
        all.add(nothing("trace that is not there", round -> filter(of("trace", "f".repeat(31) + round % 10))));
        for (StatementEnd end : List.of(StatementEnd.APPROVED, StatementEnd.REJECTED, StatementEnd.DETECTED, StatementEnd.STOPPED, StatementEnd.RAN, StatementEnd.RAN_UNAPPROVED)) {
            all.add(of("end " + end.word(), round -> filter(of("end", end.word()))));
        }
        for (StatementEnd end : List.of(StatementEnd.EXPIRED, StatementEnd.VOID, StatementEnd.WAITING, StatementEnd.WITHDRAWN, StatementEnd.AUTO_APPROVED, StatementEnd.END_UNKNOWN)) {
            all.add(nothing("end " + end.word() + ", which is not there", round -> filter(of("end", end.word()))));
        }
        all.add(of("destructive, rare", round -> filter(new JsonObject().put("destructive", true))));
        all.add(of("not destructive", round -> filter(new JsonObject().put("destructive", false))));
        all.add(of("policy", round -> filter(of("policy", SearchSet.policy(round % days)))));
        all.add(nothing("policy that is not there", round -> filter(of("policy", "policy-" + round))));
        all.add(sorted("oldest", Sort.STARTED, false, round -> filter(new JsonObject())));
        all.add(sorted("oldest by table", Sort.STARTED, false, round -> filter(of("table", "public.orders_" + round * 7 % 300))));
        all.add(sorted("oldest by function, rare", Sort.STARTED, false, round -> filter(of("function", "pg_sleep"))));
        all.add(nothing("oldest by table that is not there", Sort.STARTED, false, round -> filter(of("table", "public.nothing_" + round))));
        all.add(sorted("quickest of all", Sort.DURATION, false, round -> filter(new JsonObject())));
        all.add(sorted("slowest by table", Sort.DURATION, true, round -> filter(of("table", "public.orders_" + round * 7 % 300))));
        all.add(sorted("slowest by effect", Sort.DURATION, true, round -> filter(of("effect", "write"))));
        all.add(sorted("slowest by function, rare", Sort.DURATION, true, round -> filter(of("function", "pg_sleep"))));
        all.add(nothing("slowest by table that is not there", Sort.DURATION, true, round -> filter(of("table", "public.nothing_" + round))));
        all.add(sorted("slowest by words, rare", Sort.DURATION, true, round -> filter(of("words", "needle note"))));
        all.add(sorted("most rows by sqlstate, rare", Sort.ROWS, true, round -> filter(of("sqlstate", "40P01"))));
        all.add(sorted("most rows of a principal", Sort.ROWS, true, round -> filter(of("principal", "agent-" + round * 7 % 500))));
        var few = new Visibility(Set.of("small"));
        all.add(new SearchCase("newest, seeing a small target alone", Sort.STARTED, true, few, true, round -> filter(new JsonObject())));
        all.add(new SearchCase("slowest, seeing a small target alone", Sort.DURATION, true, few, true, round -> filter(new JsonObject())));
        all.add(new SearchCase("table, seeing three targets", Sort.STARTED, true, new Visibility(Set.of("small", "target-3", "target-4")), true,
                round -> filter(of("table", "public.orders_" + round * 7 % 300))));
        all.add(new SearchCase("newest, seeing a target that is not there", Sort.STARTED, true, new Visibility(Set.of("gone")), false, round -> filter(new JsonObject())));
        all.add(sorted("slowest of all", Sort.DURATION, true, round -> filter(new JsonObject())));
        all.add(sorted("slowest of a principal", Sort.DURATION, true, round -> filter(of("principal", "agent-" + round * 7 % 500))));
        all.add(sorted("most rows of a day", Sort.ROWS, true, round -> filter(of("from", time(round % days)).put("to", time(round % days + 1)))));
        return all;
    }

    static Filters.Statements denied() {
        return filter(of("outcome", "deny"));
    }

    private static SearchCase of(String name, IntFunction<Filters.Statements> filter) {
        return sorted(name, Sort.STARTED, true, filter);
    }

    private static SearchCase sorted(String name, Sort sort, boolean descending, IntFunction<Filters.Statements> filter) {
        return new SearchCase(name, sort, descending, Visibility.ALL, true, filter);
    }

    private static SearchCase nothing(String name, IntFunction<Filters.Statements> filter) {
        return nothing(name, Sort.STARTED, true, filter);
    }

    private static SearchCase nothing(String name, Sort sort, boolean descending, IntFunction<Filters.Statements> filter) {
        return new SearchCase(name, sort, descending, Visibility.ALL, false, filter);
    }

    static JsonObject of(String name, String value) {
        return new JsonObject().put(name, value);
    }

    static String time(int day) {
        return SearchSet.FIRST.plusDays(day).atStartOfDay(ZoneOffset.UTC).toInstant().toString();
    }

    static Filters.Statements filter(JsonObject given) {
        String end = given.getString("end");
        return new Filters.Statements(
                given.getString("text"),
                given.getString("words"),
                given.getString("table"),
                given.getString("function"),
                given.getString("kind"),
                given.getString("effect"),
                given.getString("outcome"),
                given.getString("rule"),
                given.getString("approver"),
                given.getString("sqlstate"),
                given.getString("principal"),
                given.getString("group"),
                given.getString("target"),
                given.getString("sessionId"),
                given.getString("approvalId"),
                given.getBoolean("bounded"),
                given.getLong("minRows"),
                given.getLong("maxRows"),
                millis(given.getLong("minDuration")),
                millis(given.getLong("maxDuration")),
                given.getString("maskedColumn"),
                given.getBoolean("unmasked"),
                new Filters.Span(instant(given.getString("from")), instant(given.getString("to"))),
                given.getString("trace"),
                given.getString("column"),
                end == null ? null : StatementEnd.of(end).orElseThrow(),
                given.getBoolean("destructive"),
                given.getString("policy"));
    }

    private static @Nullable Duration millis(@Nullable Long millis) {
        return millis == null ? null : Duration.ofMillis(millis);
    }

    static @Nullable Instant instant(@Nullable String text) {
        return text == null ? null : Instant.parse(text);
    }
}

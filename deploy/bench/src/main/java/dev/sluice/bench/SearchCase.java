// SPDX-License-Identifier: Apache-2.0
package dev.sluice.bench;

import dev.sluice.audit.store.Filters;
import dev.sluice.audit.store.StatementSearch.Sort;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** One search, with another value for each round. */
record SearchCase(String name, Sort sort, IntFunction<Filters.Statements> filter) {
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
        all.add(of("table that is not there", round -> filter(of("table", "public.nothing_" + round))));
        all.add(of("function, rare", round -> filter(of("function", "pg_sleep"))));
        all.add(of("kind", round -> filter(of("kind", "UPDATE"))));
        all.add(of("kind that is not there", round -> filter(of("kind", "DROP TABLE"))));
        all.add(of("effect", round -> filter(of("effect", "write"))));
        all.add(of("effect, rare", round -> filter(of("effect", "schema"))));
        all.add(of("outcome deny", round -> denied()));
        all.add(of("outcome hold", round -> filter(of("outcome", "hold"))));
        all.add(of("rule", round -> filter(of("rule", "rule-" + round % 40))));
        all.add(of("approver", round -> filter(of("approver", "person-" + round % 30))));
        all.add(of("sqlstate, rare", round -> filter(of("sqlstate", "40P01"))));
        all.add(of("sqlstate that is not there", round -> filter(of("sqlstate", "57014"))));
        all.add(of("not bounded", round -> filter(new JsonObject().put("bounded", false))));
        all.add(of("rows, at least", round -> filter(new JsonObject().put("minRows", 999L))));
        all.add(of("rows, more than there are", round -> filter(new JsonObject().put("minRows", 100_000L + round))));
        all.add(of("duration, at least, rare", round -> filter(new JsonObject().put("minDuration", 9_000L))));
        all.add(of("duration, longer than any", round -> filter(new JsonObject().put("minDuration", 90_000L + round))));
        all.add(of("text, rare", round -> filter(of("text", "like '%needle"))));
        all.add(of("text, one statement", round -> filter(of("text", "where id = " + (10_000 + round * 977)))));
        all.add(of("text that is not there", round -> filter(of("text", "gone" + round))));
        all.add(of("words, rare", round -> filter(of("words", "needle note"))));
        all.add(of("words, frequent", round -> filter(of("words", "customers city"))));
        all.add(of("a day", round -> filter(of("from", time(round % days)).put("to", time(round % days + 1)))));
        all.add(of("principal, denied, two days", round -> filter(of("principal", "agent-" + round * 7 % 500).put("outcome", "deny").put("from", time(round % days)).put("to", time(round % days + 2)))));
        all.add(of("principal and table", round -> filter(of("principal", "agent-" + round * 7 % 500).put("table", "public.orders_" + round * 7 % 300))));
        all.add(of("target and words, rare", round -> filter(of("target", "target-" + round % 20).put("words", "needle"))));
        all.add(new SearchCase("slowest of all", Sort.DURATION, round -> filter(new JsonObject())));
        all.add(new SearchCase("slowest of a principal", Sort.DURATION, round -> filter(of("principal", "agent-" + round * 7 % 500))));
        all.add(new SearchCase("most rows of a day", Sort.ROWS, round -> filter(of("from", time(round % days)).put("to", time(round % days + 1)))));
        return all;
    }

    static Filters.Statements denied() {
        return filter(of("outcome", "deny"));
    }

    private static SearchCase of(String name, IntFunction<Filters.Statements> filter) {
        return new SearchCase(name, Sort.STARTED, filter);
    }

    private static JsonObject of(String name, String value) {
        return new JsonObject().put(name, value);
    }

    private static String time(int day) {
        return SearchSet.FIRST.plusDays(day).atStartOfDay(ZoneOffset.UTC).toInstant().toString();
    }

    private static Filters.Statements filter(JsonObject given) {
        Long minDuration = given.getLong("minDuration");
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
                null,
                minDuration == null ? null : Duration.ofMillis(minDuration),
                null,
                given.getString("maskedColumn"),
                given.getBoolean("unmasked"),
                new Filters.Span(instant(given.getString("from")), instant(given.getString("to"))),
                given.getString("trace"),
                given.getString("column"),
                null,
                null,
                null);
    }

    private static @Nullable Instant instant(@Nullable String text) {
        return text == null ? null : Instant.parse(text);
    }
}

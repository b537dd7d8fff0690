// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.audit.store.StatementSearch.Sort;
import dev.sluice.audit.testing.Servers;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/**
 * Searches a generated set and prints how long the slowest of 20 pages takes; only a search that finds nothing, or the wrong thing, fails.
 * {@code -Daudit.search.statements} sets how large the set is; it is spread over ten days.
 */
final class SearchRateIT {
    private static final int STATEMENTS = Integer.getInteger("audit.search.statements", 50_000);
    private static final int DAYS = 10;
    private static final LocalDate FIRST = LocalDate.of(2026, 11, 1);
    private static final int ROUNDS = 20;
    private static final String GENERATE = """
            INSERT INTO statements (session_id, statement_id, day, started_at, ordinal, principal, target, protocol, query, kinds, effects, relations,
                                    bounded, outcome, rule, enforced, decided_at, sqlstate, row_count, duration_micros)
            SELECT 's' || n / 100, 's' || n / 100 || '-' || n, day, day + n %% 86400 * interval '1 second', n, 'agent-' || n %% 500, 'target-' || n %% 20, 'simple',
                   'select name, city from customers where id = ' || n || CASE WHEN n %% 10007 = 0 THEN ' and note like ''%%needle%%''' ELSE '' END,
                   '{select}', CASE WHEN n %% 50 = 0 THEN '{write}'::text[] ELSE '{read}' END, ARRAY['customers', 'table_' || n %% 300], true,
                   CASE WHEN n %% 200 = 0 THEN 'deny' ELSE 'allow' END, 'rule-' || n %% 40, true, day, CASE WHEN n %% 200 = 0 THEN '42501' END, n %% 1000, n %% 100000
            FROM generate_series(%d, %d) n, (SELECT DATE '%s' AS day) d""";

    @Test
    void searchesAnswerQuickly() throws IOException, TimeoutException {
        Vertx vertx = Vertx.vertx();
        try (Servers servers = Servers.databaseOnly()) {
            var config = servers.databaseConfig("search");
            var source = Database.dataSource(config);
            Migrations.apply(source, "search");
            int perDay = STATEMENTS / DAYS;
            for (int i = 0; i < DAYS; i++) {
                LocalDate day = FIRST.plusDays(i);
                servers.rows("SET search_path = search", "SELECT create_day('" + day + "')");
                servers.execute("SET search_path = search; " + GENERATE.formatted(i * perDay, (i + 1) * perDay - 1, day));
            }
            new SearchIndexes(source).complete(FIRST.plusDays(DAYS));
            Pool pool = Database.open(vertx, config);
            var search = new StatementSearch(pool);
            Map<String, Filters.Statements> searches = new LinkedHashMap<>();
            searches.put("newest", filter(null, null, null, null, null, null));
            searches.put("principal", filter(null, null, null, null, "agent-17", null));
            searches.put("table", filter(null, null, "table_123", null, null, null));
            searches.put("denied", filter(null, null, null, "deny", null, null));
            searches.put("text", filter("like '%needle", null, null, null, null, null));
            searches.put("words", filter(null, "needle note", null, null, null, null));
            searches.put("rule of a principal on two days", filter(null, null, null, null, "agent-17", "rule-17"));
            for (Map.Entry<String, Filters.Statements> one : searches.entrySet()) {
                print(one.getKey(), slowest(one.getValue(), filter -> search.page(filter, Visibility.ALL, Sort.STARTED, true, null, 50)
                        .map(page -> page.items().size())
                        .await()));
            }
            print("facet", slowest(searches.get("denied"), filter -> search.facet("principal", filter, Visibility.ALL, 20)
                    .map(facet -> facet.getJsonArray("values").size())
                    .await()));
            assertThat(search.page(searches.get("text"), Visibility.ALL, Sort.STARTED, true, null, 500).await().items()).hasSize((STATEMENTS - 1) / 10_007 + 1);
            pool.close().await();
        } finally {
            vertx.close().await(20, TimeUnit.SECONDS);
        }
    }

    private static Duration slowest(Filters.Statements filter, Function<Filters.Statements, Integer> search) {
        List<Duration> times = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            Instant start = Instant.now();
            assertThat(search.apply(filter)).isPositive();
            times.add(Duration.between(start, Instant.now()));
        }
        times.sort(Duration::compareTo);
        return times.get(ROUNDS - 2);
    }

    private static void print(String name, Duration time) {
        LoggerFactory.getLogger(SearchRateIT.class)
                .atInfo()
                .addKeyValue("search", name)
                .addKeyValue("millis", time.toNanos() / 1_000 / 1e3)
                .addKeyValue("statements", STATEMENTS)
                .log("95 of 100 are faster");
    }

    private static Filters.Statements filter(
            @Nullable String text, @Nullable String words, @Nullable String table, @Nullable String outcome, @Nullable String principal, @Nullable String rule) {
        var span = rule == null
                ? new Filters.Span(null, null)
                : new Filters.Span(Instant.parse(FIRST.plusDays(3) + "T00:00:00Z"), Instant.parse(FIRST.plusDays(5) + "T00:00:00Z"));
        return new Filters.Statements(
                text, words, table, null, null, null, outcome, rule, null, null, principal, null, null, null, null, null, null, null, null, null, null, null, span, null,
                null, null, null, null);
    }
}

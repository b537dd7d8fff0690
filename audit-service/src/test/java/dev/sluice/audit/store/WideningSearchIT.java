// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.audit.testing.Servers;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Pool;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Searches give the same, page by page, whatever spans of time they go through: frequent values, rare ones, old ones and none. */
final class WideningSearchIT {
    private static final String SCHEMA = "widening";
    private static final int PAGES = 12;
    private static Servers servers;
    private static Vertx vertx;
    private static Pool pool;

    @BeforeAll
    static void start() {
        servers = Servers.databaseOnly();
        DataSource source = Database.dataSource(servers.databaseConfig(SCHEMA));
        Migrations.apply(source, SCHEMA);
        vertx = Vertx.vertx();
        pool = Database.open(vertx, servers.databaseConfig(SCHEMA));
        servers.rows("SET search_path = " + SCHEMA, "SELECT create_day(day::date)::text FROM generate_series(DATE '2026-10-01', DATE '2026-10-10', interval '1 day') day");
        // Ten days, many in the same microsecond; the sessions of the second day go on into the third.
        servers.execute("INSERT INTO " + SCHEMA + """
                .statements (session_id, statement_id, day, started_at, outcome, relations, kinds)
                SELECT 's' || n / 100, 's' || n / 100 || '-' || n, DATE '2026-10-01' + n / 4000,
                       DATE '2026-10-01' + n / 4000 * interval '1 day' + n / 3 % 1333 * interval '1 minute' * CASE WHEN n / 4000 = 1 THEN 2 ELSE 1 END, 'allow',
                       CASE WHEN n % 7001 = 0 THEN '{rare}'::text[] WHEN n < 300 THEN '{old}' WHEN n % 50 = 0 THEN '{some}' ELSE '{usual}' END, '{SELECT}'
                FROM generate_series(0, 39999) n""");
        servers.execute("INSERT INTO " + SCHEMA + ".sessions (session_id, day, started_at, principal, target, closed_at, duration_micros, last_at, last_sequence, last_digest, statements)"
                + " SELECT session_id, min(day), min(started_at), 'agent-' || length(session_id), CASE WHEN session_id = 's7' THEN 'small' ELSE 'shop' END,"
                + " CASE WHEN session_id < 's2' THEN max(started_at) END, CASE WHEN session_id < 's2' THEN hashtext(session_id) & 1023 END, max(started_at), 9, '', count(*)"
                + " FROM " + SCHEMA + ".statements GROUP BY session_id");
        servers.execute("UPDATE " + SCHEMA + ".statements SET target = CASE WHEN session_id = 's7' THEN 'small' ELSE 'shop' END, duration_micros = hashtext(statement_id) & 65535");
        servers.execute("ANALYZE " + SCHEMA + ".statements");
    }

    @AfterAll
    static void stop() throws IOException, TimeoutException {
        vertx.close().await(20, TimeUnit.SECONDS);
        servers.close();
    }

    private static Filters.Sessions sessions(String table) {
        return new Filters.Sessions(null, null, null, null, null, null, null, new Filters.Span(null, null), table(table));
    }

    private static Filters.Statements table(@Nullable String table) {
        return new Filters.Statements(
                null, null, table, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, new Filters.Span(null, null), null, null, null, null, null);
    }

    @ParameterizedTest
    @CsvSource({"rare,4", "old,70", "some,100", "usual,500", "nothing,10"})
    void givesTheSameAsReadingThroughAll(String table, int limit) throws TimeoutException {
        var search = new StatementSearch(pool);
        for (StatementSearch.Sort sort : List.of(StatementSearch.Sort.STARTED, StatementSearch.Sort.DURATION)) {
            String key = sort == StatementSearch.Sort.STARTED ? "started_at" : "duration_micros";
            for (boolean descending : List.of(true, false)) {
                List<String> found = all("statementId", cursor -> search.page(table(table), Visibility.ALL, sort, descending, cursor, limit));
                assertThat(found).as(sort + " " + descending).containsExactlyElementsOf(servers.rows("SELECT statement_id FROM " + SCHEMA + ".statements WHERE relations @> ARRAY['" + table
                        + "'] ORDER BY " + inOrder(descending, key, "session_id", "statement_id") + " LIMIT " + PAGES * limit));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"rare,4", "old,2", "some,20", "usual,30", "nothing,10"})
    void givesTheSameSessionsAsReadingThroughAll(String table, int limit) throws TimeoutException {
        var search = new SessionSearch(pool);
        for (SessionSearch.Sort sort : SessionSearch.Sort.values()) {
            String key = switch (sort) {
                case STARTED -> "started_at";
                case DURATION -> "coalesce(duration_micros, -1)";
                case STATEMENTS -> "statements";
            };
            for (boolean descending : List.of(true, false)) {
                List<String> found = all("sessionId", cursor -> search.page(sessions(table), Visibility.ALL, sort, descending, cursor, limit));
                assertThat(found).as(sort + " " + descending).containsExactlyElementsOf(servers.rows("SELECT session_id FROM " + SCHEMA + ".sessions s WHERE EXISTS (SELECT FROM "
                        + SCHEMA + ".statements t WHERE t.session_id = s.session_id AND relations @> ARRAY['" + table + "']) ORDER BY " + inOrder(descending, key, "session_id")
                        + " LIMIT " + PAGES * limit));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"rare", "old", "some", "usual", "nothing"})
    void facetsCountTheSameAsReadingThroughAll(String table) throws TimeoutException {
        JsonObject statements = new StatementSearch(pool).facet("target", table(table), Visibility.ALL, 10).await(60, TimeUnit.SECONDS);
        JsonObject sessions = new SessionSearch(pool).facet("state", sessions(table), Visibility.ALL, 10).await(60, TimeUnit.SECONDS);

        assertThat(counts(statements, "statements")).containsExactlyElementsOf(servers.rows("SELECT target || ' ' || count(*) FROM " + SCHEMA + ".statements WHERE relations @> ARRAY['" + table
                + "'] GROUP BY target ORDER BY count(*) DESC"));
        assertThat(counts(sessions, "sessions")).containsExactlyInAnyOrderElementsOf(servers.rows("SELECT CASE WHEN closed_at IS NULL THEN 'without-end ' ELSE 'closed ' END || count(*) FROM "
                + SCHEMA + ".sessions s WHERE EXISTS (SELECT FROM " + SCHEMA + ".statements t WHERE t.session_id = s.session_id AND relations @> ARRAY['" + table + "']) GROUP BY closed_at IS NULL"));
    }

    @Test
    void wordsAreFoundAsWords() throws TimeoutException {
        String update = "UPDATE " + SCHEMA + ".statements SET query = '%s' WHERE statement_id = '%s'";
        servers.execute(String.format(Locale.ROOT, update, "SELECT Needle, note_1 FROM haystack -- a.b@example.com 007", "s9-900"));
        servers.execute(String.format(Locale.ROOT, update, "select needles from noted", "s9-901"));
        for (String words : List.of("needle", "NOTE needle", "haystack 007", "note_1", "a.b@example.com needle", "from  Haystack", "1")) {
            assertThat(all("statementId", cursor -> new StatementSearch(pool).page(words(words), Visibility.ALL, StatementSearch.Sort.STARTED, true, cursor, 5))).as(words)
                    .containsExactly("s9-900");
        }
        assertThat(all("statementId", cursor -> new StatementSearch(pool).page(words("hay stack"), Visibility.ALL, StatementSearch.Sort.STARTED, true, cursor, 5))).isEmpty();
    }

    private static Filters.Statements words(String words) {
        return new Filters.Statements(
                null, words, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, new Filters.Span(null, null), null, null, null, null, null);
    }

    @Test
    void whoSeesASmallTargetAloneFindsWhatIsThere() throws TimeoutException {
        var small = new Visibility(Set.of("small"));

        assertThat(all("statementId", cursor -> new StatementSearch(pool).page(table("old"), small, StatementSearch.Sort.STARTED, true, cursor, 50))).isEmpty();
        assertThat(all("statementId", cursor -> new StatementSearch(pool).page(table(null), small, StatementSearch.Sort.STARTED, false, cursor, 50))).hasSize(100);
        assertThat(all("sessionId", cursor -> new SessionSearch(pool).page(sessions("some"), small, SessionSearch.Sort.STARTED, true, cursor, 50))).containsExactly("s7");
        assertThat(all("sessionId", cursor -> new SessionSearch(pool).page(sessions("old"), small, SessionSearch.Sort.STARTED, true, cursor, 50))).isEmpty();
    }

    private static List<String> counts(JsonObject facet, String name) {
        return facet.getJsonArray("values").stream().map(value -> ((JsonObject) value).getString("value") + " " + ((JsonObject) value).getLong(name)).toList();
    }

    private static String inOrder(boolean descending, String... keys) {
        return Arrays.stream(keys).map(key -> key + (descending ? " DESC" : "")).collect(Collectors.joining(", "));
    }

    private static List<String> all(String name, Function<@Nullable String, Future<Page>> pages) throws TimeoutException {
        List<String> found = new ArrayList<>();
        @Nullable String cursor = null;
        int count = 0;
        do {
            Page page = pages.apply(cursor).await(60, TimeUnit.SECONDS);
            page.items().stream().map((JsonObject item) -> item.getString(name)).forEach(found::add);
            cursor = page.next();
        } while (cursor != null && ++count < PAGES);
        return found;
    }
}

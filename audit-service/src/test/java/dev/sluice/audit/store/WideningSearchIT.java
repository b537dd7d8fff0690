// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.audit.testing.Servers;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Pool;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Searches give the same, page by page, whatever spans of time they go through: frequent values, rare ones, old ones and none. */
final class WideningSearchIT {
    private static final String SCHEMA = "widening";
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
    }

    @AfterAll
    static void stop() throws IOException, TimeoutException {
        vertx.close().await(20, TimeUnit.SECONDS);
        servers.close();
    }

    private static Filters.Statements table(String table) {
        return new Filters.Statements(
                null, null, table, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, new Filters.Span(null, null), null, null, null, null, null);
    }

    @ParameterizedTest
    @CsvSource({"rare,4", "old,70", "some,100", "usual,500", "nothing,10"})
    void givesTheSameAsReadingThroughAll(String table, int limit) throws TimeoutException {
        var search = new StatementSearch(pool);
        List<String> found = new ArrayList<>();
        @Nullable String cursor = null;
        int pages = 0;
        do {
            Page page = search.page(table(table), Visibility.ALL, StatementSearch.Sort.STARTED, true, cursor, limit).await(60, TimeUnit.SECONDS);
            page.items().stream().map((JsonObject item) -> item.getString("statementId")).forEach(found::add);
            cursor = page.next();
        } while (cursor != null && ++pages < 12);

        List<String> expected = servers.rows("SELECT statement_id FROM " + SCHEMA + ".statements WHERE relations @> ARRAY['" + table
                + "'] ORDER BY started_at DESC, session_id DESC, statement_id DESC LIMIT " + 12 * limit);
        assertThat(found).containsExactlyElementsOf(expected);
    }
}

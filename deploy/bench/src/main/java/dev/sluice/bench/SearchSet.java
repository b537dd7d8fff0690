// SPDX-License-Identifier: Apache-2.0
package dev.sluice.bench;

import dev.sluice.audit.store.Migrations;
import dev.sluice.audit.store.SearchIndexes;
import dev.sluice.quickstart.LocalPostgres;
import java.time.LocalDate;
import java.util.Locale;
import java.util.function.Consumer;
import javax.sql.DataSource;

/** Made-up statements of 500 principals on 20 targets, a hundred in each session, as many on each day. */
final class SearchSet {
    /** The first of its days. */
    static final LocalDate FIRST = LocalDate.of(2026, 9, 1);

    private static final String SESSIONS = """
            INSERT INTO sessions (session_id, day, started_at, principal, groups, target, last_at, last_sequence, last_digest, statements)
            SELECT 's' || s, DATE '%3$s', DATE '%3$s' + s * 100 %% 86400 * interval '1 second', 'agent-' || s %% 500, ARRAY['agents', 'team-' || s %% 40],
                   'target-' || s %% 20, DATE '%3$s', 201, repeat('a', 64), 100
            FROM generate_series(%1$d / 100, %2$d / 100 - 1) s""";

    private static final String STATEMENTS = """
            INSERT INTO statements (session_id, statement_id, day, started_at, ordinal, principal, target, protocol, query, query_digest, kinds, effects, relations,
                                    functions, bounded, outcome, rule, enforced, masks, policy_version, decided_at, approval_id, approvers, sqlstate, completed_at,
                                    row_count, byte_count, answer_digest, duration_micros)
            SELECT 's' || n / 100, 's' || n / 100 || '-' || n %% 100, DATE '%3$s', at, n %% 100, 'agent-' || n / 100 %% 500, 'target-' || n / 100 %% 20, 'simple',
                   CASE WHEN n %% 50 = 0 THEN 'update customers set city = ''city ' || n %% 9973 || ''' where id = ' || n
                        ELSE 'select name, city from customers join orders_' || n %% 300 || ' using (id) where id = ' || n END
                     || CASE WHEN n %% 10007 = 0 THEN ' and note like ''%%needle%%''' ELSE '' END,
                   md5(n::text) || md5(n::text), CASE WHEN n %% 50 = 0 THEN '{UPDATE}'::text[] ELSE '{SELECT}' END,
                   CASE WHEN n %% 50 = 0 THEN '{write,read}'::text[] WHEN n %% 20011 = 0 THEN '{schema}' ELSE '{read}' END,
                   ARRAY['public.customers', 'public.orders_' || n %% 300], CASE WHEN n %% 20021 = 0 THEN '{pg_sleep}'::text[] ELSE '{lower}' END, n %% 997 <> 0,
                   CASE WHEN n %% 200 = 0 THEN 'deny' WHEN n %% 500 = 7 THEN 'hold' ELSE 'allow' END, 'rule-' || n %% 40, true, '{}', repeat('b', 64), at,
                   CASE WHEN n %% 500 = 7 THEN 'a' || n END, CASE WHEN n %% 500 = 7 THEN ARRAY['person-' || n / 500 %% 30] END,
                   CASE WHEN n %% 200 = 0 THEN '42501' WHEN n %% 30011 = 0 THEN '40P01' END, at, abs(hashint4(n)) %% 1000, 42, repeat('c', 64),
                   (abs(hashint4(n)) %% 1000 + 1) * (CASE WHEN n %% 5003 = 0 THEN 10000 ELSE 10 END)
            FROM (SELECT n, DATE '%3$s' + n %% 86400 * interval '1 second' AS at FROM generate_series(%1$d, %2$d - 1) n) g""";

    private final LocalPostgres server;
    private final String database;
    private final String schema;

    SearchSet(LocalPostgres server, String database, String schema) {
        this.server = server;
        this.database = database;
        this.schema = schema;
    }

    /** Makes the tables as the service does, and fills them. */
    void fill(DataSource source, int statements, int days, Consumer<String> say) {
        Migrations.apply(source, schema);
        int perDay = statements / days / 100 * 100;
        long start = System.nanoTime();
        for (int i = 0; i < days; i++) {
            LocalDate day = FIRST.plusDays(i);
            String path = "SET ROLE " + database + "; SET search_path = " + schema + "; SET synchronous_commit = off; ";
            server.execute(database, path + "SELECT create_day('" + day + "')");
            server.execute(database, path + String.format(Locale.ROOT, SESSIONS, i * perDay, (i + 1) * perDay, day));
            server.execute(database, path + String.format(Locale.ROOT, STATEMENTS, i * perDay, (i + 1) * perDay, day));
        }
        say.accept(String.format(Locale.ROOT, "%d statements on %d days were made in %.0f s", perDay * days, days, (System.nanoTime() - start) / 1e9));
    }

    /** Makes what is missing of the indexes that the service makes of days that are over. */
    void index(DataSource source, int days, Consumer<String> say) {
        long indexing = System.nanoTime();
        // Today is the last day: it has no indexes yet, as while records come in.
        new SearchIndexes(source).complete(FIRST.plusDays(days - 1L));
        server.execute(database, "VACUUM ANALYZE");
        say.accept(String.format(Locale.ROOT, "the indexes of the days that are over were made in %.0f s", (System.nanoTime() - indexing) / 1e9));
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.bench;

import dev.sluice.audit.store.Migrations;
import dev.sluice.audit.store.SearchIndexes;
import dev.sluice.quickstart.LocalPostgres;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.LocalDate;
import java.util.HexFormat;
import java.util.Locale;
import java.util.function.Consumer;
import javax.sql.DataSource;

/** Made-up statements of 500 principals on 20 targets, a hundred in each session, as many on each day. */
final class SearchSet {
    /** The first of its days. */
    static final LocalDate FIRST = LocalDate.of(2026, 9, 1);

    private static final String SESSIONS = """
            INSERT INTO sessions (session_id, day, started_at, principal, groups, target, application, trace_id, opened_at, closed_at, duration_micros, last_at, last_sequence,
                                  last_digest, statements)
            SELECT 's' || s, DATE '%3$s', at, 'agent-' || s %% 500, ARRAY['agents', 'team-' || s %% 40], CASE WHEN s %% 2503 = 11 THEN 'small' ELSE 'target-' || s %% 20 END,
                   'app-' || s %% 7, md5('session ' || s), at, CASE WHEN s %% 50 <> 0 THEN at + interval '100 seconds' END,
                   CASE WHEN s %% 50 <> 0 THEN abs(hashint4(s)) %% 1000000 END, at, 201, repeat('a', 64), 90 + abs(hashint4(s)) %% 21
            FROM (SELECT s, DATE '%3$s' + s * 100 %% 86400 * interval '1 second' AS at FROM generate_series(%1$d / 100, %2$d / 100 - 1) s) g""";

    /** Of the held ones a third is rejected and the others are released. */
    private static final String STATEMENTS = """
            INSERT INTO statements (session_id, statement_id, day, started_at, ordinal, principal, target, protocol, query, query_digest, kinds, effects, relations,
                                    functions, bounded, outcome, rule, enforced, masks, mask_rules, exposed, exposed_rules, exemptions, columns, trace_id, denied_by,
                                    policy_version, decided_at, approval_id, held_at, approvers, released_at, refused_at, refusal_sqlstate, refusal_reason, sqlstate, completed_at,
                                    command_tags, row_count, byte_count, answer_digest, duration_micros)
            SELECT 's' || n / 100, 's' || n / 100 || '-' || n %% 100, DATE '%3$s', at, n %% 100, 'agent-' || n / 100 %% 500,
                   CASE WHEN n / 100 %% 2503 = 11 THEN 'small' ELSE 'target-' || n / 100 %% 20 END, 'simple',
                   CASE WHEN n %% 50 = 0 THEN 'update customers set city = ''city ' || n %% 9973 || ''' where id = ' || n
                        ELSE 'select name, city from customers join orders_' || n %% 300 || ' using (id) where id = ' || n END
                     || CASE WHEN n %% 10007 = 0 THEN ' and note like ''%%needle%%''' ELSE '' END,
                   md5(n::text) || md5(n::text), CASE WHEN n %% 50 = 0 THEN '{UPDATE}'::text[] ELSE '{SELECT}' END,
                   CASE WHEN n %% 50 = 0 THEN '{write,read}'::text[] WHEN n %% 20011 = 0 THEN '{schema}' ELSE '{read}' END,
                   ARRAY['public.customers', 'public.orders_' || n %% 300], CASE WHEN n %% 20021 = 0 THEN '{pg_sleep}'::text[] ELSE '{lower}' END, n %% 997 <> 0,
                   CASE WHEN n %% 200 = 0 THEN 'deny' WHEN n %% 500 = 7 THEN 'hold' ELSE 'allow' END, 'rule-' || n %% 40, true,
                   CASE WHEN n %% 100 = 3 THEN '{public.customers.email}'::text[] WHEN n %% 25013 = 0 THEN '{public.customers.ssn}' ELSE '{}' END,
                   CASE WHEN n %% 100 = 3 OR n %% 25013 = 0 THEN '{contacts}'::text[] ELSE '{}' END,
                   CASE WHEN n %% 1009 = 5 THEN '{public.customers.phone}'::text[] END, CASE WHEN n %% 1009 = 5 THEN '{phones}'::text[] END,
                   CASE WHEN n %% 1009 = 5 THEN '{support}'::text[] END,
                   CASE WHEN n %% 3001 = 0 THEN '{name,city,id,credit_limit}'::text[] WHEN n %% 100 = 3 THEN '{name,city,email}' ELSE '{name,city,id}' END,
                   CASE WHEN n %% 10 = 0 THEN md5('trace ' || n / 50) END, CASE WHEN n %% 40009 = 1 THEN '{iban}'::text[] END,
                   md5('%3$s') || md5('%3$s'), at, held.id, CASE WHEN held.id IS NOT NULL THEN at END,
                   CASE WHEN NOT rejected THEN ARRAY['person-' || n / 500 %% 30] END, CASE WHEN NOT rejected THEN at END, CASE WHEN rejected THEN at END,
                   CASE WHEN rejected THEN '42501' END, CASE WHEN rejected THEN 'rejected by person-' || n / 500 %% 30 || ': no' END,
                   CASE WHEN n %% 200 = 0 OR rejected OR n %% 40009 = 1 THEN '42501' WHEN n %% 30011 = 0 THEN '40P01' END, at,
                   CASE WHEN n %% 200 = 0 OR rejected THEN '{}'::text[] ELSE '{SELECT 1}' END, abs(hashint4(n)) %% 1000, 42, repeat('c', 64),
                   (abs(hashint4(n)) %% 1000 + 1) * (CASE WHEN n %% 5003 = 0 THEN 10000 ELSE 10 END)
            FROM (SELECT n, DATE '%3$s' + n %% 86400 * interval '1 second' AS at FROM generate_series(%1$d, %2$d - 1) n) g,
                 LATERAL (SELECT CASE WHEN n %% 500 = 7 THEN 'a' || n END AS id, CASE WHEN n %% 500 = 7 THEN n %% 1500 = 7 END AS rejected) held""";

    private final LocalPostgres server;
    private final String database;
    private final String schema;

    SearchSet(LocalPostgres server, String database, String schema) {
        this.server = server;
        this.database = database;
        this.schema = schema;
    }

    /** A trace of five statements. */
    static String trace(int number) {
        return md5("trace " + number);
    }

    /** The version of the policy that decided on a day. */
    static String policy(int day) {
        return md5(FIRST.plusDays(day).toString()).repeat(2);
    }

    private static String md5(String text) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
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

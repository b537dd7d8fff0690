// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.store;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Indexes for searches, made day by day once a day is over: an index that is built at once costs a tenth of one that grows row by row
 * while records come in, and a search of the day that still grows reads it by time. Waits; several instances take turns.
 */
public final class SearchIndexes {
    private static final Logger LOGGER = LoggerFactory.getLogger(SearchIndexes.class);
    /** A tsvector may not have more than a megabyte, so of a longer query only the beginning is found by its words. */
    static final String WORDS = "to_tsvector('simple', left(query, 200000))";

    /** Of a refusal's reason what is before the comment. */
    static final String REJECTED_BY = "split_part(refusal_reason, ': ', 1)";

    private static final Map<String, String> INDEXES = new LinkedHashMap<>();

    static {
        INDEXES.put("principal", "(principal, started_at DESC)");
        INDEXES.put("target", "(target, started_at DESC)");
        INDEXES.put("rule", "(rule, started_at DESC)");
        INDEXES.put("policy", "(policy_version, started_at DESC)");
        INDEXES.put("ends", "(started_at DESC) WHERE " + StatementEnd.NOTABLE);
        INDEXES.put("outcome", "(outcome, started_at DESC) WHERE outcome <> 'allow'");
        INDEXES.put("sqlstate", "(sqlstate, started_at DESC) WHERE sqlstate IS NOT NULL");
        INDEXES.put("refusals", "(refusal_sqlstate, started_at DESC) WHERE refusal_sqlstate IS NOT NULL");
        INDEXES.put("unbounded", "(started_at DESC) WHERE NOT bounded");
        INDEXES.put("duration", "(coalesce(duration_micros, -1))");
        INDEXES.put("rows", "(coalesce(row_count, -1))");
        INDEXES.put("slowest", "(principal, (coalesce(duration_micros, -1)) DESC)");
        INDEXES.put("largest", "(principal, (coalesce(row_count, -1)) DESC)");
        INDEXES.put("approvers", "USING gin (approvers) WHERE approvers IS NOT NULL");
        INDEXES.put("rejections", "(" + REJECTED_BY + ") WHERE refused_at IS NOT NULL");
        INDEXES.put("masked", "USING gin (masks)");
        INDEXES.put("exposed", "USING gin (exposed) WHERE exposed IS NOT NULL");
        INDEXES.put("columns", "USING gin (columns)");
        INDEXES.put("relations", "USING gin (relations, functions, kinds, effects)");
        INDEXES.put("words", "USING gin (" + WORDS + ")");
    }

    private static final String TEXT = "text";
    private static final String TEXT_INDEX = "USING gin (query gin_trgm_ops)";
    private static final String LOCK = "hashtext('sluice-audit-indexes')";

    private final DataSource source;

    public SearchIndexes(DataSource source) {
        this.source = source;
    }

    /** Makes what is missing on every day before {@code today}. Returns how many days were done. */
    public int complete(LocalDate today) {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            if (!flag(statement, "SELECT pg_try_advisory_lock(" + LOCK + ")")) {
                return 0;
            }
            // An index of a large day takes as long as it takes.
            connection.setNetworkTimeout(Runnable::run, 0);
            try {
                boolean trigrams = trigrams(statement);
                int done = 0;
                for (String table : tables(statement, today)) {
                    done += complete(statement, table, trigrams) ? 1 : 0;
                }
                return done;
            } finally {
                statement.execute("SELECT pg_advisory_unlock(" + LOCK + ")");
            }
        } catch (SQLException e) {
            throw new StoreFailure(e);
        }
    }

    private static boolean complete(Statement statement, String table, boolean trigrams) throws SQLException {
        Map<String, String> wanted = new LinkedHashMap<>(INDEXES);
        if (trigrams) {
            wanted.put(TEXT, TEXT_INDEX);
        }
        boolean changed = false;
        for (Map.Entry<String, String> index : wanted.entrySet()) {
            String name = table + "_" + index.getKey();
            if (flag(statement, "SELECT to_regclass('" + name + "') IS NULL OR NOT (SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass('" + name + "'))")) {
                statement.execute("DROP INDEX IF EXISTS " + name);
                statement.execute("CREATE INDEX CONCURRENTLY " + name + " ON " + table + " " + index.getValue());
                changed = true;
            }
        }
        if (changed) {
            statement.execute("ANALYZE " + table);
        }
        return changed;
    }

    private static List<String> tables(Statement statement, LocalDate today) throws SQLException {
        List<String> tables = new ArrayList<>();
        // Compared as text: PostgreSQL may look at the names of other tables first, and those are no dates.
        try (ResultSet row = statement.executeQuery("SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid"
                + " WHERE i.inhparent = 'statements'::regclass AND right(c.relname, 8) < to_char(DATE '" + today + "', 'YYYYMMDD') ORDER BY 1 DESC")) {
            while (row.next()) {
                tables.add(row.getString(1));
            }
        }
        return tables;
    }

    /** Whether the server has trigrams. The extension is trusted: whoever may create in the database may make it. */
    private static boolean trigrams(Statement statement) throws SQLException {
        try {
            statement.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm");
        } catch (SQLException e) {
            LOGGER.atDebug().addKeyValue("reason", String.valueOf(e.getMessage())).log("pg_trgm cannot be made");
        }
        return flag(statement, "SELECT EXISTS (SELECT FROM pg_opclass WHERE opcname = 'gin_trgm_ops' AND pg_opclass_is_visible(oid))");
    }

    private static boolean flag(Statement statement, String sql) throws SQLException {
        try (ResultSet row = statement.executeQuery(sql)) {
            return row.next() && row.getBoolean(1);
        }
    }
}

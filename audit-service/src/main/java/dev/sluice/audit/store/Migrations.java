// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.store;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * Brings the tables to this version's shape: the numbered files of {@code migrations}, in order, each once, all in one transaction
 * under an advisory lock, so that several instances may start at once. A file that was applied may never change again.
 */
public final class Migrations {
    private static final List<String> FILES = List.of("V001__tables.sql");
    private static final long LOCK = 0x536c756963654175L;

    private Migrations() {}

    /** Applies what is missing. Fails without any change when an applied file differs, or when a newer version has been here. */
    public static Future<Void> apply(Pool pool, String schema) {
        return pool.withTransaction(connection -> connection
                .query("SELECT pg_advisory_xact_lock(" + LOCK + ")")
                .execute()
                .compose(_ -> connection.query("CREATE SCHEMA IF NOT EXISTS " + schema).execute())
                .compose(_ -> connection
                        .query("CREATE TABLE IF NOT EXISTS migrations (name text PRIMARY KEY, digest text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())")
                        .execute())
                .compose(_ -> connection.query("SELECT name, digest FROM migrations").execute())
                .compose(rows -> {
                    Map<String, String> applied = new HashMap<>();
                    for (Row row : rows) {
                        applied.put(row.getString(0), row.getString(1));
                    }
                    return apply(connection, applied);
                }));
    }

    private static Future<Void> apply(SqlConnection connection, Map<String, String> applied) {
        Future<Void> all = Future.succeededFuture();
        for (String file : FILES) {
            String sql = read(file);
            String digest = digest(sql);
            String known = applied.remove(file);
            if (known == null) {
                all = all.compose(_ -> connection.query(sql).execute())
                        .compose(_ -> connection
                                .preparedQuery("INSERT INTO migrations (name, digest) VALUES ($1, $2)")
                                .execute(Tuple.of(file, digest)))
                        .mapEmpty();
            } else if (!known.equals(digest)) {
                return Future.failedFuture(new IllegalStateException(
                        "the audit database was migrated with another " + file + " than this version has: use the version that made it, or an empty schema"));
            }
        }
        if (!applied.isEmpty()) {
            return Future.failedFuture(new IllegalStateException("the audit database was migrated by a newer version (" + applied.keySet() + "): use that version"));
        }
        return all;
    }

    private static String read(String file) {
        try (InputStream stream = Migrations.class.getResourceAsStream("/dev/sluice/audit/migrations/" + file)) {
            if (stream == null) {
                throw new IllegalStateException("the migration " + file + " is missing from the build");
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String digest(String sql) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(sql.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}

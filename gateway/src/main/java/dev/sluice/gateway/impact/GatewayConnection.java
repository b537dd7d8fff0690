// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.impact;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One transaction that can only read, on a connection of the gateway's own. For one thread, which may block. Every statement goes through the
 * extended protocol, where the server takes one statement at a time.
 */
final class GatewayConnection implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String CATALOG_PATH = "pg_catalog, pg_temp";

    /** The database did not answer the question; the transaction goes on. */
    static final class NotAnswered extends Exception {
        private static final long serialVersionUID = 1L;

        NotAnswered(String message) {
            super(message);
        }
    }

    private final SqlConnection connection;

    private GatewayConnection(SqlConnection connection) {
        this.connection = connection;
    }

    static GatewayConnection open(Pool pool) throws NotAnswered {
        SqlConnection connection = await(pool.getConnection());
        var opened = new GatewayConnection(connection);
        try {
            opened.run("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
            opened.set("application_name", "sluice impact");
            opened.set("search_path", CATALOG_PATH);
            opened.set("lock_timeout", "1000");
            opened.set("jit", "off");
        } catch (NotAnswered failed) {
            opened.close();
            throw failed;
        }
        return opened;
    }

    private void run(String sql) throws NotAnswered {
        await(connection.query(sql).execute());
    }

    private void set(String name, String value) throws NotAnswered {
        await(connection.preparedQuery("SELECT pg_catalog.set_config($1, $2, true)").execute(Tuple.of(name, value)));
    }

    /** As the gateway itself, with nothing but PostgreSQL's own names in reach. */
    List<Row> asGateway(Duration limit, String sql, Tuple parameters) throws NotAnswered {
        return within(limit, null, CATALOG_PATH, sql, parameters);
    }

    /** As the session would: with its role and its search_path. */
    List<Row> asSession(Duration limit, @Nullable String role, String searchPath, String sql, Tuple parameters) throws NotAnswered {
        return within(limit, role, searchPath, sql, parameters);
    }

    private List<Row> within(Duration limit, @Nullable String role, String searchPath, String sql, Tuple parameters) throws NotAnswered {
        run("SAVEPOINT sluice");
        try {
            set("statement_timeout", String.valueOf(limit.toMillis()));
            if (role != null) {
                set("role", role);
            }
            set("search_path", searchPath);
            List<Row> rows = new ArrayList<>();
            await(connection.preparedQuery(sql).execute(parameters)).forEach(rows::add);
            return rows;
        } finally {
            // Undoes the settings with it.
            run("ROLLBACK TO SAVEPOINT sluice");
        }
    }

    @Override
    public void close() {
        connection.query("ROLLBACK").execute().onComplete(done -> connection.close());
    }

    private static <T> T await(Future<T> future) throws NotAnswered {
        try {
            return future.toCompletionStage().toCompletableFuture().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException failed) {
            throw new NotAnswered(words(failed.getCause()));
        } catch (TimeoutException late) {
            throw new NotAnswered("the database does not answer");
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new NotAnswered("the gateway is stopping");
        }
    }

    /** The server's own words would hold values of rows where it quotes them; its code and message are enough. */
    private static String words(Throwable failure) {
        if (failure instanceof io.vertx.pgclient.PgException error) {
            return switch (String.valueOf(error.getSqlState())) {
                case "57014" -> "it took too long";
                case "55P03" -> "somebody else has locked what it needs";
                case "42501" -> "the role may not: " + error.getErrorMessage();
                default -> "the database answered with SQLSTATE " + error.getSqlState();
            };
        }
        return "the database could not be asked: " + failure.getMessage();
    }
}

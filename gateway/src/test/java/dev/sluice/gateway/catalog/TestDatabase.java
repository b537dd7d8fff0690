// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.catalog;

import dev.sluice.schemas.testing.TestPostgres;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;

/** A real PostgreSQL, reached by JDBC for what tests prepare and by a pool for what the gateway does. */
public final class TestDatabase implements AutoCloseable {
    private final TestPostgres postgres;
    private final Vertx vertx = Vertx.vertx();
    private final Pool pool;

    public TestDatabase() throws IOException {
        postgres = TestPostgres.start();
        pool = PgBuilder.pool()
                .using(vertx)
                .connectingTo(new PgConnectOptions().setHost("127.0.0.1").setPort(postgres.port()).setDatabase("postgres").setUser("postgres"))
                .with(new PoolOptions().setMaxSize(2))
                .build();
    }

    public Vertx vertx() {
        return vertx;
    }

    public Pool pool() {
        return pool;
    }

    public int port() {
        return postgres.port();
    }

    public void execute(String... statements) throws SQLException {
        try (Connection connection = connect(); Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    public String ask(String sql) throws SQLException {
        try (Connection connection = connect(); Statement statement = connection.createStatement(); ResultSet rows = statement.executeQuery(sql)) {
            return rows.next() ? String.valueOf(rows.getString(1)) : "";
        }
    }

    public int oid(String relation) throws SQLException {
        return (int) Long.parseLong(ask("SELECT '" + relation + "'::regclass::oid"));
    }

    public Connection connect() throws SQLException {
        return postgres.connect();
    }

    public Catalog load() {
        return await(CatalogLoader.load(pool));
    }

    public static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
        } catch (Exception failed) {
            throw new AssertionError(failed);
        }
    }

    @Override
    public void close() throws IOException {
        await(pool.close());
        await(vertx.close());
        postgres.close();
    }
}

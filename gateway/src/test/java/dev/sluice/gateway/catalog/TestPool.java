// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.catalog;

import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;

/** A pool of its own, so that a test may lose it. */
final class TestPool implements AutoCloseable {
    private final Pool pool;

    TestPool(TestDatabase database) {
        pool = PgBuilder.pool()
                .using(database.vertx())
                .connectingTo(new PgConnectOptions().setHost("127.0.0.1").setPort(database.port()).setDatabase("postgres").setUser("postgres"))
                .with(new PoolOptions().setMaxSize(1))
                .build();
    }

    Pool pool() {
        return pool;
    }

    @Override
    public void close() {
        TestDatabase.await(pool.close());
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.catalog;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the newest snapshot of one database. Looks for changes by itself once in a while, which costs one query where nothing changed,
 * and loads anew when it is told that something did. While a load has failed and none has succeeded since, the state is stale.
 * May be used by any thread.
 */
public final class CatalogRefresh implements AutoCloseable {
    private final Vertx vertx;
    private final Pool pool;
    private final long timer;
    private volatile CatalogState state = new CatalogState.Stale("the catalog has not been read yet");
    private @Nullable Promise<Catalog> running;
    private @Nullable Promise<Catalog> next;
    private boolean closed;

    /**
     * Starts with a first load.
     *
     * @param pool connections of the gateway's own to the database; stays the caller's to close
     * @param period how often to look for changes that nobody told of
     */
    public CatalogRefresh(Vertx vertx, Pool pool, Duration period) {
        this.vertx = vertx;
        this.pool = pool;
        this.timer = vertx.setPeriodic(period.toMillis(), fired -> look());
        reload();
    }

    /** The state now; never waits. */
    public CatalogState state() {
        return state;
    }

    /** The snapshot that sees every change told of before this call: it waits for loads that were asked for, and fails while the state is stale. */
    public synchronized Future<Catalog> current() {
        if (next != null) {
            return next.future();
        }
        if (running != null) {
            return running.future();
        }
        return switch (state) {
            case CatalogState.Known(Catalog catalog) -> Future.succeededFuture(catalog);
            case CatalogState.Stale(String reason) -> Future.failedFuture(new IllegalStateException(reason));
        };
    }

    /**
     * A load that begins after this call, so that it sees what was committed before. Calls while one is running share the one after it.
     *
     * @return the snapshot, or the failure that made the state stale
     */
    public synchronized Future<Catalog> reload() {
        if (closed) {
            return Future.failedFuture(new IllegalStateException("the catalog of this database is no longer followed"));
        }
        if (running == null) {
            running = Promise.promise();
            begin(running);
            return running.future();
        }
        if (next == null) {
            next = Promise.promise();
        }
        return next.future();
    }

    private void begin(Promise<Catalog> promise) {
        CatalogLoader.load(pool).onComplete(
                catalog -> finish(promise, new CatalogState.Known(catalog), null), failure -> finish(promise, stale(failure), failure));
    }

    private void finish(Promise<Catalog> promise, CatalogState now, @Nullable Throwable failure) {
        synchronized (this) {
            state = now;
            running = next;
            next = null;
            if (running != null) {
                begin(running);
            }
        }
        if (now instanceof CatalogState.Known(Catalog catalog)) {
            promise.complete(catalog);
        } else {
            promise.fail(failure);
        }
    }

    /** While a load runs there is nothing to look for: its end says what is true. */
    private void look() {
        synchronized (this) {
            if (running != null) {
                return;
            }
        }
        CatalogLoader.version(pool).onComplete(found -> {
            if (found.failed()) {
                state = stale(found.cause());
            } else if (!(state instanceof CatalogState.Known(Catalog known)) || !known.version().equals(found.result())) {
                reload();
            }
        });
    }

    private static CatalogState stale(Throwable cause) {
        return new CatalogState.Stale("the catalog cannot be read: " + cause.getMessage());
    }

    /** Stops looking; loads in flight end by themselves. */
    @Override
    public synchronized void close() {
        closed = true;
        vertx.cancelTimer(timer);
    }
}

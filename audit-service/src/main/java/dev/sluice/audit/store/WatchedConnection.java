// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.store;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.sqlclient.SqlConnection;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A connection whose end ends every wait on it. The client does not always complete what was under way when the server ended a
 * connection, and a consumer that waits for ever reads nothing. For a thread that may wait.
 */
final class WatchedConnection implements AutoCloseable {
    private static final long DEADLINE_SECONDS = 30;

    private final SqlConnection sql;
    private final Promise<Void> closed = Promise.promise();

    WatchedConnection(SqlConnection sql) {
        this.sql = sql;
        sql.closeHandler(_ -> closed.tryFail(new IllegalStateException("the connection to the audit database has ended")));
    }

    SqlConnection sql() {
        return sql;
    }

    /** The result, or the failure of it, of the connection, or of the deadline. */
    <T> T wait(Future<T> future) {
        Promise<T> first = Promise.promise();
        future.onSuccess(first::tryComplete).onFailure(first::tryFail);
        closed.future().onFailure(first::tryFail);
        return await(first.future());
    }

    /** The result, or its failure, or that of the deadline. */
    static <T> T await(Future<T> future) {
        try {
            return future.await(DEADLINE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new IllegalStateException("the audit database has not answered within " + DEADLINE_SECONDS + " seconds", e);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            // The client hands on whatever the socket threw, declared or not.
            throw new IllegalStateException("the audit database is out of reach: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        sql.close();
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.store;

import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Cursor;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PreparedStatement;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Transaction;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The rows of one query. */
final class QueriedRows implements Rows {
    private static final int PIECE = 500;

    private final Pool pool;
    private final String sql;
    private final Tuple parameters;

    QueriedRows(Pool pool, String sql, Tuple parameters) {
        this.pool = pool;
        this.sql = sql;
        this.parameters = parameters;
    }

    @Override
    public List<JsonObject> first(int limit) {
        return objects(pool.preparedQuery(sql + " LIMIT " + limit).execute(parameters).await());
    }

    @Override
    public void each(Consumer<JsonObject> taker) {
        SqlConnection connection = pool.getConnection().await();
        try {
            // A cursor lives as long as its transaction.
            Transaction transaction = connection.begin().await();
            PreparedStatement statement = connection.prepare(sql).await();
            Cursor cursor = statement.cursor(parameters);
            do {
                objects(cursor.read(PIECE).await()).forEach(taker);
            } while (cursor.hasMore());
            cursor.close().await();
            transaction.rollback().await();
        } finally {
            connection.close();
        }
    }

    private static List<JsonObject> objects(RowSet<Row> rows) {
        List<JsonObject> objects = new ArrayList<>(rows.size());
        rows.forEach(row -> objects.add(RowJson.of(row)));
        return objects;
    }
}

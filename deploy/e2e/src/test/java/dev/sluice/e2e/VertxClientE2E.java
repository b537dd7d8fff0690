// SPDX-License-Identifier: Apache-2.0
package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Cursor;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.PreparedStatement;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowStream;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Transaction;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The Vert.x PG Client, which pipelines and speaks binary, notices nothing. */
@ExtendWith(Servers.class)
class VertxClientE2E {
    private static Vertx vertx;

    @BeforeAll
    static void start() {
        vertx = Vertx.vertx();
    }

    @AfterAll
    static void stop() throws TimeoutException {
        await(vertx.close());
    }

    @BeforeEach
    void anEmptyTable() {
        Servers.clean();
        Servers.execute(Servers.DATABASE, "CREATE TABLE t (a int PRIMARY KEY, b text)");
    }

    private static PgConnectOptions options(Guard guard) {
        return new PgConnectOptions()
                .setHost("127.0.0.1")
                .setPort(Servers.through(guard))
                .setUser(Servers.USER)
                .setDatabase(Servers.DATABASE)
                .setCachePreparedStatements(true)
                .setPipeliningLimit(16);
    }

    private static <T> T await(Future<T> future) throws TimeoutException {
        return future.await(30, TimeUnit.SECONDS);
    }

    @ParameterizedTest
    @EnumSource(Guard.class)
    void aPoolAndManyStatementsAtOnce(Guard guard) throws TimeoutException {
        Pool pool = PgBuilder.pool().with(new PoolOptions().setMaxSize(4)).connectingTo(options(guard)).using(vertx).build();
        try {
            List<Future<Integer>> answers = IntStream.range(0, 400)
                    .mapToObj(i -> pool.preparedQuery("SELECT $1::int + 1").execute(Tuple.of(i)).map(rows -> rows.iterator().next().getInteger(0)))
                    .toList();
            for (int i = 0; i < answers.size(); i++) {
                assertThat(await(answers.get(i))).isEqualTo(i + 1);
            }
        } finally {
            await(pool.close());
        }
    }

    @ParameterizedTest
    @EnumSource(Guard.class)
    void aPipelineWithErrorsInIt(Guard guard) throws TimeoutException {
        PgConnection connection = await(PgConnection.connect(vertx, options(guard)));
        try {
            List<Future<String>> answers = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                String sql = i % 7 == 3 ? "SELECT 1/0 AS a, $1::int" : i % 5 == 2 ? "SELECT * FROM missing WHERE a = $1" : "SELECT 'fine', $1::int";
                answers.add(connection.preparedQuery(sql).execute(Tuple.of(i)).map(rows -> rows.iterator().next().getString(0)).otherwise(
                        failure -> ((PgException) failure).getSqlState()));
            }
            for (int i = 0; i < answers.size(); i++) {
                assertThat(await(answers.get(i))).as("answer " + i).isEqualTo(i % 7 == 3 ? "22012" : i % 5 == 2 ? "42P01" : "fine");
            }
        } finally {
            await(connection.close());
        }
    }

    @ParameterizedTest
    @EnumSource(Guard.class)
    void batchesAndTransactions(Guard guard) throws TimeoutException {
        PgConnection connection = await(PgConnection.connect(vertx, options(guard)));
        try {
            List<Tuple> rows = IntStream.range(0, 1_000).mapToObj(i -> Tuple.of(i, "row " + i)).toList();
            Transaction transaction = await(connection.begin());
            await(connection.preparedQuery("INSERT INTO t VALUES ($1, $2)").executeBatch(rows));
            await(transaction.rollback());
            assertThat(count(connection)).isZero();
            await(connection.preparedQuery("INSERT INTO t VALUES ($1, $2)").executeBatch(rows));
            assertThat(count(connection)).isEqualTo(1_000);
            List<Tuple> oneTwice = List.of(Tuple.of(5_000, "new"), Tuple.of(1, "again"));
            assertThatThrownBy(() -> await(connection.preparedQuery("INSERT INTO t VALUES ($1, $2)").executeBatch(oneTwice)))
                    .hasMessageContaining("duplicate key");
            assertThat(count(connection)).isEqualTo(1_000);
        } finally {
            await(connection.close());
        }
    }

    @ParameterizedTest
    @EnumSource(Guard.class)
    void cursorsAndStreams(Guard guard) throws Exception {
        PgConnection connection = await(PgConnection.connect(vertx, options(guard)));
        try {
            Transaction transaction = await(connection.begin());
            PreparedStatement statement = await(connection.prepare("SELECT i FROM generate_series(1, $1) i"));
            Cursor cursor = statement.cursor(Tuple.of(2_500));
            int read = 0;
            do {
                read += await(cursor.read(1_000)).size();
            } while (cursor.hasMore());
            assertThat(read).isEqualTo(2_500);
            await(cursor.close());
            var sum = new AtomicLong();
            CompletableFuture<Void> ended = new CompletableFuture<>();
            RowStream<Row> stream = statement.createStream(333, Tuple.of(20_000));
            stream.exceptionHandler(ended::completeExceptionally).endHandler(nothing -> ended.complete(null)).handler(row -> sum.addAndGet(row.getInteger(0)));
            ended.get(30, TimeUnit.SECONDS);
            assertThat(sum.get()).isEqualTo(20_000L * 20_001 / 2);
            await(transaction.commit());
        } finally {
            await(connection.close());
        }
    }

    @ParameterizedTest
    @EnumSource(Guard.class)
    void notificationsAndCancellation(Guard guard) throws Exception {
        PgConnection connection = await(PgConnection.connect(vertx, options(guard)));
        try {
            CompletableFuture<String> heard = new CompletableFuture<>();
            connection.notificationHandler(notification -> heard.complete(notification.getPayload()));
            await(connection.query("LISTEN vertx").execute());
            Servers.execute(Servers.DATABASE, "NOTIFY vertx, 'from outside'");
            assertThat(heard.get(20, TimeUnit.SECONDS)).isEqualTo("from outside");
            Future<?> sleeps = connection.query("SELECT pg_sleep(61)").execute();
            Servers.awaitActive("SELECT pg_sleep(61)");
            await(connection.cancelRequest());
            assertThatThrownBy(() -> await(sleeps)).isInstanceOfSatisfying(PgException.class, e -> assertThat(e.getSqlState()).isEqualTo("57014"));
            assertThat(count(connection)).isZero();
        } finally {
            await(connection.close());
        }
    }

    private static long count(SqlConnection connection) throws TimeoutException {
        return await(connection.query("SELECT count(*) FROM t").execute()).iterator().next().getLong(0);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.e2e.stack;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Clients that read and write without a pause, each statement with a number of its own, by simple query, extended query and prepared
 * statements. Whoever loses its connection opens another.
 */
final class Load implements AutoCloseable {
    private static final int KINDS = 4;
    private static final int KINDS_WITHOUT_PARAMETERS = 2;
    private static final Duration BREATH = Duration.ofMillis(50);

    private final Opening open;
    private final String table;
    private final String prefix;
    private final List<Thread> workers = new ArrayList<>();
    private final Queue<Attempt> attempts = new ConcurrentLinkedQueue<>();
    private volatile boolean ending;

    /**
     * What a client has tried.
     *
     * @param key text and parameter of the statement; {@code connect} for opening a session
     * @param ended when the answer was there, by {@link System#nanoTime()}
     * @param sqlState empty on success
     */
    record Attempt(int worker, String key, boolean write, long begun, long ended, String sqlState, String message) {
        boolean succeeded() {
            return sqlState.isEmpty();
        }

        boolean connect() {
            return key.equals("connect");
        }

        Duration took() {
            return Duration.ofNanos(ended - begun);
        }
    }

    /** Opens a session whose client uses simple query or extended query. */
    interface Opening {
        Client open(boolean simple) throws Exception;
    }

    private interface Work {
        void run() throws Exception;
    }

    /**
     * Begins at once.
     *
     * @param table has two columns of type text, worker and number
     * @param prefix of all numbers
     */
    Load(int clients, String table, String prefix, Opening open) {
        this.open = open;
        this.table = table;
        this.prefix = prefix;
        for (int worker = 0; worker < clients; worker++) {
            int own = worker;
            workers.add(Thread.ofVirtual().name("load-" + worker).start(() -> work(own)));
        }
    }

    List<Attempt> attempts() {
        return List.copyOf(attempts);
    }

    /** How many statements have succeeded that were begun after that time. */
    long succeededSince(int worker, long nanos) {
        return attempts.stream()
                .filter(attempt -> attempt.worker() == worker && attempt.begun() >= nanos && attempt.succeeded() && !attempt.connect() && attempt.write())
                .count();
    }

    long succeeded() {
        return attempts.stream().filter(Attempt::succeeded).count();
    }

    private void work(int worker) {
        long number = 0;
        while (!ending) {
            Client[] opened = new Client[1];
            if (!attempt(worker, "connect", false, () -> opened[0] = open.open(worker % 2 == 0))) {
                LockSupport.parkNanos(BREATH.toNanos());
                continue;
            }
            try (Client client = opened[0];
                    PreparedStatement prepared = client.connection().prepareStatement("INSERT INTO " + table + " VALUES ('" + worker + "', ?)")) {
                while (!ending && !client.connection().isClosed()) {
                    if (!next(worker, number++, client.connection(), prepared)) {
                        LockSupport.parkNanos(BREATH.toNanos());
                    }
                }
            } catch (SQLException lost) {
                attempts.add(new Attempt(worker, "close", false, System.nanoTime(), System.nanoTime(), String.valueOf(lost.getSQLState()), String.valueOf(lost.getMessage())));
            }
        }
    }

    private boolean next(int worker, long number, Connection connection, PreparedStatement prepared) {
        String own = prefix + worker + "-" + number;
        // In simple query pgjdbc writes parameters into the text, so that half of the clients leave out what has some.
        return switch ((int) (number % (worker % 2 == 0 ? KINDS_WITHOUT_PARAMETERS : KINDS))) {
            case 0 -> {
                String sql = "INSERT INTO " + table + " VALUES ('" + worker + "', '" + own + "')";
                yield attempt(worker, sql, true, () -> execute(connection, sql));
            }
            case 1 -> {
                String sql = "SELECT count(*) FROM " + table + " WHERE number = '" + own + "'";
                yield attempt(worker, sql, false, () -> execute(connection, sql));
            }
            case 2 -> attempt(worker, "INSERT INTO " + table + " VALUES ('" + worker + "', $1)|" + own, true, () -> {
                prepared.setString(1, own);
                prepared.executeUpdate();
            });
            default -> {
                String sql = "SELECT number FROM " + table + " WHERE worker = $1 AND number <> 'r" + own + "'";
                yield attempt(worker, sql + "|" + own, false, () -> read(connection, sql.replace("$1", "?"), own));
            }
        };
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static void read(Connection connection, String sql, String parameter) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, parameter);
            try (ResultSet rows = statement.executeQuery()) {
                rows.next();
            }
        }
    }

    private boolean attempt(int worker, String key, boolean write, Work work) {
        long begun = System.nanoTime();
        String sqlState = "";
        String message = "";
        try {
            work.run();
        } catch (SQLException failure) {
            sqlState = String.valueOf(failure.getSQLState());
            message = String.valueOf(failure.getMessage());
        } catch (Exception unexpected) {
            sqlState = "unexpected";
            message = unexpected.toString();
        }
        attempts.add(new Attempt(worker, key, write, begun, System.nanoTime(), sqlState, message));
        return sqlState.isEmpty();
    }

    /** Lets every client end what it does. */
    @Override
    public void close() throws InterruptedException {
        ending = true;
        long deadline = System.nanoTime() + Eventually.PATIENCE.toNanos();
        for (Thread worker : workers) {
            if (!worker.join(Duration.ofNanos(Math.max(1, deadline - System.nanoTime())))) {
                throw new AssertionError(worker.getName() + " hangs: nothing has answered it for " + TimeUnit.NANOSECONDS.toSeconds(Eventually.PATIENCE.toNanos()) + " s");
            }
        }
    }
}

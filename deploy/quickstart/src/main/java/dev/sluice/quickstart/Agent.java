// SPDX-License-Identifier: Apache-2.0
package dev.sluice.quickstart;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** The agent of the story: an ordinary PostgreSQL client that knows nothing of Sluice. */
final class Agent implements AutoCloseable {
    private static final int SHOWN_ROWS = 3;

    private final Connection connection;
    private volatile @Nullable Statement running;

    private Agent(Connection connection) {
        this.connection = connection;
    }

    /** How a statement ended: with rows or a count, or with an error. */
    record Ending(long count, String sqlState, String message, List<String> notices) {
        boolean succeeded() {
            return sqlState.isEmpty();
        }
    }

    static Agent connect(Credentials credentials) {
        return connect(credentials, "");
    }

    /** @param options of the startup packet, as psql takes them */
    static Agent connect(Credentials credentials, String options) {
        Credentials.GatewayAddress gateway = credentials.gateway();
        Properties login = new Properties();
        login.setProperty("user", credentials.agent().user());
        login.setProperty("password", credentials.agent().token());
        login.setProperty("sslmode", "disable");
        login.setProperty("ApplicationName", "sluice-demo");
        if (!options.isEmpty()) {
            login.setProperty("options", options);
        }
        try {
            return new Agent(DriverManager.getConnection(
                    "jdbc:postgresql://" + new HostPort(gateway.host(), gateway.port()).authority() + "/" + gateway.database(), login));
        } catch (SQLException refused) {
            throw new StartFailure("the agent cannot log in through the gateway: " + refused.getMessage(), refused);
        }
    }

    /** The single number that a query answers. */
    long number(String sql) {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            result.next();
            return result.getLong(1);
        } catch (SQLException refused) {
            throw new DemoScript.Failed("'" + sql + "' was expected to pass, but: " + refused.getMessage());
        }
    }

    /** What a client sees of a statement: its first rows, or its error. */
    record Shown(boolean refused, String text) {}

    /** Runs a statement that may be refused. */
    Shown shown(String sql) {
        try (Statement statement = connection.createStatement()) {
            if (!statement.execute(sql)) {
                return new Shown(false, statement.getLargeUpdateCount() + " rows");
            }
            StringBuilder rows = new StringBuilder();
            try (ResultSet result = statement.getResultSet()) {
                for (int row = 0; row < SHOWN_ROWS && result.next(); row++) {
                    rows.append(row == 0 ? "" : " | ").append(result.getString(1));
                }
            }
            return new Shown(false, rows.toString());
        } catch (SQLException refused) {
            return new Shown(true, refused.getSQLState() + ": " + refused.getMessage());
        }
    }

    /** Sends a statement and goes on; the result is there once the statement has ended. */
    CompletableFuture<Ending> begin(String sql) {
        CompletableFuture<Ending> ending = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> ending.complete(execute(sql)));
        return ending;
    }

    /** Waits for a statement that {@link #begin} has sent. */
    static Ending await(CompletableFuture<Ending> ending, Duration patience) {
        try {
            return ending.orTimeout(patience.toMillis(), TimeUnit.MILLISECONDS).join();
        } catch (CompletionException late) {
            throw new DemoScript.Failed(
                    late.getCause() instanceof TimeoutException ? "the statement has not ended within " + patience.toSeconds() + " s" : String.valueOf(late.getCause()));
        }
    }

    private Ending execute(String sql) {
        List<String> notices = new ArrayList<>();
        try (Statement statement = connection.createStatement()) {
            running = statement;
            statement.execute(sql);
            for (SQLWarning notice = statement.getWarnings(); notice != null; notice = notice.getNextWarning()) {
                notices.add(notice.getMessage());
            }
            return new Ending(statement.getLargeUpdateCount(), "", "", notices);
        } catch (SQLException refused) {
            return new Ending(-1, String.valueOf(refused.getSQLState()), String.valueOf(refused.getMessage()), notices);
        }
    }

    /** Takes back what {@link #begin} has sent, as a client does that has waited long enough. */
    void cancel() {
        Statement statement = running;
        try {
            if (statement != null) {
                statement.cancel();
            }
        } catch (SQLException failed) {
            throw new DemoScript.Failed("the agent could not cancel its statement: " + failed.getMessage());
        }
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException failed) {
            throw new DemoScript.Failed("the agent could not log out: " + failed.getMessage());
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.e2e.stack;

import dev.sluice.quickstart.Credentials;
import dev.sluice.quickstart.SampleDatabase;
import dev.sluice.quickstart.Stack;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;

/** A session of an ordinary PostgreSQL client, pgjdbc, through the gateway. */
final class Client implements AutoCloseable {
    /** Option of the startup packet: what is held gets a ticket. */
    static final String RETURN = "-c sluice.hold=return";

    private final Connection connection;
    private final AtomicReference<Statement> running = new AtomicReference<>();

    private Client(Connection connection) {
        this.connection = connection;
    }

    /** How a statement ended; {@code sqlState} is empty when it succeeded. */
    record Ending(long count, String sqlState, String message, List<String> notices) {
        static Ending failed(SQLException failure) {
            return new Ending(-1, String.valueOf(failure.getSQLState()), String.valueOf(failure.getMessage()), List.of());
        }
    }

    static Client agent(Credentials credentials) throws SQLException {
        return agent(credentials, credentials.agent().token());
    }

    /** The agent with any password. */
    static Client agent(Credentials credentials, String password) throws SQLException {
        return open(credentials.gateway().port(), String.valueOf(credentials.gateway().database()), credentials.agent().user(), password);
    }

    /** The agent, by simple query or extended query. */
    static Client agent(Credentials credentials, boolean simple) throws SQLException {
        return open(
                credentials.gateway().port(), String.valueOf(credentials.gateway().database()), credentials.agent().user(), credentials.agent().token(), simple);
    }

    static Client open(int port, String database, String user, String password) throws SQLException {
        return open(port, database, user, password, false);
    }

    /** The agent, with the startup packet's options. */
    static Client agentWith(Credentials credentials, String options) throws SQLException {
        return agentAt(credentials.gateway().port(), credentials, options);
    }

    /** How a statement ends that does not wait for people, sent until they have answered: their verdict may be on its way still. */
    static Ending afterVerdict(Callable<Ending> sent) throws Exception {
        return Eventually.await("people have answered", () -> {
            Ending ending = sent.call();
            return ending.sqlState().equals("SL001") ? Optional.empty() : Optional.of(ending);
        });
    }

    /** The agent at another gateway. */
    static Client agentAt(int port, Credentials credentials, String options) throws SQLException {
        var login = new Properties();
        login.setProperty("options", options);
        return open(port, String.valueOf(credentials.gateway().database()), credentials.agent().user(), credentials.agent().token(), false, login);
    }

    /** Past the gateway, straight to the server, with the gateway's own login. */
    static Client past(Stack stack) throws SQLException {
        return past(stack, "a test");
    }

    /** As {@link #past(Stack)}, under this {@code application_name} from the startup packet on. */
    static Client past(Stack stack, String application) throws SQLException {
        var login = new Properties();
        login.setProperty("ApplicationName", application);
        login.setProperty("assumeMinServerVersion", "9.0");
        return open(stack.postgres().port(), SampleDatabase.NAME, SampleDatabase.GATEWAY_ROLE, stack.sampleDatabasePassword(), false, login);
    }

    /** The only value of a query that is sent {@linkplain #past past the gateway}. */
    static String valuePast(Stack stack, String sql) throws SQLException {
        try (Client direct = past(stack)) {
            return direct.value(sql);
        }
    }

    static Client open(int port, String database, String user, String password, boolean simple) throws SQLException {
        return open(port, database, user, password, simple, new Properties());
    }

    private static Client open(int port, String database, String user, String password, boolean simple, Properties more) throws SQLException {
        var login = new Properties();
        login.setProperty("user", user);
        login.setProperty("password", password);
        login.setProperty("sslmode", "disable");
        login.putAll(more);
        login.setProperty("preferQueryMode", simple ? "simple" : "extended");
        return new Client(DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + port + "/" + database, login));
    }

    Connection connection() {
        return connection;
    }

    /** The only value of a query. */
    String value(String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return String.valueOf(rows.getString(1));
        }
    }

    Ending run(String sql) {
        try (Statement statement = connection.createStatement()) {
            running.set(statement);
            boolean rows = statement.execute(sql);
            return new Ending(rows ? 0 : statement.getLargeUpdateCount(), "", "", notices(statement));
        } catch (SQLException failure) {
            return Ending.failed(failure);
        }
    }

    private static List<String> notices(Statement statement) throws SQLException {
        var notices = new ArrayList<String>();
        for (SQLWarning notice = statement.getWarnings(); notice != null; notice = notice.getNextWarning()) {
            notices.add(String.valueOf(notice.getMessage()));
        }
        return List.copyOf(notices);
    }

    /** What the client has been told of the statement that runs, while it runs. */
    List<String> noticesSoFar() throws SQLException {
        Statement statement = running.get();
        return statement == null ? List.of() : notices(statement);
    }

    /** Runs in a thread of its own. */
    CompletableFuture<Ending> begin(String sql) {
        var ending = new CompletableFuture<Ending>();
        Thread.ofVirtual().start(() -> ending.complete(run(sql)));
        return ending;
    }

    /** Sends a CancelRequest for what runs. */
    void cancel() throws SQLException {
        Statement statement = running.get();
        if (statement == null) {
            throw new IllegalStateException("nothing runs");
        }
        statement.cancel();
    }

    /** Goes away in the middle of whatever it does, as a client does whose process is killed. */
    void vanish() throws SQLException {
        connection.abort(Runnable::run);
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.quickstart.Credentials;
import dev.sluice.quickstart.Stack;
import dev.sluice.quickstart.StackOptions;
import dev.sluice.quickstart.Target;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * The destructive suite through the door, under the rules of the shipped starter policy: what a client hears of each statement, and that nothing of
 * what is held or denied has happened to the tables of a real server, while the near misses reach it.
 */
@ExtendWith(Servers.class)
class DestructiveSuiteE2E {
    private static final Path SUITE = Path.of("..", "..", "gateway", "src", "test", "resources", "dev", "sluice", "gateway", "policy", "destructive.txt");
    private static final Path STARTER = Path.of("..", "policies", "starter.yaml");

    /** SQLSTATE of a ticket: the statement waits for people. */
    private static final String TICKET = "SL001";

    private static final String SETUP = """
            CREATE TABLE customers (id int PRIMARY KEY, name text); INSERT INTO customers SELECT n, 'name' || n FROM generate_series(1, 5) n;
            CREATE TABLE orders (id serial PRIMARY KEY, customer int, total int, note text, paid date);
            INSERT INTO orders SELECT n, n % 5 + 1, n, 'note ' || n, '2025-01-01' FROM generate_series(1, 100) n;
            CREATE INDEX orders_note ON orders (note); CREATE VIEW people AS SELECT id, name FROM customers; CREATE MATERIALIZED VIEW copies AS SELECT * FROM orders;
            CREATE FUNCTION peek(int) RETURNS int LANGUAGE sql AS 'SELECT $1'; CREATE FUNCTION purge() RETURNS int LANGUAGE sql AS 'DELETE FROM orders; SELECT 1';
            ALTER TABLE customers OWNER TO suite; ALTER TABLE orders OWNER TO suite; ALTER VIEW people OWNER TO suite; ALTER MATERIALIZED VIEW copies OWNER TO suite;
            ALTER FUNCTION peek(int) OWNER TO suite; ALTER FUNCTION purge() OWNER TO suite
            """;

    /** Everything that the suite would like to remove, and a row that no near miss touches. */
    private static final String LEFT = "SELECT (SELECT string_agg(relname || ':' || relkind::text || ':' || relnatts, ',' ORDER BY relname) FROM pg_class WHERE relnamespace = 'public'::regnamespace)"
            + " || (SELECT string_agg(proname, ',' ORDER BY proname) FROM pg_proc WHERE pronamespace = 'public'::regnamespace)"
            + " || (SELECT string_agg(rolname, ',' ORDER BY rolname) FROM pg_roles) || (SELECT count(*) FROM customers) || (SELECT note || total FROM orders WHERE id = 77)";

    private static Stack stack;

    /** One line of the suite, with the decision that is meant. */
    private record Case(String decision, String sql) {}

    @BeforeAll
    @SuppressWarnings("NullAway")
    static void start(@TempDir Path folder) throws Exception {
        Servers.clean();
        Servers.execute(Servers.DATABASE, "DROP ROLE IF EXISTS suite; CREATE ROLE suite LOGIN; GRANT CREATE, USAGE ON SCHEMA public TO suite;" + SETUP);
        String starter = Files.readString(STARTER);
        Path policy = Files.writeString(folder.resolve("policy.yaml"), starter.substring(0, starter.indexOf("\nmasks:")));
        Target target = Target.parse("shop=postgres://suite:any@127.0.0.1:" + Servers.direct() + "/" + Servers.DATABASE);
        stack = Stack.start(StackOptions.forTests(folder.resolve("stack")).withTargets(List.of(target)).withPolicy(policy));
    }

    @AfterAll
    static void stop() {
        stack.close();
        Servers.clean();
        Servers.execute(Servers.DATABASE, "DROP OWNED BY suite; DROP ROLE suite");
    }

    private static List<Case> cases() {
        try {
            return Files.readAllLines(SUITE).stream()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(line -> line.split(" \\| ", 3))
                    .map(parts -> new Case(parts[0].strip(), parts[2].replace("\\n", "\n")))
                    .toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** A session of its own for each statement, as none may be the reason for another's answer. */
    private static String heard(String sql) {
        Credentials.Login agent = stack.credentials().agent();
        var login = new Properties();
        login.setProperty("user", agent.user());
        login.setProperty("password", agent.token());
        login.setProperty("options", "-c sluice.hold=return");
        login.setProperty("preferQueryMode", "simple");
        try (Connection connection = DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + stack.gatewayPort() + "/shop", login);
                Statement statement = connection.createStatement()) {
            for (String earlier : before(sql)) {
                statement.execute(earlier);
            }
            statement.execute(sql);
            return "allow";
        } catch (SQLException failure) {
            return answer(failure);
        }
    }

    /** The server names the routine that raised an error, the gateway has none: an error of the server's own says that the statement got to it. */
    private static String answer(SQLException failure) {
        if (TICKET.equals(failure.getSQLState())) {
            return "hold";
        }
        ServerErrorMessage told = failure instanceof PSQLException raised ? raised.getServerErrorMessage() : null;
        String message = String.valueOf(failure.getMessage());
        // The driver says so when the server has begun to send COPY data.
        boolean copies = told == null && message.contains("CopyManager");
        if (copies || told != null && told.getRoutine() != null) {
            return "allow";
        }
        return message.contains("statement denied by rule ") ? "deny" : "neither the server nor a rule (" + message + ")";
    }

    /** What the session has done before: what a cursor reads, and what has been prepared, decides what these are. */
    private static List<String> before(String sql) {
        if (sql.contains("CURRENT OF c") || sql.startsWith("FETCH")) {
            return List.of("BEGIN", "DECLARE c CURSOR FOR SELECT * FROM orders");
        }
        return sql.equals("EXECUTE gone") ? List.of("PREPARE gone AS DELETE FROM orders") : List.of();
    }

    private static String left() throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + Servers.direct() + "/" + Servers.DATABASE, Servers.USER, "");
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(LEFT)) {
            rows.next();
            return rows.getString(1);
        }
    }

    @Test
    void everyStatementIsHeldDeniedOrRunAsItIsMeantAndNothingIsLost() throws SQLException {
        String before = left();
        List<String> wrong = new ArrayList<>();
        for (Case each : cases()) {
            String heard = heard(each.sql());
            if (!heard.equals(each.decision())) {
                wrong.add(heard + " instead of " + each.decision() + ": " + each.sql());
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(left()).isEqualTo(before);
    }
}

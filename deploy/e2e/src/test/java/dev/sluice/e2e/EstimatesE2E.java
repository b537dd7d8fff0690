// SPDX-License-Identifier: Apache-2.0
package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.e2e.masking.Release;
import dev.sluice.quickstart.Stack;
import dev.sluice.quickstart.StackOptions;
import dev.sluice.quickstart.Target;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Rules that ask how many rows a statement would touch, in front of PostgreSQL 15 and 18. */
final class EstimatesE2E {
    private static final String BIG = "DELETE FROM items WHERE id > 100";
    private static final String SMALL = "DELETE FROM items WHERE id BETWEEN 10 AND 20 AND id < 0";
    private static final Map<Release, Started> STARTED = new EnumMap<>(Release.class);

    private record Started(EmbeddedPostgres server, Stack stack) {}

    private static synchronized Started started(Release release) throws Exception {
        Started known = STARTED.get(release);
        if (known != null) {
            return known;
        }
        EmbeddedPostgres server = release.start();
        try (Connection connection = server.getPostgresDatabase().getConnection(); Statement statement = connection.createStatement()) {
            assertThat(connection.getMetaData().getDatabaseMajorVersion()).isEqualTo(release.major());
            statement.execute("CREATE TABLE items AS SELECT id, 'x' || id AS name FROM generate_series(1, 10000) id; CREATE UNIQUE INDEX ON items (id); ANALYZE items");
        }
        Path folder = Files.createTempDirectory("sluice-estimates");
        Path policy = Files.writeString(folder.resolve("policy.yaml"), """
                version: 1
                hold: {approvers: [approvers], expires: 1s}
                defaults: {read: allow, write: allow, schema: allow, session: allow}
                rules:
                  - {name: many, when: "statement.estimatedRows > 1000 && statement.kinds.exists(k, k == 'DELETE')", then: hold}
                  - {name: reads-much, when: statement.estimatedRows > 5000 && statement.kind == 'SELECT', then: deny}
                """);
        Target target = Target.parse("*=postgres://127.0.0.1:" + server.getPort() + "/?credential=passthrough");
        Stack stack = Stack.start(StackOptions.forTests(folder.resolve("stack")).withTargets(List.of(target)).withPolicy(policy));
        Started now = new Started(server, stack);
        STARTED.put(release, now);
        return now;
    }

    @AfterAll
    static void stop() throws IOException {
        for (Started started : STARTED.values()) {
            started.stack().close();
            started.server().close();
        }
        STARTED.clear();
    }

    private static Connection connect(Release release, String mode) throws Exception {
        return DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + started(release).stack().gatewayPort() + "/postgres?sslmode=disable&prepareThreshold=1&preferQueryMode=" + mode, "postgres", "any");
    }

    private static String ask(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement(); ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }

    @ParameterizedTest
    @CsvSource({"V15, simple", "V15, extended", "V18, simple", "V18, extended"})
    void muchIsHeldAndLittlePasses(Release release, String mode) throws Exception {
        try (Connection connection = connect(release, mode); Statement statement = connection.createStatement()) {
            assertThat(statement.executeUpdate(SMALL)).isZero();
            assertThatThrownBy(() -> statement.executeUpdate(BIG)).isInstanceOf(SQLException.class);
            assertThat(ask(connection, "SELECT count(*) FROM items")).isEqualTo("10000");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aPreparedStatementIsAskedAboutWithItsParameters(Release release) throws Exception {
        try (Connection connection = connect(release, "extended"); PreparedStatement delete = connection.prepareStatement("DELETE FROM items WHERE id > ?")) {
            for (int round = 0; round < 3; round++) {
                delete.setInt(1, 9_999_999);
                assertThat(delete.executeUpdate()).isZero();
            }
            delete.setInt(1, 100);
            assertThatThrownBy(delete::executeUpdate).isInstanceOf(SQLException.class);
            delete.setInt(1, 9_999_999);
            assertThat(delete.executeUpdate()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aDenialNeedsNoWait(Release release) throws Exception {
        try (Connection connection = connect(release, "extended")) {
            assertThatThrownBy(() -> ask(connection, "SELECT id FROM items")).isInstanceOf(SQLException.class).hasMessageContaining("reads-much");
            assertThat(ask(connection, "SELECT id FROM items WHERE id = 5")).isEqualTo("5");
        }
    }

    @ParameterizedTest
    @CsvSource({"V15, simple", "V15, extended", "V18, simple", "V18, extended"})
    void theTransactionAndItsSettingsStayAsTheyAre(Release release, String mode) throws Exception {
        try (Connection connection = connect(release, mode); Statement statement = connection.createStatement()) {
            statement.execute("SET statement_timeout = '7s'");
            connection.setAutoCommit(false);
            statement.execute("SET LOCAL lock_timeout = '3s'");
            statement.execute("CREATE TEMPORARY TABLE mine (a int) ON COMMIT DROP");
            assertThat(statement.executeUpdate(SMALL)).isZero();
            assertThat(statement.executeUpdate("DELETE FROM mine WHERE a = 1")).isZero();
            assertThat((Object) statement.getWarnings()).isNull();
            assertThat(ask(connection, "SHOW statement_timeout") + ask(connection, "SHOW lock_timeout") + ask(connection, "SHOW client_min_messages"))
                    .isEqualTo("7s3snotice");
            connection.commit();
            connection.setAutoCommit(true);
            assertThat(ask(connection, "SHOW statement_timeout")).isEqualTo("7s");
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatThePlannerCannotPlanIsNotTheClientsErrorUntilItRuns(Release release) throws Exception {
        try (Connection connection = connect(release, "extended"); Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("CREATE TEMPORARY TABLE kept (a int)");
            assertThatThrownBy(() -> statement.executeUpdate("DELETE FROM nowhere WHERE a = 1")).isInstanceOf(SQLException.class);
            connection.rollback();
            assertThat(ask(connection, "SELECT 1")).isEqualTo("1");
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatThePlannerCannotPlanLeavesNothingBehind(Release release) throws Exception {
        try (Connection connection = connect(release, "simple"); Statement statement = connection.createStatement()) {
            for (int again = 0; again < 2; again++) {
                assertThatThrownBy(() -> statement.executeQuery("SELECT 1/0 FROM items")).isInstanceOf(SQLException.class);
            }
            assertThat(ask(connection, "SELECT count(*) FROM pg_prepared_statements")).isEqualTo("0");
        }
    }

    @ParameterizedTest
    @EnumSource
    void inAnAbortedTransactionTheServersAnswerStands(Release release) throws Exception {
        try (Connection connection = connect(release, "simple"); Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            assertThatThrownBy(() -> statement.execute("SELECT 1/0")).isInstanceOf(SQLException.class);
            assertThatThrownBy(() -> statement.executeUpdate(SMALL)).isInstanceOfSatisfying(SQLException.class, error -> assertThat(error.getSQLState()).isEqualTo("25P02"));
            connection.rollback();
            assertThat(statement.executeUpdate(SMALL)).isZero();
            connection.rollback();
        }
    }
}

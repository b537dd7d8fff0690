// SPDX-License-Identifier: Apache-2.0
package dev.sluice.e2e.masking;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringWriter;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.postgresql.PGConnection;

/**
 * Somebody else puts another table, or another column, in the place of a masked one, past the gateway, and a masked caller reads it at once: within
 * the five seconds in which the gateway does not look for changes by itself.
 */
@ExtendWith(Vault.class)
final class RecreatedTablesE2E {
    private static final String SECRET = "551-20-7788";
    private static final String MASKED = "***";
    private static final String MADE = "TABLE shifting.people AS SELECT 1 AS id, '" + SECRET + "'::text AS ssn";

    private static final List<String> STATEMENTS = List.of(
            "SELECT ssn FROM shifting.people",
            "SELECT 'x' || ssn FROM shifting.people",
            "SELECT p::text FROM shifting.people p",
            "DELETE FROM shifting.people RETURNING ssn");

    /** What puts another table under the masked name. */
    private enum Change {
        RECREATED("DROP TABLE shifting.people; CREATE " + MADE),
        RENAMED("CREATE TABLE shifting.later AS TABLE shifting.people; ALTER TABLE shifting.people RENAME TO before; ALTER TABLE shifting.later RENAME TO people"),
        /** The other table is one that the gateway knows, by its old name. */
        EXCHANGED("ALTER TABLE shifting.people RENAME TO before; ALTER TABLE shifting.spare RENAME TO people"),
        COLUMN("ALTER TABLE shifting.people DROP COLUMN ssn; ALTER TABLE shifting.people ADD COLUMN ssn text DEFAULT '" + SECRET + "'");

        private final String sql;

        Change(String sql) {
            this.sql = sql;
        }
    }

    private final Vault vault = Vault.shared();

    private void build(Release release) throws SQLException {
        vault.alter(release, "CREATE SCHEMA shifting; CREATE " + MADE + "; CREATE TABLE shifting.spare AS TABLE shifting.people; CREATE TABLE shifting.plain (id int4)");
    }

    @AfterEach
    void clear() throws SQLException {
        for (Release release : Release.values()) {
            vault.alter(release, "DROP SCHEMA IF EXISTS shifting CASCADE");
        }
    }

    @ParameterizedTest
    @EnumSource
    void nothingOfAnotherTableUnderTheMaskedNameIsShown(Release release) throws SQLException {
        List<String> problems = new ArrayList<>();
        for (Change change : Change.values()) {
            for (String options : List.of("preferQueryMode=simple", "prepareThreshold=0")) {
                for (String sql : STATEMENTS) {
                    build(release);
                    try (Connection connection = vault.connect(release, options);
                            Statement statement = connection.createStatement()) {
                        expect(problems, "before " + change, shown(statement, "SELECT ssn FROM shifting.people"), MASKED);
                        vault.alter(release, change.sql);

                        String shown = shown(statement, sql);

                        if (shown.contains(SECRET)) {
                            problems.add(change + " " + options + " " + sql + ": " + shown);
                        }
                        String again = shown(statement, "SELECT ssn FROM shifting.people");
                        if (again.contains("ERROR: the answer is withheld")) {
                            // What it was resolved to has been kept since the change: once.
                            again = shown(statement, "SELECT ssn FROM shifting.people");
                        }
                        expect(problems, change + " " + options + " " + sql, again, sql.startsWith("DELETE") ? "" : MASKED);
                    }
                    clear();
                }
            }
        }
        assertThat(problems).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void aStatementPreparedBeforeShowsNothingEither(Release release) throws SQLException {
        List<String> problems = new ArrayList<>();
        for (Change change : Change.values()) {
            for (String sql : List.of("SELECT ssn FROM shifting.people", "SELECT ssn || 'x' FROM shifting.people")) {
                build(release);
                try (Connection connection = vault.connect(release, "prepareThreshold=1");
                        PreparedStatement prepared = connection.prepareStatement(sql)) {
                    for (int i = 0; i < 3; i++) {
                        expect(problems, "before " + change, shown(prepared), MASKED);
                    }
                    vault.alter(release, change.sql);

                    for (int i = 0; i < 2; i++) {
                        String shown = shown(prepared);
                        if (shown.contains(SECRET)) {
                            problems.add(change + " " + sql + ": " + shown);
                        }
                    }
                    expect(problems, change + " " + sql, shown(prepared), MASKED);
                }
                clear();
            }
        }
        assertThat(problems).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void copiesAndTransactionsShowNothingEither(Release release) throws Exception {
        for (Change change : Change.values()) {
            build(release);
            try (Connection connection = vault.connect(release, "");
                    Statement statement = connection.createStatement()) {
                assertThat(shown(statement, "SELECT ssn FROM shifting.people")).isEqualTo(MASKED);
                vault.alter(release, change.sql);
                StringWriter rows = new StringWriter();

                connection.unwrap(PGConnection.class).getCopyAPI().copyOut("COPY shifting.people (ssn) TO STDOUT", rows);

                assertThat(rows.toString()).isEqualTo(MASKED + "\n");
            }
            clear();
            build(release);
            try (Connection connection = vault.connect(release, "");
                    Statement statement = connection.createStatement()) {
                assertThat(shown(statement, "SELECT ssn FROM shifting.people")).isEqualTo(MASKED);
                connection.setAutoCommit(false);
                statement.execute("CREATE TEMPORARY TABLE mine AS SELECT 'own'::text AS ssn");
                connection.commit();
                vault.alter(release, change.sql);

                assertThat(shown(statement, "SELECT ssn FROM shifting.people")).isEqualTo(MASKED);
                assertThat(shown(statement, "SELECT ssn FROM mine")).isEqualTo("own");
                connection.commit();
            }
            clear();
        }
    }

    /** The name says nothing of masks, so the server is not asked: what it says of the rows' origin is. */
    @ParameterizedTest
    @EnumSource
    void rowsOfATableThatIsNewAreNotShownBeforeItIsKnown(Release release) throws SQLException {
        build(release);
        try (Connection connection = vault.connect(release, "");
                Statement statement = connection.createStatement()) {
            assertThat(shown(statement, "SELECT ssn FROM shifting.people")).as("the catalog is read anew for it").isEqualTo(MASKED);
            assertThat(shown(statement, "SELECT id FROM shifting.plain")).isEmpty();
            vault.alter(release, "DROP TABLE shifting.plain; CREATE TABLE shifting.plain AS SELECT 7 AS id");

            assertThat(shown(statement, "SELECT id FROM shifting.plain")).contains("new to the gateway").doesNotContain("7\n");
            assertThat(shown(statement, "SELECT id FROM shifting.plain")).isEqualTo("7");

            vault.alter(release, "ALTER TABLE shifting.plain ADD COLUMN ssn text DEFAULT 'late'");
            assertThat(shown(statement, "SELECT ssn FROM shifting.plain")).contains("new to the gateway");
            assertThat(shown(statement, "SELECT ssn FROM shifting.plain")).isEqualTo("late");
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatTheSessionMadeItselfIsReadAsBefore(Release release) throws SQLException {
        build(release);
        try (Connection connection = vault.connect(release, "");
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("CREATE TEMPORARY TABLE mine (ssn text)");
            statement.execute("INSERT INTO mine VALUES ('own')");
            assertThat(shown(statement, "SELECT ssn FROM mine")).isEqualTo("own");
            statement.execute("CREATE TABLE shifting.lasting AS SELECT ssn || '!' AS ssn FROM mine");
            assertThat(shown(statement, "SELECT ssn FROM shifting.lasting")).isEqualTo("own!");
            statement.execute("ALTER TABLE shifting.plain ADD COLUMN added text DEFAULT 'later'");
            statement.execute("INSERT INTO shifting.plain VALUES (1)");
            assertThat(shown(statement, "SELECT added FROM shifting.plain")).isEqualTo("later");
            connection.commit();
            assertThat(shown(statement, "SELECT l.ssn || m.ssn || p.added FROM shifting.lasting l, mine m, shifting.plain p")).isEqualTo("own!ownlater");
        }
    }

    private static void expect(List<String> problems, String when, String shown, String expected) {
        if (!shown.equals(expected)) {
            problems.add(when + ": '" + shown + "' in place of '" + expected + "'");
        }
    }

    /** The first column of all rows, or the error. */
    private static String shown(Statement statement, String sql) {
        try (ResultSet rows = statement.executeQuery(sql)) {
            return all(rows);
        } catch (SQLException failed) {
            return String.valueOf(failed.getMessage());
        }
    }

    private static String shown(PreparedStatement prepared) {
        try (ResultSet rows = prepared.executeQuery()) {
            return all(rows);
        } catch (SQLException failed) {
            return String.valueOf(failed.getMessage());
        }
    }

    private static String all(ResultSet rows) throws SQLException {
        List<String> all = new ArrayList<>();
        while (rows.next()) {
            all.add(rows.getString(1));
        }
        return String.join("\n", all);
    }
}

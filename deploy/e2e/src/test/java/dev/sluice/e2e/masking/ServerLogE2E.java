// SPDX-License-Identifier: Apache-2.0
package dev.sluice.e2e.masking;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.regex.Pattern;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** To resolve a statement the gateway has the server print its tree. The server's own log is spared it, where the role may see to that. */
@ExtendWith(Vault.class)
final class ServerLogE2E {
    private static final Pattern TREE = Pattern.compile("rewritten parse tree:");

    private final Vault vault = Vault.shared();
    private int statements;

    @ParameterizedTest
    @EnumSource
    void noTreeOfAResolvedStatementIsInTheLogOfAServerWhoseRoleMaySilenceIt(Release release) throws SQLException, IOException {
        try (Connection connection = vault.connect(release, "preferQueryMode=simple");
                Statement statement = connection.createStatement()) {
            assertThat(treesOf(release, statement)).as("a superuser's").isZero();
            statement.execute("SET ROLE clerk");
            assertThat(treesOf(release, statement)).as("one without the privilege").isPositive();
            vault.alter(release, "GRANT SET ON PARAMETER log_min_messages TO clerk");
            assertThat(treesOf(release, statement)).as("one with the privilege").isZero();
            statement.execute("BEGIN");
            assertThat(treesOf(release, statement)).as("in a transaction").isZero();
            statement.execute("COMMIT");
            assertThat(valueOf(statement, "SHOW log_min_messages")).isEqualTo("warning");
        } finally {
            vault.alter(release, "REVOKE SET ON PARAMETER log_min_messages FROM clerk");
        }
    }

    /** What the statement itself has to say is not lost. */
    @ParameterizedTest
    @EnumSource
    void errorsOfTheStatementAsItRunsAreThereStill(Release release) throws SQLException, IOException {
        try (Connection connection = vault.connect(release, "");
                Statement statement = connection.createStatement()) {
            String before = Files.readString(vault.log(release), StandardCharsets.UTF_8);
            assertThat(valueOf(statement, "SELECT ssn FROM people WHERE id = 3 AND 1 / (id - 3) > 0")).contains("ERROR");
            assertThat(Files.readString(vault.log(release), StandardCharsets.UTF_8).substring(before.length())).contains("division by zero");
        }
    }

    /** How many trees the log gets of a statement that shows a masked column and has not been seen before. */
    private int treesOf(Release release, Statement statement) throws SQLException, IOException {
        String before = Files.readString(vault.log(release), StandardCharsets.UTF_8);
        assertThat(valueOf(statement, "SELECT ssn AS s" + statements++ + " FROM public.people WHERE id = 3")).isEqualTo("***");
        String added = Files.readString(vault.log(release), StandardCharsets.UTF_8).substring(before.length());
        int trees = (int) TREE.matcher(added).results().count();
        if (trees > 0) {
            Files.writeString(Path.of("target", "server-log-" + release.major() + ".txt"), "bytes of one statement in the server's log: " + added.getBytes(StandardCharsets.UTF_8).length + "\n");
        }
        return trees;
    }

    private static String valueOf(Statement statement, String sql) throws SQLException {
        try (var rows = statement.executeQuery(sql)) {
            assertThat(rows.next()).isTrue();
            return rows.getString(1);
        } catch (SQLException failed) {
            return String.valueOf(failed.getMessage());
        }
    }
}

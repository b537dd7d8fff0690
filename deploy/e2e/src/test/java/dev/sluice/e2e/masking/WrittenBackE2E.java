// SPDX-License-Identifier: Apache-2.0
package dev.sluice.e2e.masking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.StringReader;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HexFormat;
import java.util.UUID;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.PGConnection;
import org.postgresql.util.PGbytea;

/** What masks have shown does not come back as a value: by literals, parameters in text and binary, and COPY. */
@ExtendWith(Vault.class)
final class WrittenBackE2E {
    private static final String REFUSED = "which is what a mask shows, in place of a value";

    @ParameterizedTest
    @ValueSource(strings = {"preferQueryMode=simple", "prepareThreshold=-1", "prepareThreshold=0"})
    void standInsAreRefusedInWritesAndNowhereElse(String options) throws SQLException {
        try (Connection connection = Vault.shared().connect(Release.V18, options);
                Statement statement = connection.createStatement()) {
            String email = shown(statement, "SELECT email FROM contacts");
            String phone = shown(statement, "SELECT phone FROM contacts");
            UUID ref = UUID.fromString(shown(statement, "SELECT ref FROM contacts"));
            assertThat(shown(statement, "SELECT card FROM contacts")).isEqualTo("****0001");

            refused(connection, "UPDATE contacts SET email = ? WHERE id = 1", email);
            refused(connection, "INSERT INTO notes (id, body) VALUES (1, ?)", phone);
            refused(connection, "UPDATE contacts SET ref = ? WHERE id = 1", ref);
            refused(connection, "INSERT INTO notes (id, ref) VALUES (1, ?)", ref);
            refused(connection, "UPDATE contacts SET card = ? WHERE id = 1", "****0001");
            refused(connection, "UPDATE contacts SET ssn = ? WHERE id = 1", "***");
            for (String literal : new String[] {"'" + email + "'", "E'" + email + "'", "$q$" + email + "$q$"}) {
                assertThatThrownBy(() -> statement.execute("UPDATE contacts SET email = " + literal + " WHERE id = 1")).hasMessageContaining(REFUSED);
            }
            byte[] code = shownBytes(statement, "SELECT code FROM contacts");
            for (String literal : new String[] {"\\x" + HexFormat.of().formatHex(code), PGbytea.toPGString(code)}) {
                assertThatThrownBy(() -> statement.execute("UPDATE contacts SET code = '" + literal + "' WHERE id = 1")).as(literal).hasMessageContaining(REFUSED);
            }

            assertThatCode(() -> statement.execute("UPDATE contacts SET email = 'ann@corp.test' WHERE id = 9")).doesNotThrowAnyException();
            assertThatCode(() -> statement.execute("UPDATE notes SET body = 'rated ***' WHERE id = 9")).doesNotThrowAnyException();
            assertThatCode(() -> statement.executeQuery("SELECT '" + email + "'").close()).doesNotThrowAnyException();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"COPY contacts (id, email) FROM STDIN", "COPY contacts (id, email) FROM STDIN (FORMAT csv)"})
    void standInsAreRefusedInCopyData(String copy) throws SQLException, IOException {
        try (Connection connection = Vault.shared().connect(Release.V18, "preferQueryMode=simple");
                Statement statement = connection.createStatement()) {
            String email = shown(statement, "SELECT email FROM contacts");
            String separator = copy.contains("csv") ? "," : "\t";
            var manager = connection.unwrap(PGConnection.class).getCopyAPI();
            for (String end : new String[] {"\n", ""}) {
                assertThatThrownBy(() -> manager.copyIn(copy, new StringReader("7" + separator + "new@corp.test\n8" + separator + email + end)))
                        .hasMessageContaining("the data holds what a mask shows");
            }
            assertThat(manager.copyIn(copy, new StringReader("7" + separator + "new@corp.test\n"))).isEqualTo(1);
            statement.execute("DELETE FROM contacts WHERE id = 7");
        }
    }

    private static void refused(Connection connection, String sql, Object value) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setObject(1, value);
            assertThatThrownBy(statement::executeUpdate).as(sql).isInstanceOf(SQLException.class).hasMessageContaining(REFUSED);
        }
    }

    private static String shown(Statement statement, String sql) throws SQLException {
        try (ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }

    private static byte[] shownBytes(Statement statement, String sql) throws SQLException {
        try (ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getBytes(1);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.e2e.masking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.postgresql.util.PGbytea;

/** What masks have shown does not come back as a value: by literals, parameters in text and binary, and COPY. */
@ExtendWith(Vault.class)
final class WrittenBackE2E {
    private static final String REFUSED = "which is what a mask shows, in place of a value";
    static final List<Arguments> SERVERS_AND_DRIVERS = onEach("preferQueryMode=simple", "prepareThreshold=-1", "prepareThreshold=0");
    static final List<Arguments> SERVERS_AND_COPIES = onEach("COPY contacts (id, email) FROM STDIN", "COPY contacts (id, email) FROM STDIN (FORMAT csv)");

    private static List<Arguments> onEach(String... options) {
        return Arrays.stream(Release.values()).flatMap(release -> Arrays.stream(options).map(option -> Arguments.of(release, option))).toList();
    }

    @ParameterizedTest
    @FieldSource("SERVERS_AND_DRIVERS")
    void standInsAreRefusedInWritesAndNowhereElse(Release release, String options) throws SQLException {
        try (Connection connection = Vault.shared().connect(release, options);
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
    @FieldSource("SERVERS_AND_DRIVERS")
    void standInsAreRefusedWithinDocumentsAndArrays(Release release, String options) throws SQLException {
        try (Connection connection = Vault.shared().connect(release, options);
                Statement statement = connection.createStatement()) {
            String profile = shown(statement, "SELECT profile FROM people WHERE id = 1");
            assertThat(profile).contains("\"ssn\": \"***\"");
            String email = shown(statement, "SELECT email FROM contacts");

            refused(connection, "UPDATE people SET profile = ?::jsonb WHERE id = -1", profile);
            refused(connection, "INSERT INTO people (id, name, profile) VALUES (-1, 'Fay', ?::jsonb)", "{\"deep\": [{\"code\": \"***\"}]}");
            refused(connection, "INSERT INTO visits (meta) VALUES (?::jsonb)", "{\"by\": [\"" + email + "\"]}");
            refused(connection, "UPDATE people SET notes = ?::text[] WHERE id = -1", "{plain,\"***\"}");
            refused(connection, "UPDATE people SET notes = ? WHERE id = -1", connection.createArrayOf("text", new String[] {"plain", "***"}));
            refused(connection, "UPDATE visits SET tags = ? WHERE id = -1", connection.createArrayOf("text", new String[] {"plain", email}));
            assertThatThrownBy(() -> statement.execute("UPDATE people SET profile = '" + profile.replace("'", "''") + "' WHERE id = -1")).hasMessageContaining(REFUSED);

            assertThatCode(() -> statement.execute("UPDATE visits SET meta = '{\"rated\": \"***\"}', tags = '{***}' WHERE id = -1")).doesNotThrowAnyException();
            assertThatCode(() -> statement.execute("UPDATE people SET profile = '{\"plan\": \"free\"}', notes = '{new}' WHERE id = -1")).doesNotThrowAnyException();
        }
    }

    @ParameterizedTest
    @FieldSource("SERVERS_AND_DRIVERS")
    void standInsAreRefusedWithinLargeValues(Release release, String options) throws SQLException {
        String large = "[" + "123456789012, ".repeat(5_000);
        try (Connection connection = Vault.shared().connect(release, options);
                Statement statement = connection.createStatement()) {
            String email = shown(statement, "SELECT email FROM contacts");
            String profiles = "INSERT INTO people (id, name, profile) SELECT id, name, profile FROM jsonb_populate_recordset(NULL::people, ?::jsonb)";

            refused(connection, "INSERT INTO visits (meta) VALUES (?::jsonb)", large + "\"" + email + "\"]");
            refused(connection, profiles, "[{\"id\": -1, \"name\": \"Fay\", \"profile\": {\"deep\": {\"code\": \"***\"}}}]");
            assertThatThrownBy(() -> statement.execute("UPDATE visits SET meta = '" + large + "\"" + email + "\"]' WHERE id = -1"))
                    .hasMessageContaining("a constant of " + (large.length() + email.length() + 3) + " characters, " + REFUSED);

            try (PreparedStatement update = connection.prepareStatement("UPDATE visits SET meta = ?::jsonb WHERE id = -1")) {
                update.setObject(1, large + "\"" + email + "x\"]");
                assertThat(update.executeUpdate()).isZero();
            }
            connection.setAutoCommit(false);
            assertThatCode(() -> statement.execute("UPDATE visits SET meta = '" + large + "1]' WHERE id = -1")).doesNotThrowAnyException();
            connection.commit();
        }
    }

    @ParameterizedTest
    @FieldSource("SERVERS_AND_COPIES")
    void copyDataThatWouldTakeLongToSearchIsRefused(Release release, String copy) throws SQLException {
        try (Connection connection = Vault.shared().connect(release, "preferQueryMode=simple");
                Statement statement = connection.createStatement()) {
            byte[] data = ("7" + (copy.contains("csv") ? "," : "\t") + "n".repeat(1 << 20) + "\n").getBytes(StandardCharsets.UTF_8);
            var manager = connection.unwrap(PGConnection.class).getCopyAPI();
            CopyIn whole = manager.copyIn(copy);
            assertThatThrownBy(() -> {
                whole.writeToCopy(data, 0, data.length);
                whole.endCopy();
            }).hasMessageContaining("is too long to be searched for what masks have shown").hasMessageContaining("at most 1048576 bytes");

            CopyIn pieces = manager.copyIn(copy);
            pieces.writeToCopy(data, 0, data.length / 2);
            pieces.writeToCopy(data, data.length / 2, data.length - data.length / 2);
            assertThat(pieces.endCopy()).isEqualTo(1);
            statement.execute("DELETE FROM contacts WHERE id = 7");
        }
    }

    @ParameterizedTest
    @FieldSource("SERVERS_AND_COPIES")
    void standInsAreRefusedInCopyData(Release release, String copy) throws SQLException, IOException {
        try (Connection connection = Vault.shared().connect(release, "preferQueryMode=simple");
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

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.quickstart.Stack;
import dev.sluice.quickstart.StackOptions;
import dev.sluice.quickstart.Target;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Masks where every client logs in to PostgreSQL by itself, and the gateway has a role that may read the catalog and nothing else. */
@ExtendWith(Servers.class)
class PassthroughMasksE2E {
    private static final String POLICY = """
            version: 1
            defaults: {read: allow, write: allow, schema: allow, session: allow, unknown: deny}
            rules:
              - {name: many, when: statement.estimatedRows > 1000000, then: hold}
            masks:
              - {columns: [public.patients.ssn], with: redact, unless: user.subject == 'clerk'}
            """;

    private static Stack stack;

    @BeforeAll
    @SuppressWarnings("NullAway")
    static void start(@TempDir Path folder) throws Exception {
        Servers.clean();
        Servers.execute(Servers.DATABASE, "CREATE TABLE patients (id int, ssn text); INSERT INTO patients VALUES (1, '078-05-1120');"
                + " DROP ROLE IF EXISTS clerk, cataloguer; CREATE ROLE clerk LOGIN; CREATE ROLE cataloguer LOGIN; GRANT USAGE ON SCHEMA public TO clerk; GRANT SELECT ON patients TO clerk");
        Path policy = Files.writeString(folder.resolve("policy.yaml"), POLICY);
        String server = "127.0.0.1:" + Servers.direct();
        stack = Stack.start(StackOptions.forTests(folder.resolve("stack"))
                .withTargets(List.of(
                        Target.parse("*=postgres://" + server + "/?credential=passthrough&catalog_user=cataloguer"),
                        Target.parse("blind=postgres://" + server + "/" + Servers.DATABASE + "?credential=passthrough")))
                .withPolicy(policy));
    }

    @AfterAll
    static void stop() {
        stack.close();
        Servers.clean();
        Servers.execute(Servers.DATABASE, "DROP ROLE clerk, cataloguer");
    }

    private static String ask(String target, String user, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + stack.gatewayPort() + "/" + target, user, "");
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }

    @Test
    void aColumnIsMaskedInASessionThatLoggedInByItself() throws SQLException {
        assertThat(ask(Servers.DATABASE, Servers.USER, "SELECT ssn FROM patients")).isEqualTo("***");
        assertThat(ask(Servers.DATABASE, Servers.USER, "SELECT id FROM patients")).isEqualTo("1");
        assertThatThrownBy(() -> ask(Servers.DATABASE, Servers.USER, "SELECT id FROM patients WHERE ssn LIKE '078%'")).hasMessageContaining("ssn");
    }

    @Test
    void whoTheServerSaysItIsDecidesWhatItSees() throws SQLException {
        assertThat(ask(Servers.DATABASE, "clerk", "SELECT ssn FROM patients")).isEqualTo("078-05-1120");
    }

    @Test
    void theCatalogsRoleIsNeverAClients() throws SQLException {
        assertThat(ask(Servers.DATABASE, Servers.USER, "SELECT ssn || session_user FROM patients")).isEqualTo("***");
        assertThat(ask(Servers.DATABASE, Servers.USER, "SELECT session_user")).isEqualTo(Servers.USER);
        assertThat(ask(Servers.DATABASE, Servers.USER, "SELECT string_agg(DISTINCT application_name, ',') FROM pg_stat_activity WHERE usename = 'cataloguer'"))
                .isEqualTo("sluice catalog");
    }

    @Test
    void withoutSuchARoleMaskedCallersAreRefusedAndToldWhatIsMissing() {
        assertThatThrownBy(() -> ask("blind", Servers.USER, "SELECT id FROM patients")).hasMessageContaining("give it a catalogUser");
    }
}

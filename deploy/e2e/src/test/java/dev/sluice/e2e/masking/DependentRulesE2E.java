// SPDX-License-Identifier: Apache-2.0
package dev.sluice.e2e.masking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rules that ask whether a statement makes use of a masked column, which the server's own analysis tells. */
@ExtendWith(Vault.class)
final class DependentRulesE2E {
    @ParameterizedTest
    @CsvSource({"V15, simple", "V15, extended", "V18, simple", "V18, extended"})
    void aStatementIsJudgedByWhatItMakesUseOf(Release release, String mode) throws SQLException {
        try (Connection connection = Vault.shared().connect(release, "assumeMinServerVersion=9.0&ApplicationName=reports&preferQueryMode=" + mode);
                Statement statement = connection.createStatement()) {
            for (String without : new String[] {"SELECT id FROM people WHERE id = 3", "SELECT s.id FROM (SELECT id, ssn FROM people) s WHERE s.id = 3"}) {
                assertThat(first(statement, without)).as(without).isEqualTo("3");
            }
            assertThat(first(statement, "SELECT count(*) FROM people")).isNotEqualTo("0");
            for (String with : new String[] {
                "SELECT ssn FROM people WHERE id = 3", "SELECT s.copy FROM (SELECT id, upper(ssn) AS copy FROM people) s WHERE s.id = 3"
            }) {
                assertThatThrownBy(() -> first(statement, with), with).isInstanceOf(SQLException.class).hasMessageContaining("no-masked-columns");
            }
            assertThat(first(statement, "SELECT id FROM people WHERE id = 3")).as("the session lives on").isEqualTo("3");
        }
    }

    @ParameterizedTest
    @CsvSource({"V15", "V18"})
    void whoIsNotMeantSeesItMasked(Release release) throws SQLException {
        try (Connection connection = Vault.shared().connect(release, "ApplicationName=others"); Statement statement = connection.createStatement()) {
            assertThat(first(statement, "SELECT ssn FROM people WHERE id = 3")).isEqualTo("***");
        }
    }

    private static String first(Statement statement, String sql) throws SQLException {
        try (ResultSet rows = statement.executeQuery(sql)) {
            assertThat(rows.next()).isTrue();
            return String.valueOf(rows.getString(1));
        }
    }
}

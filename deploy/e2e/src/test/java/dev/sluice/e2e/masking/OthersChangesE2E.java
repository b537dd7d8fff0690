// SPDX-License-Identifier: Apache-2.0
package dev.sluice.e2e.masking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Somebody else gives a name another meaning, past the gateway, while a masked caller has a statement prepared that uses it. */
@ExtendWith(Vault.class)
final class OthersChangesE2E {
    @ParameterizedTest
    @EnumSource
    void thePortalsOwnDescriptionIsLookedAtBeforeARowIsShown(Release release) throws SQLException {
        Vault vault = Vault.shared();
        vault.alter(release, "CREATE SCHEMA fleeting");
        vault.alter(release, "CREATE TABLE fleeting.people AS SELECT id, 'nothing here'::text AS ssn FROM public.people");
        try (Connection connection = vault.connect(release, "prepareThreshold=1");
                Statement settings = connection.createStatement()) {
            settings.execute("SET search_path = fleeting, public");
            try (PreparedStatement prepared = connection.prepareStatement("SELECT ssn FROM people WHERE id = 3")) {
                for (int i = 0; i < 3; i++) {
                    assertThat(shown(prepared)).isEqualTo("nothing here");
                }
                vault.alter(release, "DROP TABLE fleeting.people");

                // Within the five seconds in which the catalog is not looked at again.
                assertThatThrownBy(() -> shown(prepared)).isInstanceOf(SQLException.class).hasMessageContaining("people.ssn");
            }
        } finally {
            vault.alter(release, "DROP SCHEMA fleeting CASCADE");
        }
    }

    private static String shown(PreparedStatement prepared) throws SQLException {
        try (ResultSet rows = prepared.executeQuery()) {
            assertThat(rows.next()).isTrue();
            return rows.getString(1);
        }
    }
}

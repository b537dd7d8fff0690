// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.statement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.schemas.testing.TestPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The list of PostgreSQL's own functions is that of the server: a function that it gains has to be looked at before it counts as harmless. */
class KnownFunctionsIT {
    @Test
    void knowsExactlyTheFunctionsOfTheServer() throws IOException, SQLException {
        List<String> names = new ArrayList<>();
        try (TestPostgres server = TestPostgres.start();
                Connection connection = server.connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "select distinct proname from pg_proc where pronamespace = 'pg_catalog'::regnamespace")) {
            while (rows.next()) {
                names.add(rows.getString(1));
            }
        }

        assertThat(ResourceLines.of("functions.txt").stream().map(line -> line.split(" ", -1)[0]))
                .containsExactlyInAnyOrderElementsOf(names);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SampleDatabaseIT {
    @Test
    void hasFiftyThousandRowsIsMadeQuicklyAndOutlivesARestart(@TempDir Path folder) throws Exception {
        try (LocalPostgres server = LocalPostgres.start(folder, Map.of())) {
            long begun = System.nanoTime();
            SampleDatabase.prepare(server, "first");
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(10));
            assertThat(rows(server, "first")).isBetween(45_000L, 55_000L);
            assertThatThrownBy(() -> server.connect(SampleDatabase.NAME, SampleDatabase.GATEWAY_ROLE, "wrong"))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("password");
        }
        try (LocalPostgres server = LocalPostgres.start(folder, Map.of())) {
            SampleDatabase.prepare(server, "second");
            assertThat(server.created()).isFalse();
            assertThat(rows(server, "second")).isBetween(45_000L, 55_000L);
        }
    }

    private static long rows(LocalPostgres server, String password) throws SQLException {
        try (Connection connection = server.connect(SampleDatabase.NAME, SampleDatabase.GATEWAY_ROLE, password);
                ResultSet counted = connection
                        .createStatement()
                        .executeQuery(
                                """
                                SELECT (SELECT count(*) FROM customers) + (SELECT count(*) FROM cards) + (SELECT count(*) FROM orders)
                                  + (SELECT count(*) FROM order_items) + (SELECT count(*) FROM employees) + (SELECT count(*) FROM support_tickets)
                                """)) {
            counted.next();
            return counted.getLong(1);
        }
    }
}

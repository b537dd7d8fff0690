// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/** The days that have their partitions. Remembers those that it has seen committed, so that a batch of a known day asks nothing. */
final class Days {
    private static final String CREATE = "SELECT create_day(?)";

    private final Set<LocalDate> known = new HashSet<>();

    /** Makes what is missing of {@code days}, in the connection's transaction. */
    void create(Connection connection, Collection<LocalDate> days) throws SQLException {
        for (LocalDate day : days) {
            if (!known.contains(day)) {
                try (PreparedStatement statement = connection.prepareStatement(CREATE)) {
                    statement.setObject(1, day);
                    statement.execute();
                }
            }
        }
    }

    void committed(Collection<LocalDate> days) {
        known.addAll(days);
    }

    /** Forgets everything: a day may have been dropped since. */
    void forget() {
        known.clear();
    }
}

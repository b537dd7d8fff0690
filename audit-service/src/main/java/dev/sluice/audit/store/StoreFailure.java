// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.store;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** The database did not do what it was asked. The message holds the SQLSTATE and the server's main line, never values of a row. */
public final class StoreFailure extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    private final @Nullable String sqlState;

    StoreFailure(SQLException cause) {
        super("SQLSTATE " + cause.getSQLState() + ": " + firstLine(cause), cause);
        this.sqlState = cause.getSQLState();
    }

    /** SQLSTATE classes 22 (data exception) and 54 (program limit exceeded): trying the same again gives the same. */
    boolean isAboutData() {
        return sqlState != null && (sqlState.startsWith("22") || sqlState.startsWith("54"));
    }

    private static String firstLine(SQLException cause) {
        return String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
    }
}

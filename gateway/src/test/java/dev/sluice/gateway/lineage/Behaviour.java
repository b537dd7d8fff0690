// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.lineage;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What one run of a statement gave.
 *
 * @param rows of the result, as text; none for a statement that returns none
 * @param tables what it left in the tables that it writes, by name
 * @param affected rows counted by the command tag
 */
record Behaviour(List<List<String>> rows, Map<String, List<List<String>>> tables, int affected) {
    /** The statement failed. */
    static final class Failed extends Exception {
        private static final long serialVersionUID = 1L;

        Failed(SQLException cause) {
            super(cause.getMessage(), cause);
        }
    }

    /** Runs a statement as a role without privileges of its own, and undoes it. */
    static Behaviour of(Connection connection, String sql, Collection<String> written) throws SQLException, Failed {
        try (Statement statement = connection.createStatement()) {
            statement.execute("savepoint before_statement");
            try {
                statement.execute("set local role reader");
                List<List<String>> rows = statement.execute(sql) ? read(statement.getResultSet()) : List.of();
                int affected = statement.getUpdateCount();
                Map<String, List<List<String>>> tables = new HashMap<>();
                statement.execute("reset role");
                for (String table : written) {
                    tables.put(table, read(statement.executeQuery("select * from " + table)));
                }
                return new Behaviour(rows, tables, affected);
            } catch (SQLException failure) {
                throw new Failed(failure);
            } finally {
                statement.execute("rollback to before_statement");
            }
        }
    }

    private static List<List<String>> read(ResultSet result) throws SQLException {
        List<List<String>> rows = new ArrayList<>();
        int columns = result.getMetaData().getColumnCount();
        while (result.next()) {
            List<String> row = new ArrayList<>();
            for (int i = 1; i <= columns; i++) {
                row.add(String.valueOf(result.getString(i)));
            }
            rows.add(row);
        }
        return rows;
    }

    /** How often each row occurs, when only these columns of it are looked at. */
    static Map<List<String>, Integer> counted(List<List<String>> rows, Set<Integer> columns) {
        Map<List<String>, Integer> counted = new HashMap<>();
        for (List<String> row : rows) {
            List<String> part = new ArrayList<>();
            for (int i = 0; i < row.size(); i++) {
                if (columns.contains(i)) {
                    part.add(row.get(i));
                }
            }
            counted.merge(part, 1, Integer::sum);
        }
        return counted;
    }
}

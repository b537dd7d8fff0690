// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.lineage;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every function that a server has is in the list, with the class that the rules give it: one that a version adds has to be looked at. */
class FunctionClassesIT {
    private record Rule(FunctionClass functionClass, Pattern name) {}

    @ParameterizedTest
    @EnumSource
    void everyFunctionOfTheServerIsClassified(ServerVersion version) throws IOException, SQLException {
        Set<String> listed = new HashSet<>(Statements.lines("function-classes.txt"));
        List<Rule> rules = rules();
        List<String> missing = new ArrayList<>();
        try (EmbeddedPostgres server = version.start();
                Connection connection = server.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement();
                ResultSet functions = statement.executeQuery(
                        "select proname, coalesce(nullif(replace(proargtypes::text, ' ', ','), ''), '-'), provolatile,"
                                + " exists (select 1 from pg_operator where oprname in ('=', '<>') and oprcode = p.oid) from pg_proc p where oid < 16384")) {
            while (functions.next()) {
                String name = functions.getString(1);
                String line = classOf(name, functions.getString(3), rules) + " " + name + " " + functions.getString(2) + (functions.getBoolean(4) ? " =" : "");
                if (!listed.contains(line)) {
                    missing.add(line);
                }
            }
        }

        assertThat(missing).isEmpty();
    }

    private static String classOf(String name, String volatility, List<Rule> rules) {
        return rules.stream()
                .filter(rule -> rule.name().matcher(name).matches())
                .findFirst()
                .map(rule -> rule.functionClass().name())
                .orElse(volatility.equals("i") ? FunctionClass.PURE.name() : "to be looked at:");
    }

    private static List<Rule> rules() {
        return Statements.lines("function-class-rules.txt").stream()
                .filter(line -> !line.startsWith("#"))
                .map(line -> line.split(" ", 2))
                .map(words -> new Rule(FunctionClass.valueOf(words[0]), Pattern.compile(words[1])))
                .toList();
    }
}

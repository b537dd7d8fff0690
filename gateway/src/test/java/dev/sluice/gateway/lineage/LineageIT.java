// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.lineage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.catalog.Catalog;
import dev.sluice.gateway.catalog.ColumnId;
import dev.sluice.gateway.catalog.Relation;
import dev.sluice.gateway.catalog.RelationKind;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is written down as the lineage of each statement is what every version's server makes of it, and agrees with what it describes. */
class LineageIT {
    /** PostgreSQL's longest names are of 63 bytes; their escapes make them longer than a line of its messages. */
    private static final List<String> NAMES = List.of(
            "(".repeat(63), ") :relid 1 :rtekind {", "\\", "\\ \\", "<>", ":varattno 1", "a\nb", " ", "{VAR :varno 1}", "\\".repeat(63), " ".repeat(63),
            ("(".repeat(20) + "\n").repeat(3), "\u00e9".repeat(31), "\ud83d\ude00".repeat(15), "\"\"x\"\"", "[ 1 ]");

    @ParameterizedTest
    @EnumSource
    void resolvesTheSameFromTheTreesOfEveryVersion(ServerVersion version) throws IOException, SQLException {
        Map<String, String> expected = Statements.expected();
        List<String> disagreements = new ArrayList<>();
        try (EmbeddedPostgres server = version.start();
                Connection connection = server.getPostgresDatabase().getConnection();
                TreeProbe probe = new TreeProbe(server.getPort(), "postgres", "postgres")) {
            Catalog catalog = TestCatalog.of(version.major(), TestCatalog.lines(connection));
            LineageText text = new LineageText(catalog);
            for (String sql : Statements.since(version.major())) {
                TreeProbe.Parsed parsed = probe.parse(sql);
                Lineage lineage = LineageResolver.resolve(parsed.trees(), version.major(), catalog);

                if (!text.of(lineage).equals(expected.get(sql))) {
                    disagreements.add(sql + "\n    " + text.of(lineage) + "\n    " + expected.get(sql));
                }
                disagreements.addAll(withDescription(sql, lineage, parsed.fields(), catalog));
            }
        }

        assertThat(disagreements).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"V15", "V18"})
    void namesCannotMakeATreeSayWhatItDoesNot(ServerVersion version) throws IOException, SQLException {
        try (EmbeddedPostgres server = version.start();
                Connection connection = server.getPostgresDatabase().getConnection();
                TreeProbe probe = new TreeProbe(server.getPort(), "postgres", "postgres")) {
            Catalog catalog = TestCatalog.of(version.major(), TestCatalog.lines(connection));
            LineageText text = new LineageText(catalog);
            for (String name : NAMES) {
                for (int padding = 0; padding < NodeReader.LINE; padding++) {
                    String sql = "select '" + "x ".repeat(padding % 2) + "' as " + "p".repeat(1 + padding % 60) + ", ssn as \"" + name + "\" from customers";
                    String resolved = text.of(LineageResolver.resolve(probe.parse(sql).trees(), version.major(), catalog));

                    assertThat(resolved)
                            .as(sql)
                            .matches("(?s)SELECT p+ <-; .+ = customers.ssn|unresolved tree: a token is as long as a line.*");
                }
            }
        }
    }

    /** Where RowDescription says from which column of a table a value comes, the origin is the same. */
    private static List<String> withDescription(String sql, Lineage lineage, List<TreeProbe.Field> fields, Catalog catalog) {
        if (!(lineage instanceof Lineage.Resolved resolved)) {
            return List.of();
        }
        if (resolved.outputs().size() != fields.size()) {
            return List.of(sql + ": not as many columns as are described: " + fields);
        }
        List<String> disagreements = new ArrayList<>();
        for (int i = 0; i < fields.size(); i++) {
            TreeProbe.Field field = fields.get(i);
            Lineage.Output output = resolved.outputs().get(i);
            Relation table = catalog.relation(field.table());
            boolean plain = table != null && table.kind() != RelationKind.VIEW && field.column() > 0;
            if (!field.name().equals(output.name().replace('\n', ' ')) || plain && !new ColumnId(field.table(), field.column()).equals(output.origin())) {
                disagreements.add(sql + ": " + field + " is described, and resolved is " + output);
            }
        }
        return disagreements;
    }
}

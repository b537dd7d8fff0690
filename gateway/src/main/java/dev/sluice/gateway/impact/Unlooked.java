// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.impact;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.gateway.catalog.Catalog;
import dev.sluice.gateway.catalog.Function;
import dev.sluice.gateway.statement.FunctionName;
import dev.sluice.gateway.statement.Reading;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What of a statement nobody looks into, in words: so that an approver never takes silence for nothing. */
final class Unlooked {
    private static final int MOST_NAMES = 5;
    private static final String[] ROWS = {"estimatedRows", "exactRows", "sample"};
    private static final String[] ALL = {"tables", "cascades", "triggers", "locks", "dependents", "estimatedRows", "exactRows", "sample"};

    /** PostgreSQL's own functions that are volatile because they answer otherwise each time, or number rows. */
    private static final Set<String> ONLY_COMPUTE = Set.of(
            "random", "random_normal", "gen_random_uuid", "uuidv4", "uuidv7", "clock_timestamp", "timeofday", "nextval", "currval", "lastval");

    private Unlooked() {}

    /** For statements that the planner is not asked about. */
    static void ofKind(@Nullable Shape shape, Findings findings) {
        if (shape == null) {
            findings.missing("the text has several statements, or none", ROWS);
            return;
        }
        JsonNode fields = shape.fields();
        switch (shape.node()) {
            case "TruncateStmt" -> findings.missing("every row goes; the size of the tables tells how many", ROWS);
            case "CopyStmt" -> findings.missing(
                    shape.takesRows() ? "the rows are not there before the client sends them" : "the rows that COPY would send are not counted", ROWS);
            case "CallStmt", "DoStmt" -> findings.missing("it runs code, and what that does is not looked into", ALL);
            case "ExecuteStmt" -> findings.missing("it runs what was prepared under a name, and that is not looked into", ALL);
            case "FetchStmt" -> findings.missing("it reads from a cursor, whose query is not looked into", ALL);
            case "ExplainStmt" -> findings.missing("EXPLAIN may run the statement in it, which is not looked into", ALL);
            case "CreateTableAsStmt", "RefreshMatViewStmt" -> findings.missing("the rows that its query brings are not counted", ROWS);
            case "CreateExtensionStmt", "AlterExtensionStmt" -> findings.missing("it runs the extension's script, which is not looked into", ALL);
            default -> {
                if (fields.findValue("query") != null) {
                    findings.missing("the query in it is not looked into", ROWS);
                }
            }
        }
    }

    /** For what is not known at all because nobody looked. */
    static void ofEverything(String reason, Findings findings) {
        findings.missing(reason, ALL);
    }

    /** For functions that may do anything. */
    static void ofFunctions(Reading reading, Catalog catalog, Findings findings) {
        if (!(reading instanceof Reading.Understood understood)) {
            return;
        }
        List<String> names = understood.statements().stream()
                .flatMap(statement -> statement.functions().stream())
                .filter(name -> mayDoMore(name, catalog))
                .map(FunctionName::toString)
                .distinct()
                .toList();
        if (!names.isEmpty()) {
            String shown = names.stream().limit(MOST_NAMES).collect(Collectors.joining(", ")) + (names.size() > MOST_NAMES ? ", …" : "");
            findings.missing("it calls functions that may do more than compute, and what they do is not looked into: " + shown, "tables", "cascades", "triggers", "locks");
        }
    }

    private static boolean mayDoMore(FunctionName name, Catalog catalog) {
        List<Function> meant = Harmless.meant(name, catalog);
        return meant.isEmpty()
                || !meant.stream().allMatch(Function::builtIn)
                || (!ONLY_COMPUTE.contains(name.name()) && meant.stream().anyMatch(function -> function.volatility() == Function.Volatility.VOLATILE));
    }
}

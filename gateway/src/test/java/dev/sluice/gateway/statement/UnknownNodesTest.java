// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.statement;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * A node that this version of PostgreSQL does not have, as a later one might, makes its statement unknown wherever it stands: in the trees of all
 * statements of the table of facts, in place of each node and at the end of each list of nodes, but for lists that are read as names.
 */
class UnknownNodesTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String MADE_UP = "{\"FutureNode\": {\"arg\": {\"A_Const\": {\"isnull\": true}}}}";

    /** What is read as a name: a list of strings (and the star of a column), or of the relations that FOR UPDATE OF names. */
    private static final Set<String> NAMES = Set.of(
            "ColumnRef.fields[]", "FuncCall.funcname[]", "CreateTrigStmt.funcname[]", "CreateEventTrigStmt.funcname[]", "RangeTableSample.method[]", "LockingClause.lockedRels[]");

    private final Set<String> unseen = new TreeSet<>();
    private int places;

    @Test
    void anUnknownStatementIsUnknown() throws Exception {
        StatementFacts facts = StatementWalk.read(JSON.readTree("{\"stmts\": [{\"stmt\": " + MADE_UP + "}]}")).statements().getFirst();

        assertThat(facts.effects()).contains(Effect.UNKNOWN);
        assertThat(facts.bounded()).isFalse();
        assertThat(facts.kind()).isEqualTo("FutureNode");
    }

    @Test
    void anUnknownNodeAnywhereMakesItsStatementUnknown() throws Exception {
        WasmParser parser = new WasmParser(256L << 20);
        for (String row : StatementFactsTest.rows().toList()) {
            JsonNode root = JSON.readTree(((WasmParser.Answer.Tree) parser.parse(row.split(" \\| ", 3)[2].getBytes(StandardCharsets.UTF_8))).json());
            assertThat(root.path("stmts")).as(row).isNotEmpty();
            if (!StatementWalk.read(root).statements().getFirst().effects().contains(Effect.UNKNOWN)) {
                root.path("stmts").forEach(raw -> replace(root, raw.path("stmt"), "stmt"));
            }
        }
        assertThat(unseen).as("places where an unknown node is not seen").isEmpty();
        assertThat(places).isGreaterThan(1_000);
    }

    private void replace(JsonNode root, JsonNode at, String type) {
        if (at instanceof ObjectNode object) {
            String wrapped = ParseTree.nameOf(object);
            for (Map.Entry<String, JsonNode> field : List.copyOf(object.properties())) {
                JsonNode value = field.getValue();
                String place = type + "." + field.getKey();
                if (wrapped == null && value.isObject() && ParseTree.nameOf(value) != null) {
                    object.set(field.getKey(), madeUp());
                    look(root, place);
                    object.set(field.getKey(), value);
                } else if (value instanceof ArrayNode list && !list.isEmpty() && list.get(0).isObject()) {
                    list.add(madeUp());
                    look(root, place + "[]");
                    list.remove(list.size() - 1);
                }
                replace(root, value, wrapped == null ? type + "." + field.getKey() : wrapped);
            }
        } else {
            at.forEach(element -> replace(root, element, type));
        }
    }

    private void look(JsonNode root, String place) {
        places++;
        if (StatementWalk.read(root).statements().stream().noneMatch(UnknownNodesTest::isUnknown) && !NAMES.contains(place)) {
            unseen.add(place);
        }
    }

    /** By itself, or by a statement inside it, which policies judge as well. */
    private static boolean isUnknown(StatementFacts facts) {
        return facts.effects().contains(Effect.UNKNOWN) || facts.inner().stream().anyMatch(UnknownNodesTest::isUnknown);
    }

    private static JsonNode madeUp() {
        try {
            return JSON.readTree(MADE_UP);
        } catch (com.fasterxml.jackson.core.JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.lineage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.catalog.ColumnId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LineageResolverTest {
    private static final String COUNT = "select count(*) from customers where ssn like '9%'";
    private static final String BODY = "select ssn_of(1), ssn_of(id) from orders";

    private static Lineage resolve(RecordedTrees recorded, String tree) {
        return LineageResolver.resolve(List.of(tree), recorded.catalog().serverMajor(), recorded.catalog());
    }

    private static Lineage.Unresolved unresolved(RecordedTrees recorded, String tree) {
        return assertThat(resolve(recorded, tree)).asInstanceOf(InstanceOfAssertFactories.type(Lineage.Unresolved.class)).actual();
    }

    @ParameterizedTest
    @ValueSource(ints = {15, 18})
    void resolvesRecordedTrees(int major) {
        RecordedTrees recorded = RecordedTrees.of(major);
        Map<String, String> expected = Statements.expected();
        LineageText text = new LineageText(recorded.catalog());
        List<String> disagreements = new ArrayList<>();
        recorded.trees().forEach((sql, tree) -> {
            String resolved = text.of(resolve(recorded, tree));
            if (!resolved.equals(expected.get(sql))) {
                disagreements.add(sql + "\n    " + resolved + "\n    " + expected.get(sql));
            }
        });

        assertThat(recorded.trees()).isNotEmpty();
        assertThat(disagreements).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 12, 19, 180_000})
    void refusesVersionsThatNobodyTested(int major) {
        RecordedTrees recorded = RecordedTrees.of(18);

        assertThat(LineageResolver.resolve(List.copyOf(recorded.trees().values()), major, recorded.catalog()))
                .isEqualTo(new Lineage.Unresolved(
                        "PostgreSQL " + major, "trees of this major version are not known here", "Use a server of version 13 to 18."));
    }

    @ParameterizedTest
    @CsvSource({"12, 13", "13, 13", "16, 16", "18, 18", "19, 18"})
    void readsUnknownVersionsAsTheNearestKnownOne(int major, int nearest) {
        assertThat(LineageResolver.nearest(major)).isEqualTo(nearest);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {OPEXPR | {NEWEXPR | NEWEXPR: this kind of node is not known
            :inputcollid 100 | :inputcollid {CONST :consttype 25} | OPEXPR: its field inputcollid holds a node that is not known
            :rtekind 0 | :rtekind 9 :groupexprs <> | RANGETBLENTRY: column 3 of 0 in groupexprs
            :rtekind 0 | :rtekind 7 | RANGETBLENTRY: a range table entry of kind 7 is not known
            :commandType 1 | :commandType 9 | range table entry 0: the query has 1 of them
            :selectedCols (b 10) | :selectedCols (b 9 10) | column 16476.2: the server will read it, and the tree does not show for what
            :varlevelsup 0 | :varlevelsup 1 | reference: it points out of the statement
            :varno 1 | :varno 65001 | range table entry 65001: the query has 1 of them
            :utilityStmt <> | :utilityStmt ? | utility statement: its own tree does not tell what it reads
            :rtindex 1 | :rtindex x | RANGETBLREF: its field rtindex is not a number
            """)
    void namesWhatItCannotFollow(String part, String changed, String expected) {
        RecordedTrees recorded = RecordedTrees.of(18);
        String tree = String.valueOf(recorded.trees().get(COUNT)).replaceAll("\\s+", " ");
        assertThat(tree).contains(part);

        Lineage.Unresolved unresolved = unresolved(recorded, tree.replace(part, changed));

        assertThat(unresolved.expression() + ": " + unresolved.reason()).isEqualTo(expected);
        assertThat(unresolved.disagreement()).isEqualTo(expected.contains("the server will read it") ? Disagreement.PERMISSIONS : null);
    }

    @Test
    void refusesRulesThatReturnRows() {
        RecordedTrees recorded = RecordedTrees.of(18);
        String tree = String.valueOf(recorded.trees().get(COUNT)).replaceFirst(":canSetTag\\s+true", ":canSetTag false");

        assertThat(unresolved(recorded, tree).reason()).isEqualTo("it returns rows of its own");
    }

    @Test
    void knowsNothingOfAFunctionUntilItsBodyIsThere() {
        RecordedTrees recorded = RecordedTrees.of(18);
        String tree = String.valueOf(recorded.trees().get(BODY));
        String body = String.valueOf(recorded.trees().get("select card, tail from customer_cards"));
        int function = recorded.catalog().functions().stream().filter(each -> each.name().equals("ssn_of")).findFirst().orElseThrow().oid();

        Lineage.Resolved without = (Lineage.Resolved) resolve(recorded, tree);
        Lineage.Resolved with =
                (Lineage.Resolved) LineageResolver.resolve(List.of(tree), 18, recorded.catalog(), Map.of(function, List.of(body)));

        assertThat(without.opaque()).containsExactly(function);
        assertThat(without.outputs().getFirst().opaque()).containsExactly(function);
        assertThat(with.opaque()).isEmpty();
        assertThat(with.outputs().getFirst().opaque()).isEmpty();
        assertThat(with.outputs().getFirst().dependencies()).contains(new ColumnId(16_476, 3), new ColumnId(16_476, 10));
    }

    @Test
    void anUnreadableTreeIsUnresolvedWithItsPosition() {
        RecordedTrees recorded = RecordedTrees.of(18);

        assertThat(unresolved(recorded, "({QUERY :commandType").reason()).isEqualTo("the tree ends where a value should be, at character 20");
    }

    @Test
    void noCutTreeResolvesAndNoneThrows() {
        RecordedTrees recorded = RecordedTrees.of(18);
        String tree = String.valueOf(recorded.trees().get(COUNT)).strip();

        for (int length = 0; length < tree.length(); length++) {
            Lineage lineage = resolve(recorded, tree.substring(0, length));

            assertThat(lineage).as("cut at %d", length).isInstanceOf(Lineage.Unresolved.class);
        }
    }
}

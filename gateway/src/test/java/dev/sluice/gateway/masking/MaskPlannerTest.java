// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.masking;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.catalog.Catalog;
import dev.sluice.gateway.catalog.Column;
import dev.sluice.gateway.catalog.ColumnId;
import dev.sluice.gateway.catalog.Function;
import dev.sluice.gateway.catalog.Relation;
import dev.sluice.gateway.catalog.RelationKind;
import dev.sluice.gateway.catalog.Upkeep;
import dev.sluice.gateway.lineage.FunctionClass;
import dev.sluice.gateway.lineage.Lineage;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class MaskPlannerTest {
    private static final ColumnId ID = new ColumnId(20_000, 1);
    private static final ColumnId SSN = new ColumnId(20_000, 2);
    private static final ColumnId OTHER_SSN = new ColumnId(20_001, 1);
    private static final ColumnId NOTE = new ColumnId(20_001, 2);
    private static final int PEEK = 30_000;
    private static final Uses NO_USE = new Uses(Uses.Predicates.DENY, false, false, false);

    private static final Catalog CATALOG = new Catalog(
            "shop",
            18,
            "v",
            List.of(
                    table(20_000, "customers", new Column(1, "id", Oids.INT4, -1), new Column(2, "ssn", Oids.TEXT, -1)),
                    table(20_001, "archive", new Column(1, "ssn", Oids.TEXT, -1), new Column(2, "note", Oids.TEXT, -1))),
            List.of(new Function(PEEK, "public", "peek", Function.Kind.FUNCTION, List.of(), "plpgsql", Function.Volatility.VOLATILE, false, false, null, "x", "h")),
            List.of(),
            Set.of());

    private static Relation table(int oid, String name, Column... columns) {
        return new Relation(oid, "public", name, RelationKind.TABLE, List.of(columns), List.of(), Set.of(), Set.of());
    }

    private static BoundMasks masks(Mask mask, Uses uses) {
        return new MaskRules(List.of(new MaskRule("r", List.of(ColumnPattern.parse("*.*.ssn")), mask, uses)), Set.of()).bind(CATALOG);
    }

    private static final BoundMasks MASKS = masks(new Mask.Partial(0, 4), NO_USE);

    /** Builds lineage from the parts that a test is about. */
    private static final class Statement {
        private List<Lineage.Output> outputs = List.of();
        private Set<ColumnId> predicates = Set.of();
        private Set<ColumnId> equalities = Set.of();
        private Set<ColumnId> joins = Set.of();
        private Set<ColumnId> ordering = Set.of();
        private Set<ColumnId> grouping = Set.of();
        private List<Lineage.Flow> flows = List.of();
        private List<Lineage.Call> calls = List.of();
        private Set<Integer> relations = Set.of(20_000);
        private List<Lineage.Failure> failures = List.of();
        private Set<ColumnId> choosing = Set.of();

        private MaskPlan plan(BoundMasks masks) {
            return MaskPlanner.plan(masks, new Lineage.Resolved(
                    outputs, Set.of(), predicates, equalities, joins, ordering, grouping, flows, relations, Set.of(), calls, Set.of(), failures, choosing, "SELECT"));
        }

        private String refusal(BoundMasks masks) {
            return plan(masks) instanceof MaskPlan.Refused(String reason, String hint) ? reason + " / " + hint : "not refused";
        }
    }

    private static Lineage.Output output(@Nullable ColumnId origin, ColumnId... dependencies) {
        return new Lineage.Output("o", Set.of(dependencies), origin, Set.of());
    }

    private static Statement showing(Lineage.Output... outputs) {
        Statement statement = new Statement();
        statement.outputs = Arrays.asList(outputs);
        return statement;
    }

    @Test
    void masksPlainColumnsAsTheRuleSaysAndExpressionsWhole() {
        assertThat(showing(output(ID, ID), output(SSN, SSN), output(null, SSN), output(SSN, SSN, ID), output(SSN, SSN, OTHER_SSN)).plan(MASKS))
                .isEqualTo(new MaskPlan.Columns(
                        Arrays.asList(null, new Mask.Partial(0, 4), new Mask.Redact(), new Mask.Partial(0, 4), new Mask.Redact()),
                        List.of("public.archive.ssn", "public.customers.ssn"),
                        Set.of(2, 4),
                        null,
                        true));
    }

    @Test
    void leavesWhatTouchesNothingAloneAndCutsErrorsWhereATableIsNear() {
        Statement far = showing(output(null));
        far.relations = Set.of(5);
        assertThat(far.plan(MASKS)).isEqualTo(new MaskPlan.Nothing());
        MaskPlan near = showing(output(ID, ID)).plan(MASKS);
        assertThat(near).isInstanceOfSatisfying(MaskPlan.Columns.class, columns -> {
            assertThat(columns.masksRows()).isFalse();
            assertThat(columns.depends()).isFalse();
        });
    }

    @Test
    void countsAWholeRowAsEveryColumn() {
        assertThat(showing(output(null, new ColumnId(20_000, 0))).plan(MASKS)).isEqualTo(new MaskPlan.Columns(List.of(new Mask.Redact()), List.of("public.customers.ssn"), Set.of(0), null, true));
    }

    @Test
    void refusesEveryUseThatIsNotAllowed() {
        Statement statement = new Statement();
        statement.predicates = Set.of(SSN);
        assertThat(statement.refusal(MASKS)).contains("a condition on the masked column public.customers.ssn would tell its values");
        assertThat(statement.refusal(masks(new Mask.Hash(), new Uses(Uses.Predicates.EQUALITY, true, true, true)))).contains("Compare the column itself with =");
        assertThat(statement.refusal(masks(new Mask.Hash(), new Uses(Uses.Predicates.ALLOW, false, false, false)))).isEqualTo("not refused");

        statement = new Statement();
        statement.equalities = Set.of(SSN);
        assertThat(statement.refusal(MASKS)).contains("a condition on the masked column");
        assertThat(statement.refusal(masks(new Mask.Hash(), new Uses(Uses.Predicates.EQUALITY, false, false, false)))).isEqualTo("not refused");

        statement = new Statement();
        statement.joins = Set.of(SSN);
        assertThat(statement.refusal(masks(new Mask.Hash(), new Uses(Uses.Predicates.ALLOW, false, true, true)))).contains("a join on the masked column");
        assertThat(statement.refusal(masks(new Mask.Hash(), new Uses(Uses.Predicates.DENY, true, false, false)))).isEqualTo("not refused");

        statement = new Statement();
        statement.ordering = Set.of(SSN);
        assertThat(statement.refusal(masks(new Mask.Hash(), new Uses(Uses.Predicates.ALLOW, true, false, true)))).contains("sorting by the masked column");
        assertThat(statement.refusal(masks(new Mask.Hash(), new Uses(Uses.Predicates.DENY, false, true, false)))).isEqualTo("not refused");

        statement = new Statement();
        statement.grouping = Set.of(SSN);
        assertThat(statement.refusal(masks(new Mask.Hash(), new Uses(Uses.Predicates.ALLOW, true, true, false)))).contains("GROUP BY, DISTINCT or UNION");
        assertThat(statement.refusal(masks(new Mask.Hash(), new Uses(Uses.Predicates.DENY, false, false, true)))).isEqualTo("not refused");
    }

    @Test
    void refusesAnyUseOfADeniedColumn() {
        assertThat(showing(output(SSN, SSN)).refusal(masks(new Mask.Deny(), NO_USE))).contains("column public.customers.ssn must not be used by you");
        assertThat(showing(output(ID, ID)).refusal(masks(new Mask.Deny(), NO_USE))).isEqualTo("not refused");
    }

    @Test
    void refusesToWriteAValueWhereItIsNotMasked() {
        Statement statement = new Statement();
        statement.flows = List.of(new Lineage.Flow(NOTE.relation(), NOTE.number(), Set.of(SSN), null, Set.of(), 0, true));
        assertThat(statement.refusal(MASKS)).contains("public.customers.ssn would be written to public.archive.note, where it is not masked");
        statement.flows = List.of(new Lineage.Flow(OTHER_SSN.relation(), OTHER_SSN.number(), Set.of(SSN), null, Set.of(), 0, true));
        assertThat(statement.refusal(MASKS)).as("what the same mask leaves could be chosen").contains("where its mask would show something of it");
        statement.flows = List.of(new Lineage.Flow(OTHER_SSN.relation(), OTHER_SSN.number(), Set.of(SSN), SSN, Set.of(), 0, true));
        assertThat(statement.refusal(MASKS)).as("a copy shows what the original shows").isEqualTo("not refused");
        statement.flows = List.of(new Lineage.Flow(OTHER_SSN.relation(), OTHER_SSN.number(), Set.of(SSN, OTHER_SSN), SSN, Set.of(), 0, true));
        assertThat(statement.refusal(MASKS)).as("whether there is a copy depends on another value").contains("where its mask would show something of it");
        statement.flows = List.of(new Lineage.Flow(99_999, 1, Set.of(SSN), null, Set.of(), 0, true));
        assertThat(statement.refusal(MASKS)).contains("would be written to a new table");
        statement.flows = List.of(new Lineage.Flow(SSN.relation(), SSN.number(), Set.of(), null, Set.of(), 0, true));
        assertThat(statement.refusal(MASKS)).isEqualTo("not refused");
        statement.flows = List.of(new Lineage.Flow(NOTE.relation(), NOTE.number(), Set.of(), null, Set.of(PEEK), 0, true));
        assertThat(statement.refusal(MASKS)).contains("nobody vouched for function public.peek");
    }

    @Test
    void copiesNothingToWhereAnotherCallerWouldSeeMore() {
        var mine = new MaskRule("r", List.of(ColumnPattern.parse("*.*.ssn")), new Mask.Partial(0, 4), NO_USE);
        var others = new MaskRule("o", List.of(ColumnPattern.parse("public.customers.ssn")), new Mask.Deny(), NO_USE);
        BoundMasks masks = new MaskRules(List.of(mine), Set.of(), new MaskRules(List.of(mine, others), Set.of())).bind(CATALOG);
        Statement statement = new Statement();
        statement.flows = List.of(new Lineage.Flow(OTHER_SSN.relation(), OTHER_SSN.number(), Set.of(SSN), SSN, Set.of(), 0, true));
        assertThat(statement.refusal(masks)).contains("where its mask would show something of it");
    }

    @Test
    void refusesToWriteWhatACheckComparesWithAMaskedColumn() {
        var upkeep = new Upkeep(Set.of(), Set.of(), Map.of(), Map.of(), Set.of(), List.of(new Upkeep.Test(Set.of(1, 2), Set.of(1, 2), false)));
        var catalog = new Catalog("shop", 18, "v", CATALOG.relations(), List.of(), List.of(), Set.of(), Map.of(), Map.of(20_001, upkeep));
        BoundMasks masks = new MaskRules(List.of(new MaskRule("r", List.of(ColumnPattern.parse("*.*.ssn")), new Mask.Redact(), NO_USE)), Set.of()).bind(catalog);
        var note = new Lineage.Flow(NOTE.relation(), NOTE.number(), Set.of(), null, Set.of(), 0, false);
        var ssn = new Lineage.Flow(OTHER_SSN.relation(), OTHER_SSN.number(), Set.of(), null, Set.of(), 0, false);
        var elsewhere = new Lineage.Flow(OTHER_SSN.relation(), OTHER_SSN.number(), Set.of(), null, Set.of(), 1, false);
        var inserted = new Lineage.Flow(NOTE.relation(), NOTE.number(), Set.of(), null, Set.of(), 0, true);
        var copied = new Lineage.Flow(OTHER_SSN.relation(), OTHER_SSN.number(), Set.of(SSN), SSN, Set.of(), 0, true);
        Statement statement = new Statement();
        for (List<Lineage.Flow> telling : List.of(List.of(note), List.of(note, elsewhere), List.of(inserted, copied))) {
            statement.flows = telling;
            assertThat(statement.refusal(masks)).as(telling.toString()).contains("would compare what is written with the masked column public.archive.ssn");
        }
        for (List<Lineage.Flow> known : List.of(List.of(note, ssn), List.of(inserted))) {
            statement.flows = known;
            assertThat(statement.refusal(masks)).as(known.toString()).isEqualTo("not refused");
        }
    }

    @Test
    void refusesFunctionsThatMayShowWhatTheStatementDoesNotName() {
        Statement statement = new Statement();
        for (FunctionClass reading : List.of(FunctionClass.TAKES_SQL_OR_FILES, FunctionClass.REVEALS_STATISTICS)) {
            statement.calls = List.of(new Lineage.Call(PEEK, reading, Set.of()));
            assertThat(statement.refusal(MASKS)).contains("function public.peek may show masked columns");
        }
        for (FunctionClass opaque : List.of(FunctionClass.READS_EVERYTHING, FunctionClass.UNKNOWN)) {
            statement.calls = List.of(new Lineage.Call(PEEK, opaque, Set.of()));
            assertThat(statement.refusal(MASKS)).contains("nobody vouched for function public.peek").contains("{function: public.peek, sha256: h}");
        }
        statement.calls = List.of(new Lineage.Call(PEEK, FunctionClass.SESSION_CONTROL, Set.of(ID)));
        assertThat(statement.refusal(MASKS)).isEqualTo("not refused");
        statement.calls = List.of(new Lineage.Call(PEEK, FunctionClass.SESSION_CONTROL, Set.of(SSN)));
        assertThat(statement.refusal(MASKS)).contains("would take the masked column public.customers.ssn out of the statement");
        assertThat(MaskRules.NONE.bind(CATALOG).isEmpty()).isTrue();
        assertThat(statement.plan(MaskRules.NONE.bind(CATALOG))).isEqualTo(new MaskPlan.Nothing());
    }

    @Test
    void refusesWhatCannotBeResolved() {
        assertThat(MaskPlanner.plan(MASKS, new Lineage.Unresolved("node X", "not known", "Leave X out.")))
                .isEqualTo(new MaskPlan.Refused("it cannot be told which masked columns the statement would show (node X: not known)", "Leave X out."));
    }

    @Test
    void refusesWhatCouldFailByTheValue() {
        Statement statement = showing(output(null, SSN));
        statement.failures = List.of(new Lineage.Failure("function pg_catalog.int4div", 154, Set.of(SSN)));
        assertThat(statement.refusal(MASKS)).contains("function pg_catalog.int4div over the masked column public.customers.ssn could fail").contains("Select the column itself");

        statement.failures = List.of(new Lineage.Failure("function pg_catalog.int4div", 154, Set.of(ID)));
        assertThat(statement.refusal(MASKS)).isEqualTo("not refused");
        statement.choosing = Set.of(SSN);
        assertThat(statement.refusal(MASKS)).contains("public.customers.ssn would decide what is computed, and function pg_catalog.int4div could fail");

        assertThat(statement.refusal(masks(new Mask.Redact(), new Uses(Uses.Predicates.ALLOW, false, false, false)))).isEqualTo("not refused");
        statement.failures = List.of();
        assertThat(statement.refusal(MASKS)).isEqualTo("not refused");
    }
}

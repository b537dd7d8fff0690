// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.catalog.Catalog;
import dev.sluice.gateway.masking.BoundMasks;
import dev.sluice.gateway.masking.MaskPlan;
import dev.sluice.gateway.masking.MaskRules;
import dev.sluice.gateway.statement.CopyOut;
import dev.sluice.gateway.statement.Reading;
import dev.sluice.gateway.statement.StatementFacts;
import dev.sluice.gateway.statement.StatementReader;
import dev.sluice.gateway.statement.StatementReaderSettings;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class KnownPlansTest {
    private static final StatementReader READER = StatementReader.start(StatementReaderSettings.DEFAULTS);
    private static final BoundMasks MASKS = MaskRules.NONE.bind(new Catalog("shop", 18, "v", List.of(), List.of(), List.of(), Set.of()));
    private static final List<String> PLAIN = List.of("({QUERY :quals {CONST :consttype 25 :constlen -1}})");
    private static final List<String> LOOKED_UP = List.of("({QUERY :quals {CONST :consttype 25 :constlen -1} {CONST :consttype\n2205 :constlen 4}})");

    private final KnownPlans known = new KnownPlans();

    @AfterAll
    static void stop() {
        READER.close();
    }

    private static StatementFacts facts(String sql) {
        return ((Reading.Understood) READER.read(sql).toCompletableFuture().join()).statements().getFirst();
    }

    private static ToResolve.Ask ask(String sql, int... types) {
        return new ToResolve.Ask(Source.of(sql, Arrays.stream(types).boxed().toList()), Masking.Rows.PLANNED, null);
    }

    private void add(String sql, List<String> trees, MaskPlan plan) {
        known.add(ask(sql), facts(sql), trees, new KnownPlans.Known(MASKS, plan, List.of()));
    }

    private boolean knows(String sql, int... types) {
        return known.of(ask(sql, types), facts(sql)) != null;
    }

    @Test
    void aQueryAnswersForThoseThatCompareWithOtherConstants() {
        add("SELECT a FROM t WHERE b = 'x'", PLAIN, new MaskPlan.Nothing());

        assertThat(knows("SELECT a FROM t WHERE b = 'x'")).isTrue();
        assertThat(knows("SELECT a FROM t WHERE b = 'y'")).isTrue();
        assertThat(knows("SELECT c FROM t WHERE b = 'y'")).isFalse();
        assertThat(knows("SELECT a FROM t WHERE b = 'x'", 23)).isFalse();
    }

    @Test
    void copyIsNeverAnsweredForBecauseItsDataDoNotSayWhereTheyAreFrom() {
        add("SELECT a FROM t WHERE b = 'x'", PLAIN, new MaskPlan.Nothing());
        var copy = new ToResolve.Ask(Source.of("SELECT a FROM t WHERE b = 'x'", List.of()), Masking.Rows.COPIED, CopyOut.of("COPY t TO STDOUT"));

        assertThat(known.of(copy, facts("SELECT a FROM t WHERE b = 'x'"))).isNull();
    }

    @Test
    void aConstantThatLooksSomethingUpAnswersForItselfAlone() {
        add("SELECT a FROM t WHERE b = 'x'", LOOKED_UP, new MaskPlan.Nothing());

        assertThat(knows("SELECT a FROM t WHERE b = 'x'")).isTrue();
        assertThat(knows("SELECT a FROM t WHERE b = 'y'")).isFalse();
    }

    @Test
    void aRefusalAnswersForItsTextAlone() {
        add("SELECT a FROM t WHERE b = 'x'", PLAIN, new MaskPlan.Refused("because", "do otherwise"));

        assertThat(knows("SELECT a FROM t WHERE b = 'x'")).isTrue();
        assertThat(knows("SELECT a FROM t WHERE b = 'y'")).isFalse();
    }

    @Test
    void whatWritesOrCallsWhatIsNotKnownAnswersForItselfAlone() {
        for (String sql : List.of("UPDATE t SET a = 'x' WHERE b = 'x'", "SELECT f(a) FROM t WHERE b = 'x'", "SELECT set_config('a', 'x', true) FROM t WHERE b = 'x'")) {
            add(sql, PLAIN, new MaskPlan.Nothing());
            assertThat(knows(sql)).as(sql).isTrue();
            assertThat(knows(sql.replace("b = 'x'", "b = 'y'"))).as(sql).isFalse();
        }
    }

    @Test
    void nothingIsKnownInAnotherContext() {
        add("SELECT a FROM t WHERE b = 'x'", PLAIN, new MaskPlan.Nothing());
        known.clear();

        assertThat(knows("SELECT a FROM t WHERE b = 'x'")).isFalse();
        assertThat(knows("SELECT a FROM t WHERE b = 'y'")).isFalse();
    }
}

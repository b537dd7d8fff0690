// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.statement.Access;
import dev.sluice.gateway.statement.RelationAccess;
import dev.sluice.gateway.statement.StatementFacts;
import dev.sluice.gateway.statement.StatementFactsBuilder;
import dev.sluice.schemas.event.StatementEvent;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class RecordedFactsTest {
    private static final RelationAccess ORDERS = new RelationAccess("public", "orders", Access.READ);
    private static final RelationAccess CUSTOMERS = new RelationAccess(null, "customers", Access.READ);

    private static StatementFacts names(RelationAccess relation, Set<String> columns) {
        return new StatementFactsBuilder("SELECT").relation(relation.schema(), relation.name(), relation.access()).columns(relation, columns).build();
    }

    @Test
    void columnsStandWithTheirRelationOverAllStatementsOfAText() {
        var facts = RecordedFacts.of(List.of(names(ORDERS, Set.of("id")), names(CUSTOMERS, Set.of()), names(ORDERS, Set.of("total", "id"))));

        assertThat(facts.relations())
                .containsExactly(
                        new StatementEvent.RelationAccess("public", "orders", "read", List.of("id", "total")), new StatementEvent.RelationAccess(null, "customers", "read"));
    }

    @Test
    void moreColumnsThanTheRecordTakesStandForAllOfThem() {
        Set<String> many = IntStream.rangeClosed(0, RecordedFacts.MOST_COLUMNS).mapToObj(number -> "c" + number).collect(Collectors.toSet());

        var facts = RecordedFacts.of(List.of(names(ORDERS, many), names(CUSTOMERS, Set.of("city"))));

        assertThat(facts.relations()).extracting(StatementEvent.RelationAccess::columns).containsOnly(List.of("*"));
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.schemas.event.DomainEvent;
import dev.sluice.schemas.event.StatementEvent.Facts;
import dev.sluice.schemas.event.StatementEvent.Outcome;
import dev.sluice.schemas.event.StatementEvent.Parameter;
import dev.sluice.schemas.event.StatementEvent.Protocol;
import dev.sluice.schemas.event.StatementEvent.StatementDecided;
import dev.sluice.schemas.event.StatementEvent.StatementParted;
import dev.sluice.schemas.signature.StatementDigest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LongTextsTest {
    private static final int LIMIT = 1024;

    private static StatementDecided decided(String query, Parameter... parameters) {
        return new StatementDecided("s-1", Protocol.EXECUTE, query, StatementDigest.ofText(query), List.of(parameters),
                new Facts(List.of(), List.of(), List.of(), List.of(), true, true), Outcome.ALLOW, "r", null, true, List.of(), "1", "I");
    }

    private static String together(List<DomainEvent> events, @Nullable Long parameter) {
        return events.stream()
                .filter(StatementParted.class::isInstance)
                .map(StatementParted.class::cast)
                .filter(part -> Objects.equals(part.parameter(), parameter))
                .map(StatementParted::text)
                .collect(Collectors.joining());
    }

    @Test
    void whatFitsIsOneEvent() {
        StatementDecided event = decided("select $1", new Parameter(25, "text", "x".repeat(1000)), new Parameter(25, "text", null));
        assertThat(LongTexts.apart(event, LIMIT)).containsExactly(event);
    }

    @Test
    void aLongQueryGoesBeforeItsDecisionAndIsWhole() {
        String query = "select '" + "ü€".repeat(2_000) + "'";
        List<DomainEvent> events = LongTexts.apart(decided(query), LIMIT);
        var last = (StatementDecided) events.getLast();
        assertThat(together(events, null)).isEqualTo(query);
        assertThat(last.query()).isEmpty();
        assertThat(last.queryDigest()).isEqualTo(StatementDigest.ofText(query));
        assertThat(Objects.requireNonNull(last.queryParts()).count()).isEqualTo(events.size() - 1);
        assertThat(last.queryParts().bytes()).isEqualTo(query.getBytes(StandardCharsets.UTF_8).length);
    }

    @Test
    void noPartBreaksACharacter() {
        String value = "x" + "😀".repeat(3_000);
        List<DomainEvent> events = LongTexts.apart(decided("select $1", new Parameter(25, "text", value)), LIMIT);
        assertThat(together(events, 0L)).isEqualTo(value);
        assertThat(events).filteredOn(StatementParted.class::isInstance).allSatisfy(part ->
                assertThat(Character.isHighSurrogate(((StatementParted) part).text().charAt(((StatementParted) part).text().length() - 1))).isFalse());
    }

    @Test
    void parametersThatTogetherAreTooLongGoAsWell() {
        Parameter[] many = java.util.stream.IntStream.range(0, 10).mapToObj(i -> new Parameter(25, "text", (char) ('a' + i) + "y".repeat(500))).toArray(Parameter[]::new);
        List<DomainEvent> events = LongTexts.apart(decided("select 1", many), LIMIT);
        var last = (StatementDecided) events.getLast();
        assertThat(last.parameters().get(0).value()).isNotNull();
        assertThat(last.parameters().get(9).value()).isNull();
        assertThat(Objects.requireNonNull(last.parameters().get(9).parts()).digest()).isEqualTo(StatementDigest.ofText(String.valueOf(many[9].value())));
        assertThat(together(events, 9L)).isEqualTo(many[9].value());
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.statement;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The table of statements with what they do, and their near misses. */
class StatementFactsTest {
    static Stream<String> rows() throws IOException {
        try (InputStream stream = Objects.requireNonNull(StatementFactsTest.class.getResourceAsStream("facts.txt"))) {
            List<String> lines = new String(stream.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .toList();
            return lines.stream();
        }
    }

    @ParameterizedTest
    @MethodSource("rows")
    void readsKindEffectsAndBounds(String row) {
        String[] cells = row.split(" \\| ", 3);
        String effects = cells[0].replace("!", "").strip();

        StatementFacts facts = Readers.one(cells[2]);

        Set<Effect> expected = effects.equals("-")
                ? EnumSet.noneOf(Effect.class)
                : Arrays.stream(effects.split(",", -1)).map(Effect::valueOf).collect(Collectors.toSet());
        assertThat(facts.effects()).isEqualTo(expected);
        assertThat(facts.kind()).isEqualTo(cells[1]);
        assertThat(facts.bounded()).isEqualTo(!cells[0].endsWith("!"));
    }
}

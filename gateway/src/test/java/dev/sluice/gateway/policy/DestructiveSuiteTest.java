// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.policy;

import static dev.sluice.gateway.policy.Statements.subject;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.statement.Reading;
import dev.sluice.gateway.statement.StatementFacts;
import dev.sluice.gateway.statement.StatementReader;
import dev.sluice.gateway.statement.StatementReaderSettings;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What destroys, and what only looks like it: read by the real reader and judged by the policy that agents are given first. */
final class DestructiveSuiteTest {
    private static StatementReader reader;
    private static Policy starter;

    /** One line of the suite. */
    record Case(String decision, String effects, String sql) {
        @Override
        public String toString() {
            return sql;
        }
    }

    @BeforeAll
    static void start() throws IOException {
        reader = StatementReader.start(StatementReaderSettings.DEFAULTS);
        Path file = Path.of("..", "deploy", "policies", "starter.yaml");
        starter = PolicyReader.read(file.toString(), Files.readString(file));
    }

    @AfterAll
    static void stop() {
        reader.close();
    }

    static List<Case> cases() {
        try (InputStream bytes = DestructiveSuiteTest.class.getResourceAsStream("destructive.txt")) {
            return new String(bytes.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(line -> line.split(" \\| ", 3))
                    .map(parts -> new Case(parts[0].strip(), parts[1].strip(), parts[2].replace("\\n", "\n")))
                    .toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    @Test
    void isLargeAndHalfOfItHarmless() {
        assertThat(cases()).hasSizeGreaterThanOrEqualTo(200);
        assertThat(cases()).filteredOn(each -> each.decision().equals("allow")).hasSizeGreaterThanOrEqualTo(70);
        assertThat(cases()).filteredOn(each -> !each.decision().equals("allow")).hasSizeGreaterThanOrEqualTo(130);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void everyStatementIsReadAndJudgedAsItIsMeant(Case each) {
        Reading reading = reader.read(each.sql()).toCompletableFuture().orTimeout(60, TimeUnit.SECONDS).join();
        assertThat(reading).as(each.sql()).isInstanceOf(Reading.Understood.class);
        Reading.Understood understood = (Reading.Understood) reading;
        String decision = switch (starter.judge(understood, subject())) {
            case Decision.Allow allow -> "allow";
            case Decision.Hold hold -> "hold";
            case Decision.Deny deny -> "deny";
        };
        assertThat(decision + " | " + effects(understood)).isEqualTo(each.decision() + " | " + each.effects());
    }

    /** In alphabetical order; {@code !} where it is not bounded, {@code ?} where it calls what is not PostgreSQL's own. */
    private static String effects(Reading.Understood reading) {
        TreeSet<String> effects = new TreeSet<>();
        boolean bounded = true;
        boolean known = true;
        for (StatementFacts facts : reading.statements()) {
            facts.effects().forEach(effect -> effects.add(Variables.word(effect)));
            bounded &= facts.bounded();
            known &= !facts.callsUnknownFunction();
        }
        return (effects.isEmpty() ? "-" : String.join(",", effects)) + (bounded ? "" : "!") + (known ? "" : "?");
    }
}

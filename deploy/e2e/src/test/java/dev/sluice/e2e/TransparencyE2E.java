// SPDX-License-Identifier: Apache-2.0
package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client sees through the gateway is byte for byte what it sees directly. */
@ExtendWith(Servers.class)
class TransparencyE2E {
    @TestFactory
    Stream<DynamicTest> aCaseGivesTheSameBytes() throws IOException {
        return SqlCase.all().stream().map(sqlCase -> DynamicTest.dynamicTest(sqlCase.name(), () -> compare(sqlCase)));
    }

    private static void compare(SqlCase sqlCase) throws IOException {
        List<String> differences = new ArrayList<>();
        for (Manner manner : Manner.values()) {
            Answers direct = manner.play(sqlCase, Servers.direct());
            for (Guard guard : Guard.values()) {
                Answers through = manner.play(sqlCase, Servers.through(guard));
                if (!direct.sameAs(through)) {
                    differences.add(sqlCase + ", " + manner + ", " + guard + ": " + direct.difference(through));
                }
            }
        }
        assertThat(differences).as("differences").isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {Frames.VERSION_3_0, Frames.VERSION_3_2})
    void theStartupGivesTheSameBytes(int version) throws IOException {
        Answers direct = startup(Servers.direct(), version);
        for (Guard guard : Guard.values()) {
            Answers through = startup(Servers.through(guard), version);
            assertThat(direct.sameAs(through)).as(() -> guard + ": " + direct.difference(through)).isTrue();
        }
    }

    /** Who is refused, or speaks something else, hears what PostgreSQL would have said to it: the same error, or nothing at all. */
    @Test
    void abortedStartupsGiveTheSameBytes() throws IOException {
        Map<String, byte[]> beginnings = Map.of(
                "an unknown database", Frames.startup(Frames.VERSION_3_0, Servers.USER, "absent"),
                "an unknown user", Frames.startup(Frames.VERSION_3_0, "nobody", Servers.DATABASE),
                "Terminate first", Frames.terminate(),
                "HTTP", "GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII),
                "a length of 0", new byte[4]);
        for (Map.Entry<String, byte[]> beginning : beginnings.entrySet()) {
            Answers direct = answers(Servers.direct(), beginning.getValue());
            for (Guard guard : Guard.values()) {
                Answers through = answers(Servers.through(guard), beginning.getValue());
                assertThat(direct.sameAs(through)).as(() -> beginning.getKey() + ", " + guard + ": " + direct.difference(through)).isTrue();
            }
        }
    }

    private static Answers startup(int port, int version) throws IOException {
        return answers(port, Frames.startup(version, Servers.USER, Servers.DATABASE));
    }

    private static Answers answers(int port, byte[] beginning) throws IOException {
        try (var client = new WireClient(port, beginning)) {
            return client.take().comparable();
        }
    }

    @Test
    void casesAreMany() throws IOException {
        assertThat(SqlCase.all()).hasSizeGreaterThanOrEqualTo(30);
    }

    @ParameterizedTest
    @EnumSource(Guard.class)
    void aDifferenceWouldBeSeen(Guard guard) throws IOException {
        try (var direct = new WireClient(Servers.direct());
                var through = new WireClient(Servers.through(guard))) {
            direct.send(Frames.query("SELECT 1"));
            through.send(Frames.query("SELECT 2"));
            direct.readUntil(message -> message[0] == 'Z');
            through.readUntil(message -> message[0] == 'Z');
            assertThat(direct.take().difference(through.take())).contains("first difference at message");
        }
    }
}

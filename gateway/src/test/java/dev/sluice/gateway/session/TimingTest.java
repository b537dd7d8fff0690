// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.masking.MaskTokens;
import dev.sluice.gateway.policy.Mode;
import dev.sluice.gateway.wire.BackendMessage;
import dev.sluice.gateway.wire.BackendReader;
import dev.sluice.gateway.wire.FrontendReader;
import dev.sluice.gateway.wire.TransactionStatus;
import dev.sluice.gateway.wire.testing.WireScript;
import dev.sluice.schemas.Principal;
import dev.sluice.schemas.event.StatementEvent;
import dev.sluice.schemas.event.StatementEvent.StatementCompleted;
import dev.sluice.schemas.event.StatementEvent.Timing;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Inputs arrive at these times; where the time went is in the record of the statement's end. */
class TimingTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    private final List<StatementEvent> recorded = new ArrayList<>();
    private final Session session = new Session(
            new SessionContext("s", new Principal("alice", "https://issuer.test", Principal.Method.OIDC, Set.of(), null), null, "shop", "shop", "app", null,
                    "127.0.0.1:1", () -> new WordPolicy(Mode.ENFORCE, "1"), () -> true, new HoldPractice(SessionScript.WAITS, java.time.Duration.ofMinutes(2)), false, 1 << 16, new MaskTokens(new byte[MaskTokens.KEY_BYTES]), SessionScript.GATEWAY, Exposures.NONE, null, 1 << 18, null),
            Map.of("client_encoding", "UTF8", "standard_conforming_strings", "on"),
            TransactionStatus.IDLE,
            at(0));
    private String reading = "";
    private long mark;

    private static Moment at(long micros) {
        return new Moment(NOON, micros * 1_000);
    }

    private void on(long micros, Input input) {
        for (Effect effect : session.on(input, at(micros))) {
            switch (effect) {
                case Effect.Record record -> {
                    recorded.add(record.event());
                    mark = record.mark();
                }
                case Effect.Read read -> reading = read.sql();
                default -> {
                    // of no account for the time
                }
            }
        }
    }

    private void client(long micros, String line) {
        var reader = new FrontendReader(1 << 16);
        reader.feed(WireScript.message("F " + line));
        on(micros, new Input.FromFrontend(reader.next()));
    }

    private void server(long micros, String... lines) {
        var reader = new BackendReader();
        for (String line : lines) {
            reader.feed(WireScript.message("B " + line));
            for (BackendMessage message = reader.next(); message != null; message = reader.next()) {
                on(micros, new Input.FromBackend(message));
            }
        }
    }

    private List<Timing> timings() {
        return recorded.stream().filter(StatementCompleted.class::isInstance).map(event -> ((StatementCompleted) event).timing()).toList();
    }

    @Test
    void theTimeOfAStatementIsToldByStation() {
        client(100, "Query \"insert into a\"");
        on(130, new Input.HasRead(PlainReader.read(reading)));
        on(1_130, new Input.Acknowledged(mark));
        server(3_130, "CommandComplete \"INSERT 0 1\"", "ReadyForQuery I");

        assertThat(timings()).containsExactly(new Timing(0, 30, 0, 1_000, 2_000, 3_030));
    }

    @Test
    void whatComesWhileAnotherIsReadWaitsInTheQueue() {
        client(0, "Query \"select 1\"");
        client(10, "Query \"select 2\"");
        on(50, new Input.HasRead(PlainReader.read(reading)));
        on(60, new Input.HasRead(PlainReader.read(reading)));
        on(100, new Input.Acknowledged(mark));
        server(200, "CommandComplete \"SELECT 0\"", "ReadyForQuery I", "CommandComplete \"SELECT 0\"", "ReadyForQuery I");

        assertThat(timings()).containsExactly(new Timing(0, 50, 0, 50, 100, 200), new Timing(40, 10, 0, 40, 100, 190));
    }
}

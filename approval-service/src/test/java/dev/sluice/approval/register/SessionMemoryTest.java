// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval.register;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.schemas.Principal;
import dev.sluice.schemas.event.DomainEvent;
import dev.sluice.schemas.event.Envelopes;
import dev.sluice.schemas.event.EventEnvelope;
import dev.sluice.schemas.event.SessionEvent.SessionClosed;
import dev.sluice.schemas.event.SessionEvent.SessionOpened;
import dev.sluice.schemas.event.StatementEvent.Facts;
import dev.sluice.schemas.event.StatementEvent.Outcome;
import dev.sluice.schemas.event.StatementEvent.Protocol;
import dev.sluice.schemas.event.StatementEvent.RelationAccess;
import dev.sluice.schemas.event.StatementEvent.StatementDecided;
import java.net.URI;
import java.time.Clock;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class SessionMemoryTest {
    private final Envelopes envelopes = new Envelopes(URI.create("/sluice/gateway/test"), Clock.systemUTC(), new Random(1));
    private final SessionMemory memory = new SessionMemory();
    private long sequence;

    @Test
    void tellsWhatCameBeforeTheHeldStatement() {
        open();
        decided("s1", Outcome.ALLOW, Protocol.SIMPLE, "SELECT 1");
        decided("s2", Outcome.DENY, Protocol.EXECUTE, "DROP TABLE t");
        decided("p", Outcome.ALLOW, Protocol.PARSE, "never counted");
        decided("s3", Outcome.HOLD, Protocol.SIMPLE, "DELETE FROM t");

        var before = memory.before("session", "s3");

        assertThat(before.complete()).isTrue();
        assertThat(before.statements()).isEqualTo(2);
        assertThat(before.denied()).isEqualTo(1);
        assertThat(before.latest()).extracting(earlier -> earlier.query()).containsExactly("SELECT 1", "DROP TABLE t");

        decided("s4", Outcome.HOLD, Protocol.SIMPLE, "DELETE FROM u");
        assertThat(memory.before("session", "s4").held()).isEqualTo(1);
    }

    @Test
    void keepsTheLatestOnlyAndSaysWhatWasCut() {
        open();
        for (int number = 0; number < 30; number++) {
            decided("s" + number, Outcome.ALLOW, Protocol.SIMPLE, "x".repeat(499) + "\uD83D\uDE00" + number);
        }
        decided("held", Outcome.HOLD, Protocol.SIMPLE, "DELETE FROM t");

        var before = memory.before("session", "held");

        assertThat(before.statements()).isEqualTo(30);
        assertThat(before.latest()).hasSize(SessionMemory.LATEST).allSatisfy(earlier -> {
            assertThat(earlier.whole()).isFalse();
            assertThat(earlier.query()).isEqualTo("x".repeat(499));
        });
    }

    @Test
    void whatComesAgainCountsOnceAndWhatWasNotSeenIsAdmitted() {
        decided("s1", Outcome.ALLOW, Protocol.SIMPLE, "SELECT 1");
        sequence--;
        decided("s1", Outcome.ALLOW, Protocol.SIMPLE, "SELECT 1");
        decided("s2", Outcome.HOLD, Protocol.SIMPLE, "DELETE FROM t");

        assertThat(memory.before("session", "s2").statements()).isEqualTo(1);
        assertThat(memory.before("session", "s2").complete()).isFalse();
        assertThat(memory.before("another", "s2")).isNull();

        note(new SessionClosed("gone", 2, 1, "0".repeat(64), "signature"));
        assertThat(memory.before("session", "s2")).isNull();
    }

    @Test
    void whatManySessionsHaveDoneTakesBoundedMemory() {
        var relations = IntStream.range(0, 10_000).mapToObj(number -> new RelationAccess("public", "table_" + number, "read")).toList();
        var facts = new Facts(List.of("select"), List.of("read"), relations, List.of(), true, true);
        for (int number = 0; number < 3_000; number++) {
            var event = new StatementDecided("s", Protocol.SIMPLE, "x".repeat(10_000), "0".repeat(64), List.of(), facts, Outcome.ALLOW, "rule", null, true, List.of(), "1", "I");
            memory.note(envelopes.of("session-" + number, "session-" + number, event));
            assertThat(memory.bytes()).isLessThanOrEqualTo(SessionMemory.MOST_BYTES);
        }
        assertThat(memory.bytes()).isGreaterThan(SessionMemory.MOST_BYTES / 2);
        assertThat(memory.before("session-0", "held")).as("the eldest are forgotten").isNull();
        assertThat(memory.before("session-2999", "held").latest()).singleElement().satisfies(earlier -> {
            assertThat(earlier.relations()).hasSize(SessionMemory.MOST_NAMED);
            assertThat(earlier.whole()).isFalse();
        });
    }

    private void open() {
        var who = new Principal("agent", "sluice:agent-tokens", Principal.Method.AGENT_TOKEN, Set.of(), null);
        note(new SessionOpened(who, "shop", "shop", "agent", null, "here", true, "3.2", null, "1", "enforce"));
    }

    private void decided(String id, Outcome outcome, Protocol protocol, String query) {
        var facts = new Facts(List.of("select"), List.of("read"), List.of(), List.of(), true, true);
        note(new StatementDecided(id, protocol, query, "0".repeat(64), List.of(), facts, outcome, "rule", null, true, List.of(), "1", "I"));
    }

    private void note(DomainEvent event) {
        var envelope = envelopes.of("session", "session", event);
        memory.note(new EventEnvelope<>(
                envelope.specversion(),
                envelope.id(),
                envelope.source(),
                envelope.type(),
                envelope.subject(),
                envelope.time(),
                envelope.datacontenttype(),
                envelope.dataschema(),
                envelope.correlationid(),
                null,
                sequence++,
                "0".repeat(64),
                event));
    }
}

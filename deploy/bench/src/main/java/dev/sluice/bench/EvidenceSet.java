// SPDX-License-Identifier: Apache-2.0
package dev.sluice.bench;

import dev.sluice.schemas.Principal;
import dev.sluice.schemas.chain.ChainSeal;
import dev.sluice.schemas.chain.HashChain;
import dev.sluice.schemas.event.DomainEvent;
import dev.sluice.schemas.event.EventCodec;
import dev.sluice.schemas.event.EventEnvelope;
import dev.sluice.schemas.event.EventTypes;
import dev.sluice.schemas.event.SessionEvent.SessionClosed;
import dev.sluice.schemas.event.SessionEvent.SessionOpened;
import dev.sluice.schemas.event.StatementEvent.Facts;
import dev.sluice.schemas.event.StatementEvent.Outcome;
import dev.sluice.schemas.event.StatementEvent.Protocol;
import dev.sluice.schemas.event.StatementEvent.RelationAccess;
import dev.sluice.schemas.event.StatementEvent.StatementCompleted;
import dev.sluice.schemas.event.StatementEvent.StatementDecided;
import dev.sluice.schemas.event.StatementEvent.Timing;
import dev.sluice.schemas.signature.SigningKey;
import dev.sluice.schemas.signature.StatementDigest;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** A made-up session as a gateway records it: chained, its end signed, two events for each statement. */
final class EvidenceSet {
    static final int STATEMENTS = 149;
    /** Events of one session. */
    static final int EVENTS = 2 + 2 * STATEMENTS;

    private static final Instant START = Instant.parse("2026-09-01T00:00:00Z");
    private static final Principal AGENT = new Principal("agent-7", "https://issuer.example", Principal.Method.OIDC, Set.of("agents", "team-3"), null);
    private static final String DIGEST = StatementDigest.ofText("an answer");

    private final EventCodec codec = new EventCodec();
    private final HashChain chain = new HashChain();
    private final List<byte[]> records = new ArrayList<>(EVENTS);
    private final String sessionId;

    private EvidenceSet(String sessionId) {
        this.sessionId = sessionId;
    }

    static String sessionId(int number) {
        return new UUID(0x019a_0000_0000_7000L, 0x8000_0000_0000_0000L + number).toString();
    }

    static List<byte[]> session(int number, SigningKey key) {
        var set = new EvidenceSet(sessionId(number));
        set.add(set.codec.encode(set.envelope(
                new SessionOpened(AGENT, "shop", "shop", "sluice_app", "psql", "10.0.0.9:40000", true, "3.0", "18.4", "0123456789ab", "enforce"))));
        for (int statement = 0; statement < STATEMENTS; statement++) {
            set.statement(number * STATEMENTS + statement);
        }
        var seal = new ChainSeal(set.sessionId, set.records.size() - 1L, set.chain.last());
        byte[] unsigned = set.codec.encode(set.envelope(new SessionClosed("the client ended the session", STATEMENTS, 9_000_000, set.chain.last(), "")));
        set.add(set.codec.encode(set.envelope(
                new SessionClosed("the client ended the session", STATEMENTS, 9_000_000, set.chain.last(), seal.signEnd(key, unsigned)))));
        return set.records;
    }

    private void statement(int number) {
        String id = sessionId + "-" + number;
        String query = "select name, city from customers join orders using (customer_id) where id = " + number;
        var facts = new Facts(
                List.of("SELECT"), List.of("read"), List.of(new RelationAccess(null, "customers", "read"), new RelationAccess(null, "orders", "read")), List.of(), true, true);
        add(codec.encode(envelope(new StatementDecided(
                id, Protocol.SIMPLE, query, StatementDigest.ofText(query), List.of(), facts, Outcome.ALLOW, "defaults.read", null, true, List.of(), "0123456789ab", "IDLE"))));
        add(codec.encode(envelope(new StatementCompleted(
                id, List.of("SELECT 1"), null, 1, 84, DIGEST, 1_234, "IDLE", null, null, new Timing(10, 200, 0, 500, 400, 1_234), null, null))));
    }

    private <E extends DomainEvent> EventEnvelope<E> envelope(E event) {
        long sequence = records.size();
        return new EventEnvelope<>(
                "1.0",
                UUID.nameUUIDFromBytes((sessionId + sequence).getBytes(StandardCharsets.UTF_8)).toString(),
                URI.create("/sluice/gateway/bench"),
                EventTypes.of(event),
                sessionId,
                START.plusMillis(sequence),
                "application/json",
                EventTypes.schemaOf(event),
                sessionId,
                null,
                sequence,
                chain.last(),
                event);
    }

    private void add(byte[] record) {
        records.add(record);
        chain.add(record);
    }
}

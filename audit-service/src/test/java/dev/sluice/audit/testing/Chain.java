// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.testing;

import dev.sluice.audit.projection.RawRecord;
import dev.sluice.schemas.Principal;
import dev.sluice.schemas.Verdict;
import dev.sluice.schemas.chain.ChainSeal;
import dev.sluice.schemas.chain.SignedRecord;
import dev.sluice.schemas.event.ApprovalEvent;
import dev.sluice.schemas.event.AuditEvent;
import dev.sluice.schemas.event.DomainEvent;
import dev.sluice.schemas.event.EventCodec;
import dev.sluice.schemas.event.EventEnvelope;
import dev.sluice.schemas.event.EventTypes;
import dev.sluice.schemas.event.ResultEvent.ResultRecorded;
import dev.sluice.schemas.event.SessionEvent.SessionCheckpointed;
import dev.sluice.schemas.event.SessionEvent.SessionClosed;
import dev.sluice.schemas.event.SessionEvent.SessionOpened;
import dev.sluice.schemas.event.StatementEvent.Facts;
import dev.sluice.schemas.event.StatementEvent.GroupQuorum;
import dev.sluice.schemas.event.StatementEvent.HoldMode;
import dev.sluice.schemas.event.StatementEvent.MaskedColumn;
import dev.sluice.schemas.event.StatementEvent.Outcome;
import dev.sluice.schemas.event.StatementEvent.Parameter;
import dev.sluice.schemas.event.StatementEvent.Protocol;
import dev.sluice.schemas.event.StatementEvent.RecordedResult;
import dev.sluice.schemas.event.StatementEvent.RelationAccess;
import dev.sluice.schemas.event.StatementEvent.StatementCompleted;
import dev.sluice.schemas.event.StatementEvent.StatementDecided;
import dev.sluice.schemas.event.StatementEvent.StatementHeld;
import dev.sluice.schemas.event.StatementEvent.StatementReleased;
import dev.sluice.schemas.event.StatementEvent.Timing;
import dev.sluice.schemas.kafka.Topics;
import dev.sluice.schemas.signature.SigningKey;
import dev.sluice.schemas.signature.TermsDigest;
import dev.sluice.schemas.signature.VerdictSigner;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Writes the records of a session as a gateway would: chained, sealed, in order. */
public final class Chain {
    public static final SigningKey GATEWAY = SigningKey.generate();
    public static final SigningKey APPROVAL = SigningKey.generate();
    public static final SigningKey AUDIT = SigningKey.generate();
    public static final Instant START = Instant.parse("2026-11-23T08:00:00Z");
    public static final Principal AGENT = new Principal("agent-7", "https://issuer.test", Principal.Method.OIDC, Set.of("agents"), "kim");

    private static final String TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    private static final Timing TIMES = new Timing(1, 2, 3, 4, 5, 15);
    private static final EventCodec CODEC = new EventCodec();

    private final String sessionId;
    private final List<byte[]> records = new ArrayList<>();
    private final List<byte[]> results = new ArrayList<>();
    private String lastDigest = "0".repeat(64);
    private int statements;

    public Chain(String sessionId) {
        this.sessionId = sessionId;
    }

    public String sessionId() {
        return sessionId;
    }

    /** The records so far, in order. Callers may change the list, not the arrays. */
    public List<byte[]> records() {
        return new ArrayList<>(records);
    }

    /** The records as they would come from partition {@code partition}, from {@code offset} on. */
    public List<RawRecord> raw(int partition, long offset) {
        List<RawRecord> raw = new ArrayList<>();
        for (byte[] record : records) {
            raw.add(raw(partition, offset + raw.size(), record));
        }
        return raw;
    }

    public RawRecord raw(int partition, long offset, byte[] record) {
        return new RawRecord(Topics.SESSIONS.name(), partition, offset, START.plusMillis(offset), sessionId.getBytes(StandardCharsets.UTF_8), record);
    }

    public Chain opened() {
        return add(new SessionOpened(AGENT, "shop", "shop", "sluice_app", "psql", "127.0.0.1:40000", false, "3.0", "18.4", "policy-1", "enforce", TRACE, null));
    }

    /** A statement that was allowed and returned one row. */
    public Chain allowed(String query) {
        String id = decided(query, Outcome.ALLOW, List.of("read"));
        return completed(id, "SELECT 1", null, 1);
    }

    /** As {@link #allowed}, with an answer of these chunks of one row each that was kept: see {@link #results}. */
    public Chain kept(String query, String... chunks) {
        String id = decided(query, Outcome.ALLOW, List.of("read"));
        var answer = new ByteArrayOutputStream();
        for (int chunk = 0; chunk < chunks.length; chunk++) {
            byte[] data = chunks[chunk].getBytes(StandardCharsets.UTF_8);
            answer.writeBytes(data);
            String reached = sha256(answer.toByteArray());
            var recorded = new ResultRecorded(id, chunk, null, 1, Base64.getEncoder().encodeToString(data), reached, chunk == chunks.length - 1);
            results.add(CODEC.encode(envelope(recorded, sessionId, sessionId, START.plusSeconds(results.size()), null, null)));
        }
        String digest = sha256(answer.toByteArray());
        return add(new StatementCompleted(
                id, List.of("SELECT " + chunks.length), null, chunks.length, answer.size(), digest, 1_234, "I", null, null, TIMES,
                new RecordedResult(chunks.length, chunks.length, answer.size(), digest, true), null));
    }

    /** The records of all answers that were kept. Callers may change the list, not the arrays. */
    public List<byte[]> results() {
        return new ArrayList<>(results);
    }

    public Chain denied(String query) {
        String id = decided(query, Outcome.DENY, List.of("schema"));
        return completed(id, null, "42501", 0);
    }

    /** A statement that was held, approved by {@code approvers} and has run. */
    public Chain released(String query, String... approvers) {
        String id = decided(query, Outcome.HOLD, List.of("write"));
        StatementHeld held = held(id, query);
        add(new StatementReleased(id, held.approvalId(), verdict(held, approvers)));
        return completed(id, "DELETE 3", null, 3);
    }

    public String decided(String query, Outcome outcome, List<String> effects) {
        return decided(query, outcome, effects, outcome == Outcome.ALLOW ? null : "because");
    }

    public String decided(String query, Outcome outcome, List<String> effects, @Nullable String reason) {
        String id = sessionId + "-s" + ++statements;
        add(new StatementDecided(
                id,
                Protocol.SIMPLE,
                query,
                sha256(query.getBytes(StandardCharsets.UTF_8)),
                List.of(new Parameter(23, "text", "7")),
                new Facts(List.of("select"), effects, List.of(new RelationAccess("public", "orders", "read", List.of("id", "total"))), List.of("now"), false, true),
                outcome,
                "rule-" + outcome,
                reason,
                true,
                List.of("email"),
                "policy-1",
                "I",
                null,
                TRACE,
                List.of(new MaskedColumn("email", "contacts", "redact", null), new MaskedColumn("public.customers.phone", "phones", null, "unless 'support' in user.groups")), null, null));
        return id;
    }

    public StatementHeld held(String statementId, String query) {
        return held(statementId, query, null, 1, null, null);
    }

    /** Held on terms of its own: see {@link StatementHeld}. */
    public StatementHeld held(
            String statementId, String query, @Nullable List<GroupQuorum> quorums, int quorum, @Nullable Long autoApproveBelow, @Nullable Long estimatedRows) {
        var held = new StatementHeld(
                statementId,
                "approval-of-" + statementId,
                sessionId,
                sha256(query.getBytes(StandardCharsets.UTF_8)),
                query,
                List.of(),
                new Facts(List.of("delete"), List.of("write"), List.of(), List.of(), false, true),
                "rule-HOLD",
                null,
                List.of("dba-oncall"),
                quorum,
                START.plusSeconds(3600),
                AGENT,
                "shop",
                "shop",
                "psql",
                "127.0.0.1:40000",
                false,
                quorums,
                autoApproveBelow,
                estimatedRows,
                null,
                null);
        add(held);
        return held;
    }

    /** As {@code held}, but the client does not wait, and will send what {@link #decided} makes again. */
    public static StatementHeld ticket(StatementHeld held, String approvalId, String sessionId) {
        return new StatementHeld(
                held.statementId(), approvalId, sessionId, held.statementDigest(), held.query(), List.of(new Parameter(23, "text", "7")), held.facts(), held.rule(), held.reason(),
                held.approverGroups(), held.quorum(), held.expiresAt(), held.requester(), held.target(), held.database(), held.application(), held.clientAddress(),
                false, null, null, null, null, null, HoldMode.RETURN, null, null, null, null);
    }

    public static String verdict(StatementHeld held, String... approvers) {
        return verdict(held, held, approvers);
    }

    /** A grant for {@code held} that was given on the terms of {@code asked}. */
    public static String verdict(StatementHeld held, StatementHeld asked, String... approvers) {
        return new VerdictSigner(APPROVAL)
                .sign(new Verdict(
                        held.approvalId(),
                        held.sessionId(),
                        held.statementId(),
                        held.statementDigest(),
                        held.requester().subject(),
                        List.of(approvers),
                        START,
                        START.plusSeconds(3600),
                        TermsDigest.of(asked)));
    }

    public Chain completed(String statementId, @Nullable String tag, @Nullable String sqlState, long rows) {
        return add(new StatementCompleted(
                statementId, tag == null ? List.of() : List.of(tag), sqlState, rows, 42, "ab".repeat(32), 1_234, "I", null, null, TIMES, null, null));
    }

    public Chain checkpoint() {
        long last = records.size() - 1L;
        return add(new SessionCheckpointed(last, lastDigest, new ChainSeal(sessionId, last, lastDigest).sign(GATEWAY)));
    }

    public Chain closed() {
        return closed(GATEWAY);
    }

    public Chain closed(SigningKey key) {
        byte[] unsigned = encode(new SessionClosed("client ended", statements, 9_000_000, lastDigest, ""));
        String signature = new ChainSeal(sessionId, records.size() - 1L, lastDigest).signEnd(key, unsigned);
        return add(new SessionClosed("client ended", statements, 9_000_000, lastDigest, signature));
    }

    public Chain add(DomainEvent event) {
        return add(encode(event));
    }

    private byte[] encode(DomainEvent event) {
        return CODEC.encode(envelope(event, sessionId, sessionId, START.plusSeconds(records.size()), (long) records.size(), lastDigest));
    }

    /** Puts bytes of any kind into the chain. */
    public Chain add(byte[] record) {
        records.add(record);
        lastDigest = sha256(record);
        return this;
    }

    /** An event outside of the session's chain, as its service writes it: those of approvals and of auditors are signed. */
    public byte[] beside(DomainEvent event, String subject, Instant time) {
        return switch (event) {
            case ApprovalEvent approval -> CODEC.encode(SignedRecord.sign(envelope(approval, subject, sessionId, time, null, null), APPROVAL, CODEC));
            case AuditEvent audit -> CODEC.encode(SignedRecord.signAudit(envelope(audit, subject, sessionId, time, null, null), AUDIT, CODEC));
            default -> CODEC.encode(envelope(event, subject, sessionId, time, null, null));
        };
    }

    private static <E extends DomainEvent> EventEnvelope<E> envelope(
            E event, String subject, String session, Instant time, @Nullable Long sequence, @Nullable String previous) {
        return new EventEnvelope<>(
                "1.0",
                UUID.nameUUIDFromBytes((session + subject + sequence + time + event.getClass()).getBytes(StandardCharsets.UTF_8)).toString(),
                URI.create("/sluice/gateway/test"),
                EventTypes.of(event),
                subject,
                time,
                "application/json",
                EventTypes.schemaOf(event),
                session,
                null,
                sequence,
                previous,
                event);
    }

    public String lastDigest() {
        return lastDigest;
    }

    public static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.verify;

import dev.sluice.audit.projection.RawRecord;
import dev.sluice.audit.projection.ReadRecord;
import dev.sluice.audit.projection.ReadRecord.Content;
import dev.sluice.audit.projection.RecordReader;
import dev.sluice.audit.verify.Finding.Kind;
import dev.sluice.schemas.event.ApprovalEvent;
import dev.sluice.schemas.event.AuditEvent;
import dev.sluice.schemas.event.DomainEvent;
import dev.sluice.schemas.event.SessionEvent;
import dev.sluice.schemas.event.StatementEvent;
import dev.sluice.schemas.event.VerdictEvent;
import dev.sluice.schemas.event.WebhookEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Checks raw records of any number of sessions, in the order of their log, with nothing but public keys. Memory grows with the number
 * of sessions and of statements that are under way, not with the number of records. For one thread.
 */
public final class EvidenceVerifier {
    private static final int NOWHERE = -1;

    private final PublicKeys keys;
    private final @Nullable String onlySession;
    private final boolean demandApproval;
    private final RecordReader reader = new RecordReader();
    private final Map<String, SessionProof> sessions = new LinkedHashMap<>();
    private final List<Finding> findings = new ArrayList<>();
    private long records;

    /** For the records of many sessions. */
    public EvidenceVerifier(PublicKeys keys) {
        this(keys, null, false);
    }

    /** For the records of one session: those of any other are foreign to it. */
    public EvidenceVerifier(PublicKeys keys, String onlySession) {
        this(keys, onlySession, false);
    }

    /** {@code demandApproval} makes it a finding when a destructive statement has run and nobody was asked, whatever the policy allowed. */
    EvidenceVerifier(PublicKeys keys, @Nullable String onlySession, boolean demandApproval) {
        this.keys = keys;
        this.onlySession = onlySession;
        this.demandApproval = demandApproval;
        if (onlySession != null) {
            sessions.put(onlySession, new SessionProof(onlySession, keys, demandApproval));
        }
    }

    /** Takes the next record, exactly as it was in the log. */
    public void accept(byte[] value) {
        accept(read(reader, value));
    }

    /** Takes a record apart. Needs no order: many threads may do so, each with any reader. */
    static ReadRecord read(RecordReader reader, byte[] value) {
        return reader.read(new RawRecord("", NOWHERE, NOWHERE, Instant.EPOCH, null, value));
    }

    /** As {@link #accept(byte[])}, for a record that {@link #read} has taken apart. */
    void accept(ReadRecord record) {
        records++;
        String subject = record.header().subject();
        boolean chained = record.header().sequence() != null;
        if (record.content() instanceof Content.Unreadable(var reason) && !chained && onlySession == null) {
            // It belongs to some chain, which will lack it; which one cannot be told.
            findings.add(new Finding(Kind.UNREADABLE, null, NOWHERE, records, reason));
            return;
        }
        if (record.content() instanceof Content.Known(var envelope) && !chains(envelope.data())) {
            // No chain binds these; what they led to is in the session's chain, with the signed grant itself.
            return;
        }
        if (record.content() instanceof Content.UnknownType(var type) && !chained) {
            findings.add(new Finding(Kind.UNKNOWN_TYPE, record.header().correlationId(), NOWHERE, records, "this version does not know events of type " + type));
            return;
        }
        String sessionId = onlySession == null ? String.valueOf(subject) : onlySession;
        sessions.computeIfAbsent(sessionId, id -> new SessionProof(id, keys, demandApproval)).accept(record, records);
    }

    /** Whether events of this kind belong to the chain of a session. */
    private static boolean chains(DomainEvent event) {
        return switch (event) {
            case SessionEvent _, StatementEvent _ -> true;
            case ApprovalEvent _, VerdictEvent _, WebhookEvent _, AuditEvent _ -> false;
        };
    }

    /** What all of it proves. */
    public Report report() {
        return report(Map.of());
    }

    /** As {@link #report()}, with the last sequence of sessions as another witness knows it: what is missing at the end is found too. */
    public Report report(Map<String, Long> lastSequences) {
        return new Report(
                records,
                sessions.entrySet().stream()
                        .map(session -> session.getValue().report(lastSequences.getOrDefault(session.getKey(), -1L)))
                        .toList(),
                findings);
    }
}

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
import dev.sluice.schemas.event.ResultEvent;
import dev.sluice.schemas.event.SessionEvent;
import dev.sluice.schemas.event.StatementEvent;
import dev.sluice.schemas.event.StatementEvent.StatementHeld;
import dev.sluice.schemas.event.StatementEvent.StatementReleased;
import dev.sluice.schemas.event.TicketEvent;
import dev.sluice.schemas.event.VerdictEvent;
import dev.sluice.schemas.event.WebhookEvent;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Checks raw records of any number of sessions, in the order of their log, with nothing but public keys. Of a session that has ended, and
 * after which a thousand others have, only its report is kept: from then on another record of it is one after its end, whatever it says. So
 * memory grows with the sessions that run at once, with a few hundred bytes for each that has ended and for each hold, and with some for each record of an
 * approval. For one thread.
 */
public final class EvidenceVerifier {
    private static final int NOWHERE = -1;
    private static final int ENDED_IN_FULL = 1_000;

    private final PublicKeys keys;
    private final @Nullable String onlySession;
    private final boolean demandApproval;
    private final RecordReader reader = new RecordReader();
    private final Map<String, SessionProof> sessions = new LinkedHashMap<>();
    private final Map<String, ResultProof> results = new HashMap<>();
    private final Map<String, ApprovalProof> approvals = new LinkedHashMap<>();
    private final AnswerProof answers;
    private final Map<String, JournalProof> journals = new LinkedHashMap<>();
    private final Deque<String> ended = new ArrayDeque<>();
    private final Map<String, SessionReport> reports = new LinkedHashMap<>();
    private final List<Finding> findings = new ArrayList<>();
    private final Set<String> redeemed = new HashSet<>();
    private final Map<String, Map<Long, Set<String>>> known = new LinkedHashMap<>();
    private final Map<String, List<Finding>> rewritten = new HashMap<>();
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
        this.answers = new AnswerProof(keys.approvalRecords());
        this.onlySession = onlySession;
        this.demandApproval = demandApproval;
        if (onlySession != null) {
            sessions.put(onlySession, new SessionProof(onlySession, keys, demandApproval, redeemed));
        }
    }

    /**
     * Tells how far a session had come as another witness knows it; call it before the records come. A session that is not there at all, one that ends before
     * that and one whose record there is another one are findings. Witnesses may contradict each other: what differs from any of them is a finding.
     */
    public void know(KnownSession session) {
        Set<String> digests = known.computeIfAbsent(session.sessionId(), _ -> new TreeMap<>()).computeIfAbsent(session.lastSequence(), _ -> HashSet.newHashSet(1));
        if (session.lastDigest() != null) {
            digests.add(session.lastDigest());
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
        if (record.content() instanceof Content.Known(var kept) && kept.data() instanceof ResultEvent.ResultRecorded chunk) {
            if (onlySession != null && !onlySession.equals(kept.subject())) {
                findings.add(new Finding(Kind.FOREIGN, onlySession, NOWHERE, records, "a part of an answer of another session"));
            } else {
                results.computeIfAbsent(kept.subject(), ResultProof::new).accept(chunk, records);
            }
            return;
        }
        if (record.content() instanceof Content.Known(var ending) && ending.data() instanceof StatementEvent.StatementCompleted completed && completed.results() != null) {
            results.computeIfAbsent(ending.subject(), ResultProof::new).completed(completed);
        }
        if (record.content() instanceof Content.Known(var envelope) && !chains(envelope.data())) {
            // Of the others no chain binds any; what they led to is in the session's chain, with the signed grant itself.
            if (envelope.data() instanceof ApprovalEvent approval) {
                if (approval instanceof ApprovalEvent.ApprovalRequested requested) {
                    answers.requested(requested, record.raw().value(), records);
                }
                approvals
                        .computeIfAbsent(envelope.subject(), id -> new ApprovalProof(id, envelope.correlationid(), keys.approvalRecords()))
                        .accept(record.raw().value(), records);
            } else if (envelope.data() instanceof VerdictEvent verdict) {
                answers.ended(verdict, records);
            } else if (envelope.data() instanceof AuditEvent event) {
                journals.computeIfAbsent(envelope.subject(), id -> new JournalProof(id, keys.audit(), records)).accept(record, event, records);
            }
            return;
        }
        if (record.content() instanceof Content.UnknownType(var type) && !chained) {
            findings.add(new Finding(Kind.UNKNOWN_TYPE, record.header().correlationId(), NOWHERE, records, "this version does not know events of type " + type));
            return;
        }
        String sessionId = onlySession == null ? String.valueOf(subject) : onlySession;
        compare(sessionId, record);
        if (record.content() instanceof Content.Known(var envelope)) {
            StatementHeld held = envelope.data() instanceof StatementReleased release ? release.ticket() : envelope.data() instanceof StatementHeld hold ? hold : null;
            if (held != null) {
                answers.held(held);
            }
        }
        SessionReport report = reports.get(sessionId);
        if (report != null) {
            late(report, record);
            return;
        }
        SessionProof proof = sessions.computeIfAbsent(sessionId, id -> new SessionProof(id, keys, demandApproval, redeemed));
        boolean closed = proof.closed();
        proof.accept(record, records);
        if (proof.closed() && !closed && onlySession == null) {
            ended.add(sessionId);
            if (ended.size() > ENDED_IN_FULL) {
                String oldest = ended.remove();
                reports.put(oldest, Objects.requireNonNull(sessions.remove(oldest)).report());
            }
        }
    }

    /** Whether the record is the one that every other witness has seen in its place. */
    private void compare(String sessionId, ReadRecord record) {
        Long sequence = record.header().sequence();
        Set<String> digests = sequence == null ? Set.of() : known.getOrDefault(sessionId, Map.of()).getOrDefault(sequence, Set.of());
        if (sequence != null && digests.stream().anyMatch(digest -> !digest.equals(record.digest()))) {
            rewritten
                    .computeIfAbsent(sessionId, id -> new ArrayList<>())
                    .add(new Finding(Kind.REWRITTEN, sessionId, sequence, records, "the record with sequence " + sequence + " is another one than the one that is known"));
        }
    }

    /** A record of a session of which only the report is left. The end itself may be delivered again. */
    private void late(SessionReport report, ReadRecord record) {
        if (!record.digest().equals(report.lastDigest())) {
            Long sequence = record.header().sequence();
            findings.add(new Finding(
                    Kind.AFTER_END, report.sessionId(), sequence == null ? NOWHERE : sequence, records, "a record of a session that ended long before it"));
        }
    }

    /** Whether events of this kind belong to the chain of a session. */
    private static boolean chains(DomainEvent event) {
        return switch (event) {
            case SessionEvent _, StatementEvent _ -> true;
            case ResultEvent _, ApprovalEvent _, VerdictEvent _, TicketEvent _, WebhookEvent _, AuditEvent _ -> false;
        };
    }

    private boolean closed(String sessionId) {
        SessionProof proof = sessions.get(sessionId);
        return proof != null && proof.closed();
    }

    /** What all of it proves. */
    public Report report() {
        List<SessionReport> all = new ArrayList<>(reports.values());
        sessions.values().forEach(proof -> all.add(proof.report()));
        List<Finding> missing = new ArrayList<>(findings);
        approvals.values().forEach(approval -> missing.addAll(approval.findings()));
        missing.addAll(answers.findings());
        journals.values().forEach(journal -> missing.addAll(journal.findings()));
        results.forEach((sessionId, proof) -> missing.addAll(proof.findings(reports.containsKey(sessionId) || closed(sessionId))));
        all.replaceAll(report -> {
            List<Finding> unlike = new ArrayList<>(rewritten.getOrDefault(report.sessionId(), List.of()));
            long knownLast = known.containsKey(report.sessionId()) ? Collections.max(Objects.requireNonNull(known.get(report.sessionId())).keySet()) : NOWHERE;
            if (report.lastSequence() < knownLast) {
                String message = "the records end at sequence " + report.lastSequence() + ", but " + knownLast + " is known to exist";
                unlike.add(new Finding(Kind.TRUNCATED, report.sessionId(), report.lastSequence(), 0, message));
            }
            return unlike.isEmpty() ? report : report.with(unlike);
        });
        Set<String> there = all.stream().map(SessionReport::sessionId).collect(Collectors.toSet());
        known.forEach((sessionId, places) -> {
            if (!there.contains(sessionId)) {
                missing.add(new Finding(
                        Kind.MISSING, sessionId, NOWHERE, 0, "no record of the session is here, but it is known to reach sequence " + Collections.max(places.keySet())));
            }
        });
        return new Report(records, all, missing);
    }
}

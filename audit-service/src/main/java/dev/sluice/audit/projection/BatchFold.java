// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.projection;

import dev.sluice.audit.projection.FindingRow.Kind;
import dev.sluice.audit.projection.ReadRecord.Content;
import dev.sluice.schemas.chain.HashChain;
import dev.sluice.schemas.event.ApprovalEvent;
import dev.sluice.schemas.event.AuditEvent;
import dev.sluice.schemas.event.ResultEvent;
import dev.sluice.schemas.event.SessionEvent;
import dev.sluice.schemas.event.StatementEvent;
import dev.sluice.schemas.event.TicketEvent;
import dev.sluice.schemas.event.VerdictEvent;
import dev.sluice.schemas.event.WebhookEvent;
import dev.sluice.schemas.kafka.Topics;
import dev.sluice.schemas.signature.TrustedKeys;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Folds records, in log order per partition, into row changes and findings. One instance per batch, one thread. Rows of sessions and
 * statements come from the sessions topic alone: its partitions order a session, whereas nothing orders one topic against another.
 */
public final class BatchFold {
    /** Bytes. What indexes can hold is some 2,700 in all, and bytes that are no UTF-8 take three times their number. */
    private static final int LONGEST_KEY = 512;

    private final String sessionsTopic;
    private final Map<String, SessionTrack> tracks;
    private final RecentRecords recent;
    private final Map<String, ProjectedRow> sessions = new LinkedHashMap<>();
    private final Map<StatementKey, ProjectedRow> statements = new LinkedHashMap<>();
    private final List<EventRow> events = new ArrayList<>();
    private final List<FindingRow> findings = new ArrayList<>();

    private final List<ResultRow> results = new ArrayList<>();
    private final AuditFold audit;

    private record StatementKey(String sessionId, String statementId) {}

    /**
     * {@code tracks} holds what the store knows of the sessions in this batch; sessions that it lacks are new. {@code auditKeys} are those of the
     * audit-service, without which no legal hold is lifted.
     */
    public BatchFold(String sessionsTopic, @Nullable TrustedKeys auditKeys, Map<String, SessionTrack> tracks) {
        this(sessionsTopic, auditKeys, tracks, new RecentRecords());
    }

    /** As above; {@code recent} has what earlier batches have read, and is told of what this one reads. */
    public BatchFold(String sessionsTopic, @Nullable TrustedKeys auditKeys, Map<String, SessionTrack> tracks, RecentRecords recent) {
        this.recent = recent;
        this.sessionsTopic = sessionsTopic;
        this.audit = new AuditFold(auditKeys);
        this.tracks = new HashMap<>(tracks);
    }

    /** The session whose chain the record belongs to; null when it belongs to none. */
    public static @Nullable String chainOf(ReadRecord record, String sessionsTopic) {
        return record.raw().topic().equals(sessionsTopic) ? record.header().subject() : null;
    }

    /** Takes the next record. */
    public void add(ReadRecord record) {
        readability(record);
        String sessionId = chainOf(record, sessionsTopic);
        if (sessionId == null) {
            if (record.raw().topic().equals(Topics.RESULTS.name()) && record.content() instanceof Content.Known(var kept) && kept.data() instanceof ResultEvent.ResultRecorded part) {
                results.add(new ResultRow(
                        record, StorableTime.day(record.raw().recordedAt()), StorableText.of(kept.subject()), StorableText.of(part.statementId()), part.chunk()));
                return;
            }
            String about = sessionOf(record);
            events.add(new EventRow(record, about == null ? "" : about, StorableTime.day(record.raw().recordedAt())));
            if (record.content() instanceof Content.Known(var envelope) && envelope.data() instanceof AuditEvent event) {
                audit(record, envelope.id(), event);
            }
            return;
        }
        SessionTrack before = tracks.computeIfAbsent(sessionId, id -> SessionTrack.fresh(id, record.time()));
        boolean again = chain(record, before);
        SessionTrack after = before;
        Long sequence = record.header().sequence();
        if (sequence != null) {
            after = after.advanced(sequence, record.digest());
        }
        if (!again && record.content() instanceof Content.Known(var envelope)) {
            after = switch (envelope.data()) {
                case SessionEvent event -> session(record, after, event);
                case StatementEvent event -> statement(record, after, event);
                case ResultEvent _ -> misplaced(record, after);
                case ApprovalEvent _ -> misplaced(record, after);
                case VerdictEvent _ -> misplaced(record, after);
                case TicketEvent _ -> misplaced(record, after);
                case WebhookEvent _ -> misplaced(record, after);
                case AuditEvent _ -> misplaced(record, after);
            };
        }
        tracks.put(sessionId, after);
        events.add(new EventRow(record, sessionId, StorableTime.day(after.startedAt())));
        touch(record, after);
    }

    /** Everything that was added, folded. */
    public Batch batch() {
        return batch(List.of());
    }

    /** As {@link #batch()}, with findings that belong to none of the records. */
    public Batch batch(List<FindingRow> more) {
        findings.addAll(more);
        return new Batch(List.copyOf(events), List.copyOf(sessions.values()), List.copyOf(statements.values()), List.copyOf(findings), audit.accesses(), audit.legalHolds(), List.copyOf(results));
    }

    private void readability(ReadRecord record) {
        switch (record.content()) {
            case Content.Known _ -> {
                byte[] key = record.raw().key();
                String subject = record.header().subject();
                if (subject == null || key == null || !subject.equals(new String(key, StandardCharsets.UTF_8))) {
                    find(record, Kind.FOREIGN_KEY, "the record's key is not the event's subject");
                }
            }
            case Content.UnknownType(var type) -> find(record, Kind.UNKNOWN_TYPE, "this version does not know events of type " + abbreviated(type));
            case Content.Unreadable(var reason) -> find(record, Kind.UNREADABLE, reason);
        }
    }

    /** Checks the record against its chain; true when it is one of the latest records again, byte for byte. */
    private boolean chain(ReadRecord record, SessionTrack track) {
        Long sequence = record.header().sequence();
        String previous = record.header().previousHash();
        if (sequence == null || previous == null) {
            find(record, Kind.UNCHAINED, "an event of a session without sequence or previoushash");
            return false;
        }
        if (sequence == track.lastSequence() && record.digest().equals(track.lastDigest())
                || sequence <= track.lastSequence() && recent.has(track.sessionId(), sequence, record.digest())) {
            find(record, Kind.DUPLICATE, "the record with sequence " + sequence + " again, byte for byte");
            return true;
        }
        if (sequence <= track.lastSequence()) {
            find(record, Kind.OUT_OF_ORDER, "sequence " + sequence + " comes after " + track.lastSequence() + ": repeated, reordered or forged");
            return false;
        }
        recent.read(track.sessionId(), sequence, record.digest());
        if (track.closed()) {
            find(record, Kind.AFTER_END, "sequence " + sequence + " follows session.closed");
        }
        if (sequence > track.lastSequence() + 1) {
            find(record, Kind.GAP, "sequence " + (track.lastSequence() + 1) + " to " + (sequence - 1) + " missing before " + sequence);
        } else if (!previous.equals(track.lastDigest())) {
            find(record, Kind.BROKEN_LINK, "sequence " + sequence + " names another record before it than the one that is there");
        }
        return false;
    }

    private void audit(ReadRecord record, String id, AuditEvent event) {
        if (record.raw().topic().equals(Topics.AUDIT.name())) {
            String trouble = audit.add(record, id, event);
            if (trouble != null) {
                find(record, Kind.UNPROVEN, trouble);
            }
        } else {
            find(record, Kind.FOREIGN_KEY, "an event of the audit-service in a topic that is not its own");
        }
    }

    private SessionTrack misplaced(ReadRecord record, SessionTrack track) {
        find(record, Kind.FOREIGN_KEY, "an event of no session in the topic of the sessions");
        return track;
    }

    private SessionTrack session(ReadRecord record, SessionTrack track, SessionEvent event) {
        ProjectedRow row = touch(record, track);
        return switch (event) {
            case SessionEvent.SessionOpened opened -> {
                Columns.opened(row, record.time(), opened);
                yield track.opened(opened.principal().subject(), opened.target());
            }
            case SessionEvent.SessionRefused refused -> {
                Columns.refused(row, record.time(), refused);
                yield track;
            }
            case SessionEvent.SessionBypassed bypassed -> {
                Columns.bypassed(row, record.time(), bypassed);
                find(record, Kind.BYPASSED, "the server has a session of the gateway's login that did not come through the gateway");
                yield track;
            }
            case SessionEvent.PolicyLoaded loaded -> {
                Columns.loaded(row, record.time(), loaded);
                yield track;
            }
            case SessionEvent.SessionCheckpointed checkpoint -> {
                Columns.checkpointed(row, checkpoint);
                yield track;
            }
            // The timeline tells of it.
            case SessionEvent.ImpactAssessed _ -> track;
            case SessionEvent.SessionClosed closed -> {
                Columns.closed(row, record.time(), track.lastSequence() - 1, closed);
                yield track.ended();
            }
        };
    }

    private SessionTrack statement(ReadRecord record, SessionTrack track, StatementEvent event) {
        ProjectedRow row = statements.computeIfAbsent(new StatementKey(track.sessionId(), StorableText.of(event.statementId())), key -> {
            var fresh = new ProjectedRow(StatementColumn.values().length);
            fresh.put(StatementColumn.SESSION_ID, key.sessionId());
            fresh.put(StatementColumn.STATEMENT_ID, key.statementId());
            fresh.put(StatementColumn.DAY, StorableTime.day(track.startedAt()));
            fresh.put(StatementColumn.STARTED_AT, record.time());
            fresh.put(StatementColumn.PRINCIPAL, track.principal());
            fresh.put(StatementColumn.TARGET, track.target());
            return fresh;
        });
        Columns.statement(row, record.time(), track.statements() + 1, event);
        return event instanceof StatementEvent.StatementDecided ? track.decided() : track;
    }

    /** The session's row, with what every record moves on. */
    private ProjectedRow touch(ReadRecord record, SessionTrack track) {
        ProjectedRow row = sessions.computeIfAbsent(track.sessionId(), sessionId -> {
            var fresh = new ProjectedRow(SessionColumn.values().length);
            fresh.put(SessionColumn.SESSION_ID, sessionId);
            fresh.put(SessionColumn.DAY, StorableTime.day(track.startedAt()));
            fresh.put(SessionColumn.STARTED_AT, track.startedAt());
            return fresh;
        });
        row.move(SessionColumn.LAST_AT, record.time());
        row.move(SessionColumn.LAST_SEQUENCE, track.lastSequence());
        row.move(SessionColumn.LAST_DIGEST, track.lastDigest());
        row.move(SessionColumn.STATEMENTS, track.statements());
        return row;
    }

    private void find(ReadRecord record, Kind kind, String detail) {
        findings.add(new FindingRow(record.raw(), kind, sessionOf(record), record.header().sequence(), StorableText.of(detail)));
    }

    /** The session that a record of any topic is about; of one that cannot be read, its key, and of a long key the SHA-256. */
    public static @Nullable String sessionOf(ReadRecord record) {
        if (record.header().correlationId() != null) {
            return record.header().correlationId();
        }
        byte[] key = record.raw().key();
        if (record.header().subject() != null || key == null) {
            return record.header().subject();
        }
        return key.length > LONGEST_KEY ? HashChain.hash(key) : StorableText.of(new String(key, StandardCharsets.UTF_8));
    }

    private static String abbreviated(String type) {
        return type.length() <= 200 ? type : type.substring(0, 200) + "…";
    }
}

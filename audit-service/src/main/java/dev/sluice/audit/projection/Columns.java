// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.projection;

import com.nimbusds.jose.JWSObject;
import dev.sluice.schemas.event.Detection;
import dev.sluice.schemas.event.SessionEvent.PolicyLoaded;
import dev.sluice.schemas.event.SessionEvent.SessionBypassed;
import dev.sluice.schemas.event.SessionEvent.SessionCheckpointed;
import dev.sluice.schemas.event.SessionEvent.SessionClosed;
import dev.sluice.schemas.event.SessionEvent.SessionOpened;
import dev.sluice.schemas.event.SessionEvent.SessionRefused;
import dev.sluice.schemas.event.StatementEvent;
import java.text.ParseException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Which column each part of an event goes to. The first value of a column stays. */
final class Columns {
    private Columns() {}

    static void opened(ProjectedRow row, Instant time, SessionOpened event) {
        row.put(SessionColumn.OPENED_AT, time);
        row.put(SessionColumn.PRINCIPAL, event.principal().subject());
        row.put(SessionColumn.ISSUER, event.principal().issuer());
        row.put(SessionColumn.METHOD, word(event.principal().method()));
        row.put(SessionColumn.GROUPS, event.principal().groups().stream().sorted().toList());
        row.put(SessionColumn.ON_BEHALF_OF, event.principal().onBehalfOf());
        row.put(SessionColumn.TARGET, event.target());
        row.put(SessionColumn.DATABASE, event.database());
        row.put(SessionColumn.ROLE, event.role());
        row.put(SessionColumn.APPLICATION, event.application());
        row.put(SessionColumn.CLIENT_ADDRESS, event.clientAddress());
        row.put(SessionColumn.ENCRYPTED, event.encrypted());
        row.put(SessionColumn.PROTOCOL_VERSION, event.protocolVersion());
        row.put(SessionColumn.SERVER_VERSION, event.serverVersion());
        row.put(SessionColumn.POLICY_VERSION, event.policyVersion());
        row.put(SessionColumn.MODE, event.mode());
        row.put(SessionColumn.TRACE_ID, traceId(event.traceparent()));
    }

    static void refused(ProjectedRow row, Instant time, SessionRefused event) {
        row.put(SessionColumn.REFUSED_AT, time);
        row.put(SessionColumn.CLAIMED_USER, event.user());
        row.put(SessionColumn.TARGET, event.target());
        row.put(SessionColumn.CLIENT_ADDRESS, event.clientAddress());
        row.put(SessionColumn.REFUSAL_SQLSTATE, event.sqlState());
        row.put(SessionColumn.REFUSAL_REASON, event.reason());
    }

    static void bypassed(ProjectedRow row, Instant time, SessionBypassed event) {
        row.put(SessionColumn.BYPASSED_AT, time);
        row.put(SessionColumn.TARGET, event.target());
        row.put(SessionColumn.DATABASE, event.database());
        row.put(SessionColumn.ROLE, event.role());
        row.put(SessionColumn.APPLICATION, event.application());
        row.put(SessionColumn.CLIENT_ADDRESS, event.clientAddress());
        row.put(SessionColumn.SERVER_PROCESS, (long) event.serverProcess());
    }

    static void loaded(ProjectedRow row, Instant time, PolicyLoaded event) {
        row.put(SessionColumn.POLICY_LOADED_AT, time);
        row.put(SessionColumn.POLICY_VERSION, event.version());
        row.put(SessionColumn.PREVIOUS_POLICY_VERSION, event.previousVersion());
        row.put(SessionColumn.MODE, event.mode());
    }

    static void checkpointed(ProjectedRow row, SessionCheckpointed event) {
        row.move(SessionColumn.SEALED_SEQUENCE, event.checkpointSequence());
        row.move(SessionColumn.SEALED_DIGEST, event.chainHash());
        row.move(SessionColumn.SEAL, event.signature());
    }

    /** {@code sealed} is the sequence of the record before the end: what the end's signature names. */
    static void closed(ProjectedRow row, Instant time, long sealed, SessionClosed event) {
        row.put(SessionColumn.CLOSED_AT, time);
        row.put(SessionColumn.CLOSE_REASON, event.reason());
        row.put(SessionColumn.DURATION_MICROS, event.durationMicros());
        row.move(SessionColumn.SEALED_SEQUENCE, sealed);
        row.move(SessionColumn.SEALED_DIGEST, event.chainHash());
        row.move(SessionColumn.SEAL, event.signature());
    }

    static void statement(ProjectedRow row, Instant time, long nextOrdinal, StatementEvent event) {
        switch (event) {
            // What is searched of a query in parts is its first.
            case StatementEvent.StatementParted parted -> row.put(StatementColumn.QUERY, parted.parameter() == null && parted.number() == 0 ? parted.text() : null);
            case StatementEvent.StatementDecided decided -> {
                row.put(StatementColumn.DECIDED_AT, time);
                row.put(StatementColumn.ORDINAL, nextOrdinal);
                row.put(StatementColumn.PROTOCOL, word(decided.protocol()));
                row.put(StatementColumn.QUERY, decided.queryParts() == null ? decided.query() : null);
                row.put(StatementColumn.QUERY_DIGEST, decided.queryDigest());
                row.put(StatementColumn.KINDS, decided.facts().kinds());
                row.put(StatementColumn.EFFECTS, decided.facts().effects());
                row.put(StatementColumn.RELATIONS, relations(decided.facts().relations()));
                row.put(StatementColumn.COLUMNS, columns(decided.facts().relations()));
                row.put(StatementColumn.FUNCTIONS, decided.facts().functions());
                row.put(StatementColumn.BOUNDED, decided.facts().bounded());
                row.put(StatementColumn.OUTCOME, word(decided.outcome()));
                row.put(StatementColumn.RULE, decided.rule());
                row.put(StatementColumn.REASON, decided.reason());
                row.put(StatementColumn.ENFORCED, decided.enforced());
                row.put(StatementColumn.MASKS, decided.masks());
                maskedColumns(row, decided);
                row.put(StatementColumn.POLICY_VERSION, decided.policyVersion());
                row.put(StatementColumn.TRACE_ID, traceId(decided.traceparent()));
            }
            case StatementEvent.StatementHeld held -> {
                row.put(StatementColumn.HELD_AT, time);
                row.put(StatementColumn.APPROVAL_ID, held.approvalId());
                row.put(StatementColumn.STATEMENT_DIGEST, held.statementDigest());
                row.put(StatementColumn.APPROVER_GROUPS, held.approverGroups());
                row.put(StatementColumn.QUORUM, held.quorum());
                row.put(StatementColumn.HOLD_EXPIRES_AT, held.expiresAt());
            }
            case StatementEvent.StatementReleased released -> {
                row.put(StatementColumn.RELEASED_AT, time);
                row.put(StatementColumn.APPROVAL_ID, released.approvalId());
                row.put(StatementColumn.APPROVERS, approvers(released.verdict()));
            }
            // It changes nothing about the statement; the timeline tells of it.
            case StatementEvent.GrantRejected _ -> {}
            case StatementEvent.StatementRefused refused -> {
                row.put(StatementColumn.REFUSED_AT, time);
                row.put(StatementColumn.APPROVAL_ID, refused.approvalId());
                row.put(StatementColumn.REFUSAL_SQLSTATE, refused.sqlState());
                row.put(StatementColumn.REFUSAL_REASON, refused.reason());
            }
            case StatementEvent.StatementWithdrawn withdrawn -> {
                row.put(StatementColumn.WITHDRAWN_AT, time);
                row.put(StatementColumn.APPROVAL_ID, withdrawn.approvalId());
                row.put(StatementColumn.WITHDRAWAL_REASON, withdrawn.reason());
            }
            case StatementEvent.StatementCompleted completed -> {
                row.put(StatementColumn.COMPLETED_AT, time);
                row.put(StatementColumn.COMMAND_TAGS, completed.commandTags());
                row.put(StatementColumn.SQLSTATE, completed.sqlState());
                row.put(StatementColumn.ROW_COUNT, completed.rows());
                row.put(StatementColumn.BYTE_COUNT, completed.bytes());
                row.put(StatementColumn.ANSWER_DIGEST, completed.digest());
                row.put(StatementColumn.DURATION_MICROS, completed.durationMicros());
                ended(row, completed);
            }
        }
    }

    private static void ended(ProjectedRow row, StatementEvent.StatementCompleted completed) {
        StatementEvent.Timing timing = completed.timing();
        if (timing != null) {
            row.put(StatementColumn.QUEUED_MICROS, timing.queuedMicros());
            row.put(StatementColumn.ANALYSIS_MICROS, timing.analysisMicros());
            row.put(StatementColumn.HELD_MICROS, timing.heldMicros());
            row.put(StatementColumn.RECORDING_MICROS, timing.recordingMicros());
            row.put(StatementColumn.SERVER_MICROS, timing.serverMicros());
            row.put(StatementColumn.TOTAL_MICROS, timing.totalMicros());
        }
        if (completed.detections() != null) {
            List<String> denying = completed.detections().stream()
                    .filter(detection -> detection.action() == Detection.Action.DENY)
                    .map(Detection::detector)
                    .distinct()
                    .toList();
            row.put(StatementColumn.DENIED_BY, denying.isEmpty() ? null : denying);
        }
        StatementEvent.RecordedResult results = completed.results();
        if (results != null) {
            row.put(StatementColumn.RESULT_CHUNKS, results.chunks());
            row.put(StatementColumn.RESULT_ROWS, results.rows());
            row.put(StatementColumn.RESULT_BYTES, results.bytes());
            row.put(StatementColumn.RESULT_DIGEST, results.digest());
            row.put(StatementColumn.RESULT_WHOLE, results.whole());
        }
    }

    /** The part of a traceparent that is the same all over a trace; null where it is none. */
    private static @Nullable String traceId(@Nullable String traceparent) {
        String[] fields = traceparent == null ? new String[0] : traceparent.split("-", 4);
        return fields.length == 4 ? fields[1] : null;
    }

    /** Masked ones stand beside {@link StatementColumn#MASKS} and under the same names; those shown as they are have lists of their own. */
    private static void maskedColumns(ProjectedRow row, StatementEvent.StatementDecided decided) {
        List<StatementEvent.MaskedColumn> columns = decided.maskedColumns();
        if (columns == null) {
            return;
        }
        row.put(StatementColumn.MASK_RULES, decided.masks().stream()
                .map(name -> columns.stream()
                        .filter(column -> column.exemption() == null && column.column().equals(name))
                        .map(StatementEvent.MaskedColumn::rule)
                        .findFirst()
                        .orElse(""))
                .toList());
        List<StatementEvent.MaskedColumn> shown = columns.stream().filter(column -> column.exemption() != null).toList();
        if (!shown.isEmpty()) {
            row.put(StatementColumn.EXPOSED, shown.stream().map(StatementEvent.MaskedColumn::column).toList());
            row.put(StatementColumn.EXPOSED_RULES, shown.stream().map(StatementEvent.MaskedColumn::rule).toList());
            row.put(StatementColumn.EXEMPTIONS, shown.stream().map(column -> String.valueOf(column.exemption())).toList());
        }
    }

    /** {@code table} as the statement wrote it and, when it was qualified, {@code schema.table} too: both find the statement. */
    private static List<String> relations(List<StatementEvent.RelationAccess> accesses) {
        return accesses.stream()
                .flatMap(access -> access.schema() == null
                        ? Stream.of(access.name())
                        : Stream.of(access.name(), access.schema() + "." + access.name()))
                .distinct()
                .sorted()
                .toList();
    }

    /** Each column alone, with its table, and with the schema too where the statement wrote it: all of them find the statement. */
    private static List<String> columns(List<StatementEvent.RelationAccess> accesses) {
        return accesses.stream()
                .flatMap(access -> access.columns() == null ? Stream.<String>empty() : access.columns().stream().flatMap(column -> spellings(access, column)))
                .distinct()
                .sorted()
                .toList();
    }

    private static Stream<String> spellings(StatementEvent.RelationAccess access, String column) {
        return Stream.of(
                        column.equals("*") ? "" : column,
                        access.name() + "." + column,
                        access.schema() == null ? "" : access.schema() + "." + access.name() + "." + column)
                .filter(spelling -> !spelling.isEmpty());
    }

    /** Who the verdict names, for searching; whether the verdict is genuine is for verification to say. */
    private static List<String> approvers(String verdict) {
        try {
            Map<String, Object> claims = JWSObject.parse(verdict).getPayload().toJSONObject();
            return claims != null && claims.get("approvers") instanceof Collection<?> names ? names.stream().map(String::valueOf).toList() : List.of();
        } catch (ParseException _) {
            return List.of();
        }
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}

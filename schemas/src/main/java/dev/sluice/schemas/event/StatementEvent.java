// SPDX-License-Identifier: Apache-2.0
package dev.sluice.schemas.event;

import dev.sluice.schemas.Principal;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What happens to one statement. {@code statementId} ties the events of one execution together. */
public sealed interface StatementEvent extends DomainEvent {
    String statementId();

    /** How the statement came: simple Query, extended query (Parse alone, or Execute), or FunctionCall. */
    enum Protocol { SIMPLE, PARSE, EXECUTE, FUNCTION_CALL }

    /** The machine's answer. */
    enum Outcome { ALLOW, DENY, HOLD }

    /**
     * A bound parameter.
     *
     * @param type OID of its type, 0 where the server infers it
     * @param format {@code text}, {@code binary}, or {@code text-base64}: sent as text, but its bytes are not UTF-8
     * @param value the text, or base64 of the bytes in the other formats; absent for NULL, and where it is in parts
     * @param parts where the value went that is too long for the record
     */
    record Parameter(int type, String format, @Nullable String value, @Nullable Parts parts) {
        /** A value that is in the record itself. */
        public Parameter(int type, String format, @Nullable String value) {
            this(type, format, value, null);
        }
    }

    /**
     * A text that is too long for one record: it is in the {@link StatementParted} events of its statement that come before the record.
     *
     * @param count how many parts; put together in the order of their numbers they are the text
     * @param bytes length of the whole text in UTF-8
     * @param digest SHA-256 (hex) of the whole text in UTF-8
     */
    record Parts(int count, long bytes, String digest) {}

    /**
     * What the recorded text does not show, because it looks like a secret. Nobody can find out by the digest what it was, but whoever sends another text
     * gets another digest.
     *
     * @param constants how many have been replaced
     * @param digest HMAC-SHA-256 (hex) over the requester and the text as it was sent, under a key that the gateways keep to themselves
     */
    record Hidden(int constants, String digest) {}

    /**
     * What a name stands for that the statement executes or fetches from, where the text itself does not say it.
     *
     * @param query of PREPARE or DECLARE, or as the client prepared it
     * @param parameterTypes OIDs of its parameters' types as the client gave them, 0 where the server infers it
     * @param parameters that a portal was bound with
     */
    record StandsFor(String name, String query, List<Long> parameterTypes, List<Parameter> parameters) {
        public StandsFor {
            parameterTypes = List.copyOf(parameterTypes);
            parameters = List.copyOf(parameters);
        }
    }

    /**
     * A relation as the statement names it ({@code schema} absent when unqualified) and what is done with it: read, insert, update, delete, …
     *
     * @param columns those that the statement names and that may be of it, {@code *} where it asks for all; absent where it names none
     */
    record RelationAccess(@Nullable String schema, String name, String access, @Nullable List<String> columns) {
        public RelationAccess {
            columns = columns == null ? null : List.copyOf(columns);
        }

        /** A relation of which no column is named. */
        public RelationAccess(@Nullable String schema, String name, String access) {
            this(schema, name, access, null);
        }
    }

    /** What was read out of the SQL, no opinion. */
    record Facts(
            List<String> kinds, List<String> effects, List<RelationAccess> relations, List<String> functions, boolean bounded, boolean understood) {
        public Facts {
            kinds = List.copyOf(kinds);
            effects = List.copyOf(effects);
            relations = List.copyOf(relations);
            functions = List.copyOf(functions);
        }
    }

    /**
     * A part of the query or of a parameter's value that is too long for the record of the decision, which follows.
     *
     * @param parameter place of the parameter, from 0; absent for a part of the query
     * @param number from 0, without gaps
     */
    record StatementParted(String statementId, @Nullable Long parameter, long number, String text) implements StatementEvent {}

    /**
     * A column that a mask of the policy names, in an answer.
     *
     * @param column {@code schema.table.column}; as the policy writes it, with wildcards, where the catalog was not known
     * @param rule the mask's name; several are joined by {@code ", "}
     * @param mask how it is masked: redact, partial, … Absent where the caller sees the values as they are
     * @param exemption why it is not masked: the policy's own condition, or that the policy only observes. Absent where it is masked
     */
    record MaskedColumn(String column, String rule, @Nullable String mask, @Nullable String exemption) {}

    /**
     * The decision: written before the statement reaches the database. {@code enforced} is false in observe mode.
     *
     * @param query as it is to be recorded; empty where it is in parts
     * @param queryDigest SHA-256 (hex) of the whole query as it is recorded, in parts or not
     * @param queryParts where the query went that is too long for the record
     * @param traceparent W3C Trace Context: what the statement's comment gave, else what the session was opened with
     * @param maskedColumns which of the columns that a mask of the policy names the answer may show, masked or not; absent where there are none
     * @param hidden what {@code query} (and {@code standsFor}) does not show; absent where it is as it was sent
     * @param standsFor of a statement that is to be held, what the names in it stand for; absent where its text says all that it runs
     */
    record StatementDecided(
            String statementId,
            Protocol protocol,
            String query,
            String queryDigest,
            List<Parameter> parameters,
            Facts facts,
            Outcome outcome,
            String rule,
            @Nullable String reason,
            boolean enforced,
            List<String> masks,
            String policyVersion,
            String transactionStatus,
            @Nullable Parts queryParts,
            @Nullable String traceparent,
            @Nullable List<MaskedColumn> maskedColumns,
            @Nullable Hidden hidden,
            @Nullable List<StandsFor> standsFor)
            implements StatementEvent {
        public StatementDecided {
            parameters = List.copyOf(parameters);
            masks = List.copyOf(masks);
            standsFor = standsFor == null ? null : List.copyOf(standsFor);
            maskedColumns = maskedColumns == null ? null : List.copyOf(maskedColumns);
        }

        /** The same decision as part of a trace. */
        public StatementDecided in(@Nullable String trace) {
            return new StatementDecided(
                    statementId, protocol, query, queryDigest, parameters, facts, outcome, rule, reason, enforced, masks, policyVersion, transactionStatus,
                    queryParts, trace, maskedColumns, hidden, standsFor);
        }

        /** A decision whose text is in the record, of no trace. */
        public StatementDecided(
                String statementId,
                Protocol protocol,
                String query,
                String queryDigest,
                List<Parameter> parameters,
                Facts facts,
                Outcome outcome,
                String rule,
                @Nullable String reason,
                boolean enforced,
                List<String> masks,
                String policyVersion,
                String transactionStatus) {
            this(
                    statementId, protocol, query, queryDigest, parameters, facts, outcome, rule, reason, enforced, masks, policyVersion,
                    transactionStatus, null, null, null, null, null);
        }
    }

    /** How the client waits for people: with its statement parked, or with a ticket and the statement sent again. */
    enum HoldMode { WAIT, RETURN }

    /** {@code count} distinct people of one group. */
    record GroupQuorum(String group, int count) {}

    /**
     * Parked until a human has answered. Self-contained: an approval needs nothing else.
     *
     * @param approverGroups groups whose members may vote; with {@code quorums}, the groups that these name
     * @param quorum how many distinct people have to approve in all
     * @param expiresAt the end of it; no later than the end of the requester's own credential, where that is known
     * @param quorums all of these have to be met, each by people who count for no other one; absent where anybody of the groups counts
     * @param autoApproveBelow rows: an estimate below it needs no human; absent where one is always needed
     * @param estimatedRows how many rows the planner expects the statement to touch; absent where nobody has asked it
     * @param role the role in force, after SET ROLE, as the server gave it; part of the digest
     * @param searchPath in force, as the server gave it; part of the digest
     * @param mode absent for {@link HoldMode#WAIT}. With {@link HoldMode#RETURN} the hold outlives its session, and a grant is for the same
     *     statement of the same requester in whichever session it comes again
     * @param policyVersion of the policy that holds it; part of the digest where it is given
     * @param catalogVersion what the objects that the statement names looked like; part of the digest where it is given
     * @param hidden what {@code query} (and {@code standsFor}) does not show; part of the digest where it is given
     * @param standsFor what the names in {@code query} stand for; part of the digest; absent where the text says all that it runs
     */
    record StatementHeld(
            String statementId,
            String approvalId,
            String sessionId,
            String statementDigest,
            String query,
            List<Parameter> parameters,
            Facts facts,
            String rule,
            @Nullable String reason,
            List<String> approverGroups,
            int quorum,
            Instant expiresAt,
            Principal requester,
            String target,
            String database,
            @Nullable String application,
            String clientAddress,
            boolean inTransaction,
            @Nullable List<GroupQuorum> quorums,
            @Nullable Long autoApproveBelow,
            @Nullable Long estimatedRows,
            @Nullable String role,
            @Nullable String searchPath,
            @Nullable HoldMode mode,
            @Nullable String policyVersion,
            @Nullable String catalogVersion,
            @Nullable Hidden hidden,
            @Nullable List<StandsFor> standsFor)
            implements StatementEvent {
        public StatementHeld {
            standsFor = standsFor == null ? null : List.copyOf(standsFor);
            parameters = List.copyOf(parameters);
            approverGroups = List.copyOf(approverGroups);
            quorums = quorums == null ? null : List.copyOf(quorums);
        }

        /** A hold for which its client waits, bound to no version of policy or catalog. */
        public StatementHeld(
                String statementId,
                String approvalId,
                String sessionId,
                String statementDigest,
                String query,
                List<Parameter> parameters,
                Facts facts,
                String rule,
                @Nullable String reason,
                List<String> approverGroups,
                int quorum,
                Instant expiresAt,
                Principal requester,
                String target,
                String database,
                @Nullable String application,
                String clientAddress,
                boolean inTransaction,
                @Nullable List<GroupQuorum> quorums,
                @Nullable Long autoApproveBelow,
                @Nullable Long estimatedRows,
                @Nullable String role,
                @Nullable String searchPath) {
            this(
                    statementId, approvalId, sessionId, statementDigest, query, parameters, facts, rule, reason, approverGroups, quorum,
                    expiresAt, requester, target, database, application, clientAddress, inTransaction, quorums, autoApproveBelow,
                    estimatedRows, role, searchPath, null, null, null, null, null);
        }

        /** A hold on which anybody of the groups counts and a human is always needed. */
        public StatementHeld(
                String statementId, String approvalId, String sessionId, String statementDigest, String query, List<Parameter> parameters,
                Facts facts, String rule, @Nullable String reason, List<String> approverGroups, int quorum, Instant expiresAt,
                Principal requester, String target, String database, @Nullable String application, String clientAddress,
                boolean inTransaction) {
            this(
                    statementId, approvalId, sessionId, statementDigest, query, parameters, facts, rule, reason, approverGroups, quorum,
                    expiresAt, requester, target, database, application, clientAddress, inTransaction, null, null, null, null, null);
        }

        /** The same hold with this digest of its statement. */
        public StatementHeld under(String digest) {
            return new StatementHeld(
                    statementId, approvalId, sessionId, digest, query, parameters, facts, rule, reason, approverGroups, quorum, expiresAt, requester, target,
                    database, application, clientAddress, inTransaction, quorums, autoApproveBelow, estimatedRows, role, searchPath, mode, policyVersion,
                    catalogVersion, hidden, standsFor);
        }

        /** Whether it outlives its session: its client has a ticket and comes again. */
        public boolean returns() {
            return mode == HoldMode.RETURN;
        }

        /** Whether its own terms let it go without a human. A statement that was not understood, or an estimate that makes no sense, takes one. */
        public boolean needsNoHuman() {
            return autoApproveBelow != null && estimatedRows != null && estimatedRows >= 0 && estimatedRows < autoApproveBelow && facts.understood();
        }
    }

    /**
     * A verified grant, whose JWS is {@code verdict}, let the held statement go.
     *
     * @param ticket the hold that the grant was for, where the statement was held before, perhaps in another session, and has been sent again
     */
    record StatementReleased(String statementId, String approvalId, String verdict, @Nullable StatementHeld ticket) implements StatementEvent {
        /** The client has waited. */
        public StatementReleased(String statementId, String approvalId, String verdict) {
            this(statementId, approvalId, verdict, null);
        }
    }

    /**
     * A verdict for this statement let nothing go: forged, expired, for another session, statement or text, by too few people, void because something has
     * changed, or come when the hold or ticket had ended. A hold that is open stays so, unless this was its own grant and is void. Who can write to the verdict
     * topic could send any number of them: from one held statement of a session to the next no more than 100 are recorded.
     *
     * @param verdictEventId id of the event that brought it
     * @param verdictDigest SHA-256 (hex) of the grant's text in UTF-8
     * @param reason what is wrong with it
     */
    record GrantRejected(String statementId, String approvalId, String verdictEventId, String verdictDigest, String reason) implements StatementEvent {}

    /** The held statement was refused: by people, by expiry, or because its verdict did not verify. */
    record StatementRefused(String statementId, String approvalId, String sqlState, String reason) implements StatementEvent {}

    /** The requester took the held statement back: cancel, disconnect or drain. */
    record StatementWithdrawn(String statementId, String approvalId, String reason) implements StatementEvent {}

    /**
     * Where the time of a statement went, in microseconds.
     *
     * @param queuedMicros from its arrival until what came before it let it be looked at
     * @param analysisMicros reading, resolving and judging it
     * @param heldMicros waiting for people
     * @param recordingMicros until Kafka had its decision, or its release; where reads overlap with their record, within the server's time
     * @param serverMicros from sending it until the server's answer was complete; in a pipeline, the statements before it included
     * @param totalMicros from its arrival until the server's answer was complete
     */
    record Timing(long queuedMicros, long analysisMicros, long heldMicros, long recordingMicros, long serverMicros, long totalMicros) {}

    /**
     * What of an answer was recorded by {@link ResultEvent.ResultRecorded}.
     *
     * @param bytes of the answer, before base64
     * @param digest SHA-256 (hex) over these bytes, as in the last chunk
     * @param whole whether it is all that the client received: then {@code digest} is that of the answer
     */
    record RecordedResult(long chunks, long rows, long bytes, String digest, boolean whole) {}

    /**
     * The statement has ended.
     *
     * @param commandTags one per SQL statement that completed, as the server gave them
     * @param sqlState absent on success
     * @param bytes bytes of the answer that the client received
     * @param digest SHA-256 (hex) over those bytes, message by message as delivered, ErrorResponse and CommandComplete included
     * @param copiedInBytes bytes of COPY data that the client sent to the statement; absent when it sent none
     * @param copiedInDigest SHA-256 (hex) over those bytes, wherever CopyData messages cut them: equal to that of the file that was loaded
     * @param timing absent in records of gateways that did not measure it
     * @param results absent where the policy asks for no record of the answer
     * @param detections what content detectors found in the answer; absent where they found nothing
     */
    record StatementCompleted(
            String statementId,
            List<String> commandTags,
            @Nullable String sqlState,
            long rows,
            long bytes,
            String digest,
            long durationMicros,
            String transactionStatus,
            @Nullable Long copiedInBytes,
            @Nullable String copiedInDigest,
            @Nullable Timing timing,
            @Nullable RecordedResult results,
            @Nullable List<Detection> detections)
            implements StatementEvent {
        public StatementCompleted {
            commandTags = List.copyOf(commandTags);
            detections = detections == null ? null : List.copyOf(detections);
        }

        /** An end of which no times are known and whose answer is not recorded. */
        public StatementCompleted(
                String statementId,
                List<String> commandTags,
                @Nullable String sqlState,
                long rows,
                long bytes,
                String digest,
                long durationMicros,
                String transactionStatus,
                @Nullable Long copiedInBytes,
                @Nullable String copiedInDigest) {
            this(statementId, commandTags, sqlState, rows, bytes, digest, durationMicros, transactionStatus, copiedInBytes, copiedInDigest, null, null, null);
        }
    }
}

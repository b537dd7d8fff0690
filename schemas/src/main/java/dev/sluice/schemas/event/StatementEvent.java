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
     * @param value the text, or base64 of the bytes in the other formats; absent for NULL
     */
    record Parameter(int type, String format, @Nullable String value) {}

    /** A relation as the statement names it ({@code schema} absent when unqualified) and what is done with it: read, insert, update, delete, … */
    record RelationAccess(@Nullable String schema, String name, String access) {}

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

    /** The decision: written before the statement reaches the database. {@code enforced} is false in observe mode. */
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
            String transactionStatus)
            implements StatementEvent {
        public StatementDecided {
            parameters = List.copyOf(parameters);
            masks = List.copyOf(masks);
        }
    }

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
            @Nullable String searchPath)
            implements StatementEvent {
        public StatementHeld {
            parameters = List.copyOf(parameters);
            approverGroups = List.copyOf(approverGroups);
            quorums = quorums == null ? null : List.copyOf(quorums);
        }

        /** A hold on which anybody of the groups counts and a human is always needed. */
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
                boolean inTransaction) {
            this(
                    statementId,
                    approvalId,
                    sessionId,
                    statementDigest,
                    query,
                    parameters,
                    facts,
                    rule,
                    reason,
                    approverGroups,
                    quorum,
                    expiresAt,
                    requester,
                    target,
                    database,
                    application,
                    clientAddress,
                    inTransaction,
                    null,
                    null,
                    null,
                    null,
                    null);
        }

        /** Whether its own terms let it go without a human. A statement that was not understood, or an estimate that makes no sense, takes one. */
        public boolean needsNoHuman() {
            return autoApproveBelow != null && estimatedRows != null && estimatedRows >= 0 && estimatedRows < autoApproveBelow && facts.understood();
        }
    }

    /** A verified grant let the held statement go. {@code verdict} is the JWS that allowed it. */
    record StatementReleased(String statementId, String approvalId, String verdict) implements StatementEvent {}

    /**
     * Somebody sent a grant for this hold that is not valid: forged, expired, for another session, statement or text, or by too few people. The
     * hold stays open. Who can write to the verdict topic could send any number of them: of one hold no more than 100 are recorded.
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
     * The statement has ended.
     *
     * @param commandTags one per SQL statement that completed, as the server gave them
     * @param sqlState absent on success
     * @param bytes bytes of the answer that the client received
     * @param digest SHA-256 (hex) over those bytes, message by message as delivered, ErrorResponse and CommandComplete included
     * @param copiedInBytes bytes of COPY data that the client sent to the statement; absent when it sent none
     * @param copiedInDigest SHA-256 (hex) over those bytes, wherever CopyData messages cut them: equal to that of the file that was loaded
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
            @Nullable String copiedInDigest)
            implements StatementEvent {
        public StatementCompleted {
            commandTags = List.copyOf(commandTags);
        }
    }
}

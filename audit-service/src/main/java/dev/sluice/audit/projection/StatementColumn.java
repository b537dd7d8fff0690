// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.projection;

/** The columns of the table {@code statements}. The first value of a column stays. */
public enum StatementColumn implements Column {
    SESSION_ID(Kind.TEXT),
    STATEMENT_ID(Kind.TEXT),
    DAY(Kind.DATE),
    STARTED_AT(Kind.TIMESTAMPTZ),
    ORDINAL(Kind.BIGINT),
    PRINCIPAL(Kind.TEXT),
    TARGET(Kind.TEXT),
    PROTOCOL(Kind.TEXT),
    QUERY(Kind.TEXT),
    QUERY_DIGEST(Kind.TEXT),
    KINDS(Kind.TEXT_ARRAY),
    EFFECTS(Kind.TEXT_ARRAY),
    RELATIONS(Kind.TEXT_ARRAY),
    FUNCTIONS(Kind.TEXT_ARRAY),
    BOUNDED(Kind.BOOLEAN),
    OUTCOME(Kind.TEXT),
    RULE(Kind.TEXT),
    REASON(Kind.TEXT),
    ENFORCED(Kind.BOOLEAN),
    MASKS(Kind.TEXT_ARRAY),
    POLICY_VERSION(Kind.TEXT),
    DECIDED_AT(Kind.TIMESTAMPTZ),
    APPROVAL_ID(Kind.TEXT),
    STATEMENT_DIGEST(Kind.TEXT),
    APPROVER_GROUPS(Kind.TEXT_ARRAY),
    QUORUM(Kind.INTEGER),
    HELD_AT(Kind.TIMESTAMPTZ),
    HOLD_EXPIRES_AT(Kind.TIMESTAMPTZ),
    RELEASED_AT(Kind.TIMESTAMPTZ),
    APPROVERS(Kind.TEXT_ARRAY),
    REFUSED_AT(Kind.TIMESTAMPTZ),
    REFUSAL_SQLSTATE(Kind.TEXT),
    REFUSAL_REASON(Kind.TEXT),
    WITHDRAWN_AT(Kind.TIMESTAMPTZ),
    WITHDRAWAL_REASON(Kind.TEXT),
    COMPLETED_AT(Kind.TIMESTAMPTZ),
    COMMAND_TAGS(Kind.TEXT_ARRAY),
    SQLSTATE(Kind.TEXT),
    ROW_COUNT(Kind.BIGINT),
    BYTE_COUNT(Kind.BIGINT),
    ANSWER_DIGEST(Kind.TEXT),
    DURATION_MICROS(Kind.BIGINT),
    TRACE_ID(Kind.TEXT),
    QUEUED_MICROS(Kind.BIGINT),
    ANALYSIS_MICROS(Kind.BIGINT),
    HELD_MICROS(Kind.BIGINT),
    RECORDING_MICROS(Kind.BIGINT),
    SERVER_MICROS(Kind.BIGINT),
    TOTAL_MICROS(Kind.BIGINT),
    RESULT_CHUNKS(Kind.BIGINT),
    RESULT_ROWS(Kind.BIGINT),
    RESULT_BYTES(Kind.BIGINT),
    RESULT_DIGEST(Kind.TEXT),
    RESULT_WHOLE(Kind.BOOLEAN),
    MASK_RULES(Kind.TEXT_ARRAY),
    EXPOSED(Kind.TEXT_ARRAY),
    EXPOSED_RULES(Kind.TEXT_ARRAY),
    EXEMPTIONS(Kind.TEXT_ARRAY),
    COLUMNS(Kind.TEXT_ARRAY),
    DENIED_BY(Kind.TEXT_ARRAY);

    private final Kind kind;

    StatementColumn(Kind kind) {
        this.kind = kind;
    }

    @Override
    public Kind kind() {
        return kind;
    }
}

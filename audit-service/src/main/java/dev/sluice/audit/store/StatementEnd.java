// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.store;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What became of a statement: what reports count, and what the filter {@code end} finds. One statement may have had several. */
public enum StatementEnd {
    /** Released on a grant that people gave. */
    APPROVED("released_at IS NOT NULL AND cardinality(approvers) > 0"),
    /** Released on a grant that names nobody, because its estimate was below the rule's limit. */
    AUTO_APPROVED("released_at IS NOT NULL AND coalesce(cardinality(approvers), 0) = 0"),
    /** Rejected by one of the approvers, also where its client was to come again. */
    REJECTED(Sql.STOPPED + " AND (" + Sql.REFUSED + " LIKE 'rejected by %' OR " + Sql.REFUSED_TICKET + " LIKE 'ticket-%: rejected by %')"),
    /** Nobody has answered in time. */
    EXPIRED(Sql.STOPPED + " AND (" + Sql.REFUSED + " = '" + Sql.TOO_LATE + "' OR " + Sql.REFUSED_TICKET + " LIKE 'ticket-%: " + Sql.TOO_LATE + "')"),
    /** Refused after it was held for another reason than these two: its approval was void, or the event log was away. */
    VOID(Sql.STOPPED + " AND ((" + Sql.REFUSED + " <> '" + Sql.TOO_LATE + "' AND " + Sql.REFUSED + " NOT LIKE 'rejected by %')"
            + " OR (" + Sql.REFUSED_TICKET + " LIKE 'ticket-%: %' AND " + Sql.REFUSED_TICKET + " NOT LIKE 'ticket-%: rejected by %' AND "
            + Sql.REFUSED_TICKET + " NOT LIKE 'ticket-%: " + Sql.TOO_LATE + "'))"),
    /** Sent away with a ticket, to come again once it is approved. */
    WAITING("outcome = 'deny' AND " + Sql.REFUSED_TICKET + " LIKE 'waits for ticket-%'"),
    /** Taken back by its requester. */
    WITHDRAWN("withdrawn_at IS NOT NULL"),
    /** Denied by a rule of the policy. */
    DENIED("outcome = 'deny' AND coalesce(reason, '') NOT LIKE 'ticket-%: %' AND coalesce(reason, '') NOT LIKE 'waits for ticket-%'"),
    /** Allowed by the policy, without asking anybody. */
    ALLOWED("outcome = 'allow'"),
    /** It ran, and a content detector has denied its answer. */
    DETECTED("cardinality(denied_by) > 0"),
    /** Denied, rejected, expired, void, or kept back by a detector. */
    STOPPED("(outcome = 'deny' OR refused_at IS NOT NULL OR cardinality(denied_by) > 0)"),
    /** It was executed and has ended without an error of the server, or a part of it was committed before the error. */
    RAN(Sql.RAN),
    /** It ran, and nobody had approved it. */
    RAN_UNAPPROVED(Sql.RAN + " AND " + Sql.UNAPPROVED),
    /** It was let through and nothing says whether it ran: it still runs, its gateway died, or its connection ended before the answer. */
    END_UNKNOWN(Sql.END_UNKNOWN);

    /** In SQL, what holds of all that came to an end of which there are few: an index has those, and each of their conditions says so in its words. */
    static final String NOTABLE = "outcome <> 'allow' OR released_at IS NOT NULL OR refused_at IS NOT NULL OR withdrawn_at IS NOT NULL"
            + " OR cardinality(denied_by) > 0 OR completed_at IS NULL OR sqlstate = '08006'";

    private final String condition;

    StatementEnd(String condition) {
        this.condition = condition;
    }

    /** Pieces of conditions. The words are those in which the approval-service and the gateway record a refusal. */
    private static final class Sql {
        /** For the index's sake alone: what comes behind it says the same. */
        private static final String STOPPED = "(refused_at IS NOT NULL OR outcome = 'deny')";
        private static final String REFUSED = "(CASE WHEN refused_at IS NOT NULL THEN coalesce(refusal_reason, '') END)";
        private static final String REFUSED_TICKET = "(CASE WHEN outcome = 'deny' THEN coalesce(reason, '') END)";
        private static final String TOO_LATE = "nobody approved it in time";
        private static final String UNAPPROVED = "(released_at IS NULL OR coalesce(cardinality(approvers), 0) = 0)";
        /** An answer that a detector denied has an error that the server knows nothing of, and no later error takes back what was committed. */
        private static final String DONE = "(sqlstate IS NULL OR cardinality(denied_by) > 0 OR command_tags && ARRAY['COMMIT', 'COMMIT PREPARED', 'PREPARE TRANSACTION'])";
        private static final String RAN = "protocol <> 'parse' AND completed_at IS NOT NULL AND " + DONE + " AND refused_at IS NULL";
        private static final String END_UNKNOWN = "protocol <> 'parse' AND refused_at IS NULL AND withdrawn_at IS NULL"
                + " AND (outcome = 'allow' OR released_at IS NOT NULL OR NOT enforced)"
                + " AND (completed_at IS NULL OR (sqlstate = '08006' AND " + DONE + " IS NOT TRUE))";
    }

    /** In SQL, over the columns of {@code statements}; true or not, and in a filter unknown is not. */
    String condition() {
        return condition;
    }

    /** As it is written in a request: {@code auto-approved}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The one that is written so. */
    public static Optional<StatementEnd> of(String word) {
        return Arrays.stream(values()).filter(end -> end.word().equals(word)).findFirst();
    }

    /** All words. */
    public static List<String> words() {
        return Arrays.stream(values()).map(StatementEnd::word).toList();
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.verify;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Something that the evidence does not bear out.
 *
 * @param sessionId absent where no session could be told
 * @param sequence where in the session's chain, -1 where none could be told
 * @param line the record among those that were given, from 1; 0 for what is missing at the end
 * @param message one sentence for an auditor, without values from the record's data
 */
public record Finding(Kind kind, @Nullable String sessionId, long sequence, long line, String message) {
    /** What is wrong. */
    public enum Kind {
        /** A record is not an event. */
        UNREADABLE,
        /** An event of a type that this version does not know: its place in the chain is checked, its meaning is not. */
        UNKNOWN_TYPE,
        /** A record that does not belong to the chain of the session. */
        FOREIGN,
        /** Sequence numbers are missing. */
        GAP,
        /** A record does not name the one before it: one of the two was changed. */
        BROKEN_LINK,
        /** A sequence number is there twice, with different bytes. The same bytes twice are a repeated delivery and no finding. */
        DUPLICATE,
        /** A record comes after one with a higher sequence. */
        REORDERED,
        /** A record after session.closed. */
        AFTER_END,
        /** The records stop before the end that is known. */
        TRUNCATED,
        /** A session that another witness knows is not there at all. */
        MISSING,
        /** The last record that another witness knows of the session is another one by now: somebody has written the session anew. */
        REWRITTEN,
        /** A checkpoint or session.closed disagrees with the records that it seals. */
        CHECKPOINT_MISMATCH,
        /** A signature of the gateway does not verify. */
        BAD_SIGNATURE,
        /** A signature cannot be checked, since no key was given for it. */
        UNCHECKED_SIGNATURE,
        /** A statement was decided more than once. */
        DECIDED_AGAIN,
        /** The parts of a long text are not the whole that its decision names. */
        PARTS_CHANGED,
        /** Recorded rows are not those that the client received, or some of them are missing. */
        RESULT_CHANGED,
        /** A statement was held without having been decided so, or while already held. */
        UNEXPECTED_HOLD,
        /** A hold has no end although its session has one. */
        HOLD_WITHOUT_END,
        /** A release, refusal or withdrawal of what was not held, or a second one. */
        END_WITHOUT_HOLD,
        /** A statement was released on a grant that does not verify or is not for it. */
        BAD_GRANT,
        /** A refusal or an expiry is not one that the approval-service signed for this hold. */
        BAD_REFUSAL,
        /** People were asked about another statement than the one that was held, or on other terms. */
        ASKED_ANOTHER,
        /** One approval has let two statements run. */
        GRANT_USED_AGAIN,
        /** A record of an approval is not the one that the approval-service signed, or one was removed, added or moved. */
        APPROVAL_CHANGED,
        /** A record of what auditors did is not one that the audit-service signed, or one of its journal is missing, added or moved. */
        JOURNAL_CHANGED,
        /** A statement that had to be held has completed without having been released. */
        RAN_WITHOUT_GRANT,
        /** A statement that was denied has completed without an error. */
        RAN_THOUGH_DENIED,
        /** A statement has completed that was never decided. */
        COMPLETED_UNDECIDED,
        /** A statement that changes or removes without bound has run, and nobody was asked. Only where that is demanded. */
        DESTRUCTIVE_UNAPPROVED,
        /** A statement that changes or removes without bound was let through, nobody was asked, and no record says whether it has run. Only where that is demanded. */
        END_UNKNOWN,
        /** A gateway has seen a session of its login that did not come through it: nothing of that session is on record. */
        BYPASSED,
        /** A file of an evidence bundle is not the one that its manifest names. */
        BUNDLE_CHANGED;

        /** As it is written for people and in JSON: {@code broken-link}. */
        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.schemas.chain;

/**
 * Something wrong with a session's chain.
 *
 * @param position where in the records that were given, from 0; the number of records for what is missing at the end
 * @param sequence the sequence at which it was noticed, -1 where none could be read
 * @param message one sentence for an auditor
 */
public record Finding(Kind kind, int position, long sequence, String message) {
    /** What is wrong. */
    public enum Kind {
        /** One or more sequence numbers are missing. */
        GAP,
        /** A sequence number is there twice, with different bytes. */
        DUPLICATE,
        /** A record's {@code previoushash} is not the hash of the record before it: one of the two was changed. */
        BROKEN_LINK,
        /** A record comes after one with a higher sequence. */
        REORDERED,
        /** The chain has no session.closed at its end. True of a session that still runs, or of one whose gateway died. */
        OPEN_END,
        /** A signed checkpoint or session.closed disagrees with the records before it. */
        CHECKPOINT_MISMATCH,
        /** A signature does not verify, or its key is not known. */
        BAD_SIGNATURE,
        /** A record is not an event of this session. */
        FOREIGN,
        /** A record could not be read. */
        UNREADABLE,
        /** Records follow session.closed. */
        AFTER_END
    }
}

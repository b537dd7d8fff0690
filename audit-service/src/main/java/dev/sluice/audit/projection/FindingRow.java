// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.projection;

import org.jspecify.annotations.Nullable;

/**
 * Something that an auditor must know about a record, noticed when it came in.
 *
 * @param kind one word per cause, see {@link Kind}
 * @param detail one sentence, without values from the record's data
 */
public record FindingRow(RawRecord record, Kind kind, @Nullable String sessionId, @Nullable Long sequence, String detail) {
    /** What was noticed. */
    public enum Kind {
        /** The record is not an event. */
        UNREADABLE,
        /** An event of a type that this version does not know; its bytes are kept. */
        UNKNOWN_TYPE,
        /** The record's key is not the event's subject. */
        FOREIGN_KEY,
        /** A session's event without sequence or previous hash. */
        UNCHAINED,
        /** Sequence numbers are missing before this record. */
        GAP,
        /** The record before this one is not the one it names. */
        BROKEN_LINK,
        /** The same record again, byte for byte. */
        DUPLICATE,
        /** A sequence number that is not above the last one: repeated, reordered or forged. */
        OUT_OF_ORDER,
        /** A record after session.closed. */
        AFTER_END,
        /** The server has a session of the gateway's login that did not come through the gateway. */
        BYPASSED,
        /** A legal hold placed or lifted, or an access, by a record that no known key of the audit-service has signed. */
        UNPROVEN,
        /** Records that the broker had already deleted when they were to be read. */
        LOST_RECORDS,
        /** The broker ends before what was read from it: records were removed from its end, or the topic was made anew. */
        REWOUND,
        /** More records than {@code kafka.readyLag} waited to be read: what was asked for then was not of the latest. */
        LAGGING;

        /** As the REST interface and the table write it: {@code broken-link}. */
        public String word() {
            return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
        }
    }
}

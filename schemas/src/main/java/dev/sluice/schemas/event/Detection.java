// SPDX-License-Identifier: Apache-2.0
package dev.sluice.schemas.event;

/**
 * How often one content detector found something in one column of a statement's answer. The values themselves are in no record.
 *
 * @param detector its name in the policy
 * @param column name of the column in the result; empty for errors, notices, and COPY whose columns are not known
 * @param action what became of the matches
 */
public record Detection(String detector, String column, long count, Action action) {
    /** What becomes of what a content detector finds. */
    public enum Action {
        /** It was shown. */
        ALERT,
        /** It was overwritten. */
        MASK,
        /** The statement ended with an error. */
        DENY
    }
}

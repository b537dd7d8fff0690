// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.policy;

/**
 * How much of an answer is kept: rows are, as long as fewer than {@code rows} have been, or fewer than {@code bytes} bytes of rows.
 *
 * @param rows 0 where rows alone keep nothing
 * @param bytes 0 where bytes alone keep nothing
 */
public record ResultLimit(long rows, long bytes) {
    /** Nothing is kept. */
    public static final ResultLimit NONE = new ResultLimit(0, 0);

    /** Everything is. */
    public static final ResultLimit ALL = new ResultLimit(Long.MAX_VALUE, Long.MAX_VALUE);

    public boolean isNone() {
        return rows == 0 && bytes == 0;
    }

    /** What both keep together. */
    ResultLimit and(ResultLimit other) {
        return new ResultLimit(Math.max(rows, other.rows), Math.max(bytes, other.bytes));
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.detection;

/**
 * How COPY TO writes its rows, as far as it tells where a value ends.
 *
 * @param delimiter between values; 0 where it is not known, and a row is one value
 * @param quote around values in CSV; 0 in the text format, where a backslash escapes
 * @param escape before a quote within quotes
 */
public record CopyLayout(boolean binary, byte delimiter, byte quote, byte escape) {
    /** Rows in the binary format. */
    public static final CopyLayout BINARY = new CopyLayout(true, (byte) 0, (byte) 0, (byte) 0);

    /** Rows of text of which no more is known. */
    public static final CopyLayout LINES = new CopyLayout(false, (byte) 0, (byte) 0, (byte) 0);
}

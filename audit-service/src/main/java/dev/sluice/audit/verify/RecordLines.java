// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.verify;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.function.Consumer;

/** Reads a stream of lines, each a record as {@link EvidenceFile} lays it out. Empty lines are passed over. */
public final class RecordLines {
    private static final int MAX_RECORD_BYTES = 64 * 1024 * 1024;
    private static final int BUFFER = 1 << 17;

    private RecordLines() {}

    /**
     * Hands every record to {@code records}, the last one also without a line feed behind it.
     *
     * @throws IOException also when a line is longer than 64 MiB
     */
    public static void read(InputStream input, Consumer<byte[]> records) throws IOException {
        byte[] buffer = new byte[BUFFER];
        int filled = 0;
        for (int count = input.read(buffer); count >= 0; count = input.read(buffer, filled, buffer.length - filled)) {
            int searched = filled;
            filled += count;
            int start = 0;
            for (int i = searched; i < filled; i++) {
                if (buffer[i] == '\n') {
                    take(buffer, start, i, records);
                    start = i + 1;
                }
            }
            if (start > 0) {
                System.arraycopy(buffer, start, buffer, 0, filled - start);
                filled -= start;
            }
            if (filled == buffer.length) {
                if (filled >= MAX_RECORD_BYTES) {
                    throw new IOException("a line is longer than " + MAX_RECORD_BYTES + " bytes");
                }
                buffer = Arrays.copyOf(buffer, buffer.length * 2);
            }
        }
        take(buffer, 0, filled, records);
    }

    private static void take(byte[] buffer, int start, int end, Consumer<byte[]> records) {
        if (end > start) {
            records.accept(EvidenceFile.record(Arrays.copyOfRange(buffer, start, end)));
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.schemas.event;

import java.io.OutputStream;
import java.util.Arrays;

/** Takes what a generator has gathered: nearly always a whole record at once, which is copied once and to its size. */
final class RecordBytes extends OutputStream {
    private byte[] bytes = {};
    private int length;

    @Override
    public void write(int value) {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] source, int from, int count) {
        if (length == 0) {
            bytes = Arrays.copyOfRange(source, from, from + count);
        } else {
            if (bytes.length - length < count) {
                bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + count));
            }
            System.arraycopy(source, from, bytes, length, count);
        }
        length += count;
    }

    byte[] toByteArray() {
        return length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.wire;

/** The bound that a reader puts on a length field. */
final class FrameLimit {
    private FrameLimit() {}

    static int checked(int maxMessageBytes) {
        if (maxMessageBytes < 4 || maxMessageBytes == Integer.MAX_VALUE) {
            throw new IllegalArgumentException("a message limit must be between 4 and 2147483646 bytes, not " + maxMessageBytes);
        }
        return maxMessageBytes;
    }
}

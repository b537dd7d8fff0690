// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.wire;

import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a client may send before it is a session. These packets have no tag byte, so they have a reader of their own. */
public sealed interface StartupPacket {
    /** Asks for TLS; answered with one byte, S or N. */
    record SslRequest() implements StartupPacket {}

    /** Asks for GSSAPI encryption; answered with one byte, G or N. */
    record GssEncRequest() implements StartupPacket {}

    /**
     * Asks to cancel what another session is running.
     *
     * @param secretKey 4 to 256 bytes; exactly 4 in protocol 3.0
     */
    record CancelRequest(int processId, byte[] secretKey) implements StartupPacket {
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof CancelRequest that && processId == that.processId && Arrays.equals(secretKey, that.secretKey);
        }

        @Override
        public int hashCode() {
            return 31 * processId + Arrays.hashCode(secretKey);
        }

        /** Never shows the key. */
        @Override
        public String toString() {
            return "CancelRequest[processId=" + processId + ", secretKey=***]";
        }
    }

    /**
     * Opens a session.
     *
     * @param major 3, or a version that the caller must refuse with 0A000: the parameters are then empty, since their layout is not known
     * @param minor 0, 2, or one that is to be negotiated down
     * @param parameters in the order received; of a name sent twice the last value counts, as in PostgreSQL
     */
    record StartupMessage(int major, int minor, Map<String, String> parameters) implements StartupPacket {}
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.wire;

import org.jspecify.annotations.Nullable;

/** The state that ReadyForQuery reports. */
public enum TransactionStatus {
    /** Not in a transaction block. */
    IDLE('I'),
    /** In a transaction block. */
    IN_TRANSACTION('T'),
    /** In a transaction block that has failed: everything but its end is rejected. */
    FAILED('E');

    private final char code;

    TransactionStatus(char code) {
        this.code = code;
    }

    /** The byte on the wire. */
    public char code() {
        return code;
    }

    static @Nullable TransactionStatus fromCode(byte code) {
        for (TransactionStatus status : values()) {
            if (status.code == code) {
                return status;
            }
        }
        return null;
    }
}

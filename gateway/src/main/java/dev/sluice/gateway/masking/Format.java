// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.masking;

/** How a value's bytes are written: a type's output function, or its send function. */
enum Format {
    TEXT,
    BINARY;

    /** The format of a code in RowDescription, Bind and CopyOutResponse. */
    static Format of(int code) {
        return switch (code) {
            case 0 -> TEXT;
            case 1 -> BINARY;
            default -> throw new MaskingFailed("a column has the unknown format " + code);
        };
    }
}

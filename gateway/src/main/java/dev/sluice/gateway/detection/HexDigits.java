// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.detection;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;

/** The hexadecimal form of bytea, digit by digit. */
final class HexDigits {
    private static final byte[] DIGITS = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private HexDigits() {}

    static int value(byte digit) {
        int value = Character.digit(digit, 16);
        if (value < 0) {
            throw new SearchFailed("a bytea value is not written in hexadecimal digits");
        }
        return value;
    }

    static void append(byte[] bytes, int length, Buffer out) {
        byte[] digits = new byte[2 * length];
        for (int i = 0; i < length; i++) {
            digits[2 * i] = DIGITS[bytes[i] >> 4 & 0xF];
            digits[2 * i + 1] = DIGITS[bytes[i] & 0xF];
        }
        out.appendBytes(digits);
    }
}

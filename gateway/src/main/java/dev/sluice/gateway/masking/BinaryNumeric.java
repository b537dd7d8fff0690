// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.masking;

import io.vertx.core.buffer.Buffer;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** numeric_send's layout: int16 digits, weight, sign and display scale, then digits to the base of 10,000 from the left. */
final class BinaryNumeric {
    private static final int HEADER = 8;
    private static final int POSITIVE = 0x0000;
    private static final int NEGATIVE = 0x4000;
    private static final int DISPLAY_SCALE = 0x3FFF;
    private static final int DECIMALS = 4;
    private static final BigInteger BASE = BigInteger.valueOf(10_000);
    private static final int MAX_GROUPS = 250;

    private BinaryNumeric() {}

    /** Null for NaN, the infinities, and more digits than anybody counts in. */
    static @Nullable BigDecimal decode(Buffer source, int offset, int length) {
        if (length < HEADER || length != HEADER + 2 * source.getUnsignedShort(offset)) {
            throw new MaskingFailed("a numeric value is not laid out as one");
        }
        int groups = source.getUnsignedShort(offset);
        int weight = source.getShort(offset + 2);
        int sign = source.getUnsignedShort(offset + 4);
        if (sign != POSITIVE && sign != NEGATIVE || groups > MAX_GROUPS || Math.abs(weight) > MAX_GROUPS) {
            return null;
        }
        BigInteger value = BigInteger.ZERO;
        for (int i = 0; i < groups; i++) {
            value = value.multiply(BASE).add(BigInteger.valueOf(source.getUnsignedShort(offset + HEADER + 2 * i)));
        }
        BigDecimal scaled = new BigDecimal(sign == NEGATIVE ? value.negate() : value, DECIMALS * (groups - 1 - weight));
        // As it is displayed: a value has one stand-in, in whichever format it is asked for.
        return scaled.setScale(source.getUnsignedShort(offset + 6) & DISPLAY_SCALE, RoundingMode.HALF_UP);
    }

    static byte[] encode(BigDecimal given) {
        BigDecimal value = given.scale() < 0 ? given.setScale(0) : given;
        int scale = value.scale();
        int fractions = (scale + DECIMALS - 1) / DECIMALS;
        BigInteger rest = value.setScale(fractions * DECIMALS).unscaledValue().abs();
        List<Short> digits = new ArrayList<>();
        while (rest.signum() != 0) {
            BigInteger[] parts = rest.divideAndRemainder(BASE);
            digits.add(parts[1].shortValue());
            rest = parts[0];
        }
        int weight = digits.size() - fractions - 1;
        Collections.reverse(digits);
        while (!digits.isEmpty() && digits.getLast() == 0) {
            digits.removeLast();
        }
        ByteBuffer bytes = ByteBuffer.allocate(HEADER + 2 * digits.size());
        bytes.putShort((short) digits.size());
        bytes.putShort((short) (digits.isEmpty() ? 0 : weight));
        bytes.putShort((short) (value.signum() < 0 ? NEGATIVE : POSITIVE));
        bytes.putShort((short) scale);
        digits.forEach(bytes::putShort);
        return bytes.array();
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.masking;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.function.UnaryOperator;

/** Masks on values that are characters. */
final class TextMasks {
    static final String HIDDEN = "****";

    private TextMasks() {}

    static CellMasker masker(ValueType type, UnaryOperator<String> mask) {
        return (source, offset, length) -> MaskTokens.utf8(fit(mask.apply(read(source, offset, length, type)), type));
    }

    /** char(n) comes padded with blanks that are no part of its value. */
    private static String read(Buffer source, int offset, int length, ValueType type) {
        String text = source.getString(offset, offset + length, StandardCharsets.UTF_8.name());
        return type.oid() == Oids.BPCHAR ? text.stripTrailing() : text;
    }

    /** The ends of a text around four asterisks. */
    static String partial(String text, Mask.Partial mask) {
        int length = text.codePointCount(0, text.length());
        int kept = mask.keepFirst() + mask.keepLast();
        if (kept * 2L > length) {
            return HIDDEN;
        }
        return text.substring(0, text.offsetByCodePoints(0, mask.keepFirst()))
                + HIDDEN
                + text.substring(text.offsetByCodePoints(text.length(), -mask.keepLast()));
    }

    /**
     * As long as the type allows. The ends of a text that had to be cut would be others than promised, but what is left out is never shown
     * in another place.
     */
    static String fit(String text, ValueType type) {
        int limit = type.limit();
        if (type.oid() == Oids.NAME) {
            return text.length() > 63 ? text.substring(0, 63) : text;
        }
        if (limit < 0) {
            return text;
        }
        int length = text.codePointCount(0, text.length());
        if (length > limit) {
            return text.substring(0, text.offsetByCodePoints(0, limit));
        }
        return type.oid() == Oids.BPCHAR ? text + " ".repeat(limit - length) : text;
    }
}

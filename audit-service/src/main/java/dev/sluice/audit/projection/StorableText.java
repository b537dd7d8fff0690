// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.projection;

import org.jspecify.annotations.Nullable;

/** Text as PostgreSQL can hold it. */
public final class StorableText {
    private StorableText() {}

    /** PostgreSQL's text holds neither NUL nor half of a surrogate pair; the raw record still does. */
    public static String of(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\0' || Character.isSurrogate(c)) {
                return clean(text);
            }
        }
        return text;
    }

    /** As {@link #of}; nothing stays nothing. */
    static @Nullable String ofNullable(@Nullable String text) {
        return text == null ? null : of(text);
    }

    private static String clean(String text) {
        StringBuilder clean = new StringBuilder(text.length());
        text.codePoints()
                .map(point -> point == 0 || (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE) ? 0xFFFD : point)
                .forEach(clean::appendCodePoint);
        return clean.toString();
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval.display;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Text with every character that the eye can miss or mistake written as a backslash, {@code u} and its hexadecimal number in braces.
 * Only ASCII and the letters of ISO 8859-1 are shown as they are. Everything else has members that show nothing, change the direction of
 * what follows, or pass for an ASCII letter or operator, so an approver reads it in the raw text beside this one.
 *
 * @param text never shortened
 * @param escapedCount how many characters were escaped
 * @param escapes the first {@link #LISTED} of them
 * @param notices what an approver should know about the text, a sentence each; empty where the escapes are ordinary text of another language
 */
public record VisibleText(String text, int escapedCount, List<Escape> escapes, List<String> notices) {
    /** How many escapes are listed one by one. */
    public static final int LISTED = 100;

    /**
     * One escaped character.
     *
     * @param offset in code points from the start of the original
     * @param codePoint {@code U+202E}
     * @param name Unicode's name of it, absent where it has none
     * @param kind in what it can mislead
     */
    public record Escape(int offset, String codePoint, @Nullable String name, Suspicion kind) {}

    public VisibleText {
        escapes = List.copyOf(escapes);
        notices = List.copyOf(notices);
    }

    /** The visible form of {@code original}. Two different originals never have the same one: a backslash that would read as the start of an escape is escaped too. */
    public static VisibleText of(String original) {
        var text = new StringBuilder(original.length() + 16);
        var escapes = new ArrayList<Escape>();
        var counts = new EnumMap<Suspicion, Integer>(Suspicion.class);
        int escapedCount = 0;
        int offset = 0;
        for (int index = 0; index < original.length(); offset++) {
            int codePoint = original.codePointAt(index);
            if (isPlain(codePoint)) {
                boolean looksLikeEscape = codePoint == '\\' && original.startsWith("u{", index + 1);
                text.append(looksLikeEscape ? "\\u{5C}" : Character.toString(codePoint));
            } else {
                text.append("\\u{").append(hex(codePoint)).append('}');
                escapedCount++;
                var kind = Suspicion.of(codePoint);
                counts.merge(kind, 1, Integer::sum);
                if (escapes.size() < LISTED) {
                    escapes.add(new Escape(offset, "U+" + "0".repeat(Math.max(0, 4 - hex(codePoint).length())) + hex(codePoint), Character.getName(codePoint), kind));
                }
            }
            index += Character.charCount(codePoint);
        }
        var notices = counts.entrySet().stream()
                .map(entry -> entry.getKey().notice(entry.getValue()))
                .filter(notice -> !notice.isEmpty())
                .toList();
        return new VisibleText(text.toString(), escapedCount, escapes, notices);
    }

    /** The same with one more sentence about it, before the others. */
    public VisibleText noting(String notice) {
        var all = new ArrayList<String>();
        all.add(notice);
        all.addAll(notices);
        return new VisibleText(text, escapedCount, escapes, all);
    }

    private static boolean isPlain(int codePoint) {
        if (codePoint < 0x80) {
            return codePoint >= ' ' && codePoint < 0x7F || codePoint == '\n' || codePoint == '\t';
        }
        return codePoint >= 0xC0 && codePoint <= 0xFF && Character.isLetter(codePoint);
    }

    private static String hex(int codePoint) {
        return Integer.toHexString(codePoint).toUpperCase(Locale.ROOT);
    }
}

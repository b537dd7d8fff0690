// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval.display;

import com.fasterxml.jackson.annotation.JsonValue;
import java.lang.Character.UnicodeScript;
import java.text.Normalizer;
import java.util.Locale;
import java.util.Set;

/** In what a character can mislead somebody who reads a statement. */
public enum Suspicion {
    /** Changes the direction in which the text around it is shown (Unicode Standard Annex 9, explicit directional formatting). */
    DIRECTION,
    /** Shows nothing, or only a gap. */
    INVISIBLE,
    /** Can be taken for an ASCII character (Unicode Technical Standard 39 calls them confusable): letters of scripts that share shapes with Latin, and what normalizes to ASCII. */
    LOOK_ALIKE,
    /** Is none of these: most often a letter of a language that is not written in Latin, or a picture. */
    OTHER;

    private static final Set<UnicodeScript> LIKE_LATIN = Set.of(
            UnicodeScript.CYRILLIC, UnicodeScript.GREEK, UnicodeScript.ARMENIAN, UnicodeScript.CHEROKEE, UnicodeScript.COPTIC, UnicodeScript.LISU, UnicodeScript.LATIN);

    static Suspicion of(int codePoint) {
        if ((codePoint >= 0x202A && codePoint <= 0x202E) || (codePoint >= 0x2066 && codePoint <= 0x2069) || codePoint == 0x200E || codePoint == 0x200F || codePoint == 0x061C) {
            return DIRECTION;
        }
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SPACE_SEPARATOR,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.NON_SPACING_MARK,
                    Character.ENCLOSING_MARK -> INVISIBLE;
            default -> looksLikeAscii(codePoint) ? LOOK_ALIKE : isBlank(codePoint) ? INVISIBLE : OTHER;
        };
    }

    /** Letters that are drawn as nothing, the Hangul fillers and the blank Braille pattern. */
    private static boolean isBlank(int codePoint) {
        return codePoint == 0x115F || codePoint == 0x1160 || codePoint == 0x3164 || codePoint == 0xFFA0 || codePoint == 0x2800;
    }

    private static boolean looksLikeAscii(int codePoint) {
        if (Character.isLetter(codePoint) && LIKE_LATIN.contains(UnicodeScript.of(codePoint)) && !isBlank(codePoint)) {
            return true;
        }
        var plain = Normalizer.normalize(Character.toString(codePoint), Normalizer.Form.NFKC);
        boolean normalizesToAscii = plain.chars().allMatch(unit -> unit < 0x80);
        return normalizesToAscii || switch (Character.getType(codePoint)) {
            case Character.DASH_PUNCTUATION,
                    Character.INITIAL_QUOTE_PUNCTUATION,
                    Character.FINAL_QUOTE_PUNCTUATION,
                    Character.OTHER_PUNCTUATION,
                    Character.MODIFIER_LETTER,
                    Character.MODIFIER_SYMBOL,
                    Character.MATH_SYMBOL -> true;
            default -> false;
        };
    }

    /** What an approver should know of {@code count} of them; empty if nothing. */
    String notice(int count) {
        var characters = count == 1 ? "1 character " : count + " characters ";
        return switch (this) {
            case DIRECTION -> characters + "would change the direction in which the text is shown.";
            case INVISIBLE -> characters + "cannot be seen.";
            case LOOK_ALIKE -> characters + "can be taken for others.";
            case OTHER -> "";
        };
    }

    @JsonValue
    String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}

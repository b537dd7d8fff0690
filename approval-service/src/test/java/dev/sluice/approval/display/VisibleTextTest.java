// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval.display;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class VisibleTextTest {
    @Test
    void whatIsPlainStaysAsItIs() {
        var text = "SELECT 'Stra\u00DFe', E'\\n', '\\u0041'\n\tFROM caf\u00E9";

        assertThat(VisibleText.of(text)).isEqualTo(new VisibleText(text, 0, List.of(), List.of()));
    }

    /** Zero width space, direction override, soft hyphen, Cyrillic a, full-width semicolon, no-break space, Hangul filler, combining mark, escape, mathematical letter. */
    @ParameterizedTest
    @ValueSource(ints = {0x200B, 0x202E, 0xAD, 0x430, 0xFF1B, 0xA0, 0x3164, 0x301, 0x1B, 0x1D41A, 0xD7, 0x85, 0x2028, 0xFEFF, 0xE0041, 0x0D, 0x7F})
    void whatTheEyeMissesOrMistakesIsEscaped(int codePoint) {
        var visible = VisibleText.of("a" + Character.toString(codePoint) + "b");

        assertThat(visible.text()).isEqualTo("a\\u{" + Integer.toHexString(codePoint).toUpperCase(Locale.ROOT) + "}b");
        assertThat(visible.escapes()).singleElement().satisfies(escape -> assertThat(escape.offset()).isEqualTo(1));
    }

    @Test
    void textThatLooksLikeAnEscapeIsToldFromOne() {
        assertThat(VisibleText.of("\\u{202E}").text()).isEqualTo("\\u{5C}u{202E}");
    }

    @Test
    void listsAHundredAndCountsAll() {
        var visible = VisibleText.of("\u200B".repeat(1_000));

        assertThat(visible.escapes()).hasSize(VisibleText.LISTED);
        assertThat(visible.escapedCount()).isEqualTo(1_000);
    }

    @Property(tries = 500)
    void nothingIsLostAndNothingIsHidden(@ForAll String text) {
        var visible = VisibleText.of(text).text();

        assertThat(visible.codePoints()).allMatch(codePoint ->
                codePoint >= ' ' && codePoint < 0x7F || codePoint == '\n' || codePoint == '\t' || codePoint >= 0xC0 && codePoint <= 0xFF);
        assertThat(read(visible)).isEqualTo(text);
    }

    /** The way back, written for this test alone. */
    private static String read(String visible) {
        var text = new StringBuilder();
        for (int index = 0; index < visible.length(); ) {
            if (visible.startsWith("\\u{", index)) {
                int end = visible.indexOf('}', index);
                text.appendCodePoint(Integer.parseInt(visible.substring(index + 3, end), 16));
                index = end + 1;
            } else {
                text.append(visible.charAt(index++));
            }
        }
        return text.toString();
    }

    @ParameterizedTest
    @CsvSource({"202E,DIRECTION", "2066,DIRECTION", "200F,DIRECTION", "200B,INVISIBLE", "00AD,INVISIBLE", "FEFF,INVISIBLE", "00A0,INVISIBLE", "3164,INVISIBLE",
        "0301,INVISIBLE", "E0041,INVISIBLE", "0430,LOOK_ALIKE", "03BF,LOOK_ALIKE", "FF07,LOOK_ALIKE", "1D41A,LOOK_ALIKE", "2019,LOOK_ALIKE", "2010,LOOK_ALIKE",
        "0131,LOOK_ALIKE", "2212,LOOK_ALIKE", "4E2D,OTHER", "1F600,OTHER", "05D0,OTHER"})
    void tellsInWhatACharacterMisleads(String hex, Suspicion expected) {
        var escape = VisibleText.of(Character.toString(Integer.parseInt(hex, 16))).escapes().getFirst();

        assertThat(escape.kind()).isEqualTo(expected);
    }

    @Test
    void saysInWordsWhatToLookOutFor() {
        assertThat(VisibleText.of("a\u202Eb\u202Cc\u200Bd\u0430").notices()).containsExactly(
                "2 characters would change the direction in which the text is shown.", "1 character cannot be seen.", "1 character can be taken for others.");
        assertThat(VisibleText.of("SELECT '\u4E2D'").notices()).isEmpty();
    }
}

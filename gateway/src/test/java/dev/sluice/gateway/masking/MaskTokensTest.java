// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.masking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.LocalDateTime;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.postgresql.util.PGbytea;

class MaskTokensTest {
    private static final MaskTokens ONE = new MaskTokens(key(1));
    private static final MaskTokens OTHER = new MaskTokens(key(2));

    private static byte[] key(int fill) {
        byte[] key = new byte[MaskTokens.KEY_BYTES];
        java.util.Arrays.fill(key, (byte) fill);
        return key;
    }

    private static String token(String text) {
        return ONE.tokenizer().tokenize(text);
    }

    @Test
    void hashesAreStableKeyedAndSigned() {
        String hash = ONE.hashText(MaskTokens.utf8("123-45-6789"));
        assertThat(hash).matches("[0-9a-f]{32}").isEqualTo(ONE.hashText(MaskTokens.utf8("123-45-6789"))).isNotEqualTo(OTHER.hashText(MaskTokens.utf8("123-45-6789")));
        assertThat(ONE.isOurToken(hash)).isTrue();
        assertThat(ONE.isOurToken(" " + hash + "\n")).isTrue();
        assertThat(OTHER.isOurToken(hash)).isFalse();
        assertThat(ONE.isOurToken(hash.substring(0, 31) + (hash.endsWith("0") ? "1" : "0"))).isFalse();
        assertThat(ONE.isOurToken(hash.replaceFirst("(.{8})(.{4})(.{4})(.{4})", "$1-$2-$3-$4-"))).isTrue();
        assertThat(ONE.isOurToken("\\x" + hash)).isTrue();
        assertThat(ONE.isOurToken("\\x" + hash.toUpperCase(Locale.ROOT))).isTrue();
    }

    /** As drivers show what came in a binary format. */
    @Test
    void recognisesHashesInTheEscapeFormatOfBytea() {
        for (int i = 0; i < 200; i++) {
            byte[] hash = ONE.hash(MaskTokens.utf8("value " + i));
            String escaped = PGbytea.toPGString(hash);
            assertThat(ONE.isOurToken(escaped)).as(escaped).isTrue();
            assertThat(OTHER.isOurToken(escaped)).as(escaped).isFalse();
        }
        assertThat(ONE.isOurToken("C:\\temp\\011")).isFalse();
    }

    @Test
    void tokensKeepTheShape() {
        assertThat(token("123-45-6789")).matches("[1-9]\\d\\d-\\d\\d-\\d{4}").isNotEqualTo("123-45-6789").isEqualTo(token("123-45-6789"));
        assertThat(token("+49 (30) 1234-567")).matches("\\+\\d\\d \\(\\d\\d\\) \\d{4}-\\d{3}");
        assertThat(token("Ann Smith")).matches("[A-Z][a-z]{2} [A-Z][a-z]{4}");
        assertThat(token("Żółw")).matches("[a-z]{4}");
        assertThat(token("")).isEmpty();
        assertThat(token("ann.smith@shop.test")).matches("[a-z]{16}@example\\.com").isEqualTo(token("Ann.Smith@Shop.test"));
    }

    @Test
    void tokensOfCardsHaveAValidCheckDigit() {
        for (String card : List.of("4111111111111111", "4111 1111 1111 1111", "378282246310005", "5500-0000-0000-0004")) {
            assertThat(Tokenizer.isCard(card)).as(card).isTrue();
            assertThat(Tokenizer.isCard(token(card))).as(token(card)).isTrue();
            assertThat(token(card)).isNotEqualTo(card).hasSameSizeAs(card);
        }
    }

    @Test
    void recognisesItsTokensAndHardlyAnythingElse() {
        for (String text : List.of("4111111111111111", "ann@shop.test", "+49 (30) 1234-567890", "+41 44 668 18 00", "+4930123456", "abcdefghijkl", "123456789012", "Ann Katherine Smith")) {
            assertThat(ONE.isOurToken(token(text))).as(text).isTrue();
            assertThat(ONE.isOurToken(text)).as(text).isFalse();
        }
        Random random = new Random(7);
        long taken = IntStream.range(0, 20_000).mapToObj(i -> "%016d".formatted(random.nextLong(10_000_000_000_000_000L))).filter(ONE::isOurToken).count();
        assertThat(taken).isLessThanOrEqualTo(3);
    }

    /** Loads of data are full of them. */
    @Test
    void takesNoTimestampForAToken() {
        LocalDateTime noon = LocalDateTime.of(2026, 1, 1, 12, 0);
        assertThat(IntStream.range(0, 400_000).mapToObj(i -> noon.plusSeconds(i * 7L).toString().replace('T', ' ')).filter(ONE::isOurToken)).isEmpty();
    }

    @Test
    void differentValuesHaveDifferentTokens() {
        Set<String> tokens = new HashSet<>();
        for (int i = 0; i < 5_000; i++) {
            tokens.add(token("4%015d".formatted(i)));
        }
        assertThat(tokens).hasSizeGreaterThan(4_995);
    }

    @Test
    void needsAWholeKeyAndNeverPrintsIt() {
        assertThatThrownBy(() -> new MaskTokens(new byte[16])).isInstanceOf(IllegalArgumentException.class);
        assertThat(ONE.toString()).isEqualTo("MaskTokens[***]");
    }

    @Test
    void partialHidesShortValuesWhole() {
        Mask.Partial lastFour = new Mask.Partial(0, 4);
        assertThat(TextMasks.partial("123-45-6789", lastFour)).isEqualTo("****6789");
        assertThat(TextMasks.partial("12345678", lastFour)).isEqualTo("****5678");
        assertThat(TextMasks.partial("1234567", lastFour)).isEqualTo("****");
        assertThat(TextMasks.partial("6789", lastFour)).isEqualTo("****");
        assertThat(TextMasks.partial("", lastFour)).isEqualTo("****");
        assertThat(TextMasks.partial("😀😀😀😀😀", new Mask.Partial(1, 1))).isEqualTo("😀****😀");
    }
}

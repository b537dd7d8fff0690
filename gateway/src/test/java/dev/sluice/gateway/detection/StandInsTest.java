// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.detection;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StandInsTest {
    private static final int TEXT = 25;
    private static final int JSON = 114;
    private static final int JSONB = 3802;
    private static final int BYTEA = 17;
    private static final int TEXT_ARRAY = 1009;
    private static final int BIGINT = 20;
    private static final int JSON_ARRAY = 199;

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "card 4111 1111 1111 1111, exp 12/29 | card **** **** **** 1111, exp 12/29",
        "ssn 078-05-1120 | ssn ***-**-****",
        "DE89370400440532013000 | DE********************",
        "mail bob.jones@mail.example.org | mail ***.*****@****.*******.***",
        "call +1 (312) 555-0188 | call +* (***) ***-****",
        "from 192.0.2.17 | from ***.*.*.**",
        "addr 2001:db8::1 | addr ****:***::*",
        "postgres://app:hunter2@db1.example/x | postgres://app:*******@db1.example/x",
    })
    void keepTheLengthAndTheShape(String value, String shown) {
        assertThat(Rows.shown(value, TEXT)).isEqualTo(shown);
    }

    @Test
    void keepThePrefixOfKeys() {
        assertThat(Rows.shown("AKIA" + "IOSFODNN7EXAMPLE", TEXT)).isEqualTo("AKIA****************");
    }

    @Test
    void leaveNumbersAlone() {
        assertThat(Rows.shown("4111111111111111", BIGINT)).isEqualTo("4111111111111111");
    }

    @Test
    void makeBareNumbersOfDocumentsZero() {
        assertThat(Rows.shown("{\"pan\": 4111111111111111, \"n\": [4242424242424242]}", JSON))
                .isEqualTo("{\"pan\": 0.00000000000000, \"n\": [0.00000000000000]}");
        assertThat(Rows.shown("4111111111111111", JSON)).isEqualTo("0.00000000000000");
        assertThat(Rows.shown("\u0001{\"a\": 4111111111111111}", JSONB, 1, Rows.MASKING)).isEqualTo("\u0001{\"a\": 0.00000000000000}");
        assertThat(Rows.shown("{\"{\\\"a\\\": 4111111111111111}\"}", JSON_ARRAY)).isEqualTo("{\"{\\\"a\\\": 0.00000000000000}\"}");
    }

    @Test
    void keepTextThatIsADocumentOne() {
        assertThat(Rows.shown("{\"pan\":4111111111111111}", TEXT)).isEqualTo("{\"pan\":0.00000000000000}");
        assertThat(Rows.shown("{\"pan\":\"4111111111111111\"}", TEXT)).isEqualTo("{\"pan\":\"************1111\"}");
    }

    @Test
    void keepEscapesWhole() {
        assertThat(Rows.shown("{\"a\":\"\\u00e9bob@example.com\\n4111111111111111\"}", JSON)).isEqualTo("{\"a\":\"\\u00e9***@*******.***\\n************1111\"}");
    }

    @Test
    void hideBytesWithinText() {
        String value = "\\x" + HexFormat.of().formatHex("pay 4111111111111111 now".getBytes(StandardCharsets.US_ASCII));

        String shown = Rows.shown(value, BYTEA);

        assertThat(new String(HexFormat.of().parseHex(shown, 2, shown.length()), StandardCharsets.US_ASCII)).isEqualTo("pay ************1111 now");
        assertThat(Rows.shown("pay 4111111111111111 now", BYTEA, 1, Rows.MASKING)).isEqualTo("pay ************1111 now");
    }

    @Test
    void leaveBytesThatOnlyLookLikeTextByChance() {
        String value = "\u0000\u0001a@b.example\u0000\u0002";

        assertThat(Rows.shown(value, BYTEA, 1, Rows.MASKING)).isEqualTo(value);
    }

    @Test
    void hideElementsOfArrays() {
        assertThat(Rows.shown("{4111111111111111,\"a b@example.com\",NULL}", TEXT_ARRAY)).isEqualTo("{************1111,\"a *@*******.***\",NULL}");
        // The low byte of the second length is the digit 4.
        String second = "x".repeat(36) + " 4111111111111111";
        Buffer array = Buffer.buffer().appendInt(1).appendInt(1).appendInt(25).appendInt(3).appendInt(1)
                .appendInt(16).appendString("4111111111111111").appendInt(-1).appendInt(second.length()).appendString(second);

        Buffer row = Rows.search(new Tally(), Rows.MASKING, TEXT_ARRAY, 1).feed(Rows.row(array.getBytes()));

        Buffer shown = Buffer.buffer(Rows.cells(row).getFirst());
        assertThat(shown.getBuffer(0, 24)).isEqualTo(array.getBuffer(0, 24));
        assertThat(shown.getString(24, 40)).isEqualTo("************1111");
        assertThat(shown.getString(48, shown.length())).isEqualTo("x".repeat(36) + " ************1111");
    }

    @Test
    void leaveDocumentsLegalWhateverTheOperatorLooksFor() throws JsonProcessingException {
        var mapper = new ObjectMapper();
        List<String> expressions = List.of("[a-z]+\"", "e9b", "\\d\\d", "n\\d", "[^x]{3,9}", "u00", "true", ":", "\\\\");
        var random = new Random(7);
        for (int round = 0; round < 2_000; round++) {
            String value = mapper.writeValueAsString(document(random, 3)).replace("\u00e9", "\\u00e9");
            String expression = expressions.get(round % expressions.size());
            var own = new Detector("own", DetectorKind.REGEX, Detector.Action.MASK, TextPattern.of(expression, List.of()));

            String shown = Rows.shown(value, JSON, 0, List.of(own));

            assertThat(mapper.readTree(shown)).as("%s in %s: %s", expression, value, shown).isNotNull();
            assertThat(shown).hasSameSizeAs(value);
        }
    }

    private static Object document(Random random, int depth) {
        return switch (random.nextInt(depth == 0 ? 5 : 7)) {
            case 0 -> random.nextLong() >>> random.nextInt(63);
            case 1 -> random.nextDouble() * 1e6;
            case 2 -> random.nextBoolean();
            case 3 -> "a\"b\\c\n\u00e9bob@example.com 4111111111111111 \t end" + random.nextInt(100);
            case 4 -> "";
            case 5 -> List.of(document(random, depth - 1), document(random, depth - 1));
            default -> Map.of("k" + random.nextInt(9), document(random, depth - 1), "4111111111111111", document(random, depth - 1));
        };
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.masking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class JsonMaskerTest {
    private static final MaskTokens TOKENS = new MaskTokens(new byte[MaskTokens.KEY_BYTES]);

    private static String mask(String document, Mask.PathMask... paths) {
        JsonMasker masker = new JsonMasker(new Mask.WithinJson(List.of(paths)), TOKENS);
        return new String(masker.mask(document.getBytes(StandardCharsets.UTF_8)), StandardCharsets.UTF_8);
    }

    private static Mask.PathMask at(Mask mask, String... keys) {
        return new Mask.PathMask(new JsonPath(List.of(keys), false), mask);
    }

    private static Mask.PathMask anywhere(Mask mask, String... keys) {
        return new Mask.PathMask(new JsonPath(List.of(keys), true), mask);
    }

    @Test
    void masksOnlyWhatThePathLeadsTo() {
        String document = "{ \"ssn\" : \"123\", \"in\": {\"ssn\":\"456\", \"n\": 1.50}, \"list\": [{\"ssn\": \"789\"}], \"é\": \"\\u00e9\" }";
        assertThat(mask(document, at(new Mask.Redact(), "ssn")))
                .isEqualTo("{ \"ssn\" : \"***\", \"in\": {\"ssn\":\"456\", \"n\": 1.50}, \"list\": [{\"ssn\": \"789\"}], \"é\": \"\\u00e9\" }");
        assertThat(mask(document, at(new Mask.Nullify(), "in", "ssn"), at(new Mask.Nullify(), "list", "ssn")))
                .isEqualTo("{ \"ssn\" : \"123\", \"in\": {\"ssn\":null, \"n\": 1.50}, \"list\": [{\"ssn\": null}], \"é\": \"\\u00e9\" }");
        assertThat(mask(document, anywhere(new Mask.Redact(), "ssn"))).doesNotContain("123", "456", "789").contains("1.50");
    }

    @Test
    void hidesWhateverStandsThere() {
        assertThat(mask("{\"a\": {\"b\": [1]}, \"c\": 2}", at(new Mask.Redact(), "a"))).isEqualTo("{\"a\": null, \"c\": 2}");
        assertThat(mask("{\"a\": [\"x\", [\"y\"]], \"c\": 2}", at(new Mask.Hash(), "a"))).isEqualTo("{\"a\": null, \"c\": 2}");
        assertThat(mask("{\"a\": true}", at(new Mask.Redact(), "a"))).isEqualTo("{\"a\": false}");
        assertThat(mask("{\"a\": 12.5, \"b\": null}", at(new Mask.Redact(), "a"), at(new Mask.Redact(), "b"))).isEqualTo("{\"a\": 0, \"b\": null}");
        assertThat(mask("{\"a\": 12.5}", at(new Mask.Generalize(null, new BigDecimal("10")), "a"))).isEqualTo("{\"a\": 10}");
        assertThat(mask("{\"a\": \"4111111111111111\"}", at(new Mask.Partial(0, 4), "a"))).isEqualTo("{\"a\": \"****1111\"}");
        assertThat(mask("{\"a\": \"x\", \"a\": \"y\"}", at(new Mask.Redact(), "a"))).isEqualTo("{\"a\": \"***\", \"a\": \"***\"}");
        assertThat(mask("{\"\\u0061\": \"x\"}", at(new Mask.Redact(), "a"))).isEqualTo("{\"\\u0061\": \"***\"}");
    }

    @Test
    void takesTheMaskThatShowsLeast() {
        assertThat(mask("{\"a\": \"4111111111111111\"}", at(new Mask.Partial(0, 4), "a"), anywhere(new Mask.Nullify(), "a"))).isEqualTo("{\"a\": null}");
    }

    @Test
    void leavesNumbersAndTextOfAnyLengthAlone() {
        String number = "1".repeat(5_000);
        assertThat(mask("[1e400, " + number + ", \"\\ud83d\\ude00\", 1.0]", anywhere(new Mask.Redact(), "a")))
                .isEqualTo("[1e400, " + number + ", \"\\ud83d\\ude00\", 1.0]");
        String deep = "[".repeat(5_000) + "]".repeat(5_000);
        assertThat(mask(deep, anywhere(new Mask.Redact(), "a"))).isEqualTo(deep);
    }

    @Test
    void endsTheStatementWhereADocumentCannotBeRead() {
        assertThatThrownBy(() -> mask("{\"a\": ", at(new Mask.Redact(), "a"))).isInstanceOf(MaskingFailed.class);
    }
}

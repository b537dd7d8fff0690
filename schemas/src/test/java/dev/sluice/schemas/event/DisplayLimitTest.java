// SPDX-License-Identifier: Apache-2.0
package dev.sluice.schemas.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.schemas.event.StatementEvent.Parameter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

final class DisplayLimitTest {
    @Test
    void countsWhatUtf8Takes() {
        for (String text : List.of("", "select", "Größe", "\u20ac", "\ud83d\ude00", "\ud83d", "\ude00x", "a\u07ff\u0800\uffff")) {
            assertThat(DisplayLimit.bytesOf(text, List.of())).as(text).isEqualTo(text.getBytes(StandardCharsets.UTF_8).length);
        }
    }

    @Test
    void countsQueryAndValuesTogether() {
        var parameters = List.of(new Parameter(25, "text", "ö"), new Parameter(25, "text", null), new Parameter(17, "binary", "AAAA"));
        assertThat(DisplayLimit.bytesOf("select $1", parameters)).isEqualTo(9 + 2 + 4);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.statement;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WrittenConstantsTest {
    @Test
    void givesStringsAndNumbersAsTheirValues() {
        List<String> seen = new ArrayList<>();
        String sql = "UPDATE t SET a = 'it''s', b = E'\\\\x00', c = $q$d'e$q$, d = 12, e = 1.50, \"f\" = U&'g' -- 'comment'\n WHERE h = $1";
        assertThat(WrittenConstants.first(sql, value -> !seen.add(value))).isNull();
        assertThat(seen).containsExactly("it's", "\\x00", "d'e", "12", "1.50", "g");
    }

    @Test
    void givesTheFirstThatPasses() {
        assertThat(WrittenConstants.first("VALUES (1, 'a', 'bb', 'cc')", value -> value.length() == 2)).isEqualTo("bb");
    }
}

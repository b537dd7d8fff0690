// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.detection;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is passed over in one go, because nothing can begin in it, must not take along what begins right behind it. */
class ScannerTest {
    private static final int TEXT = 25;

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "2025-03-04 12:30:45 4111111111111111 | 2025-03-04 12:30:45 ************1111",
        "at 12:30:45,192.0.2.17 | at 12:30:45,***.*.*.**",
        "2001:10:20:30:40:50:60:70 | ****:**:**:**:**:**:**:**",
        "12:30:45:10:20:30:40:50 | **:**:**:**:**:**:**:**",
        "password 12:30:45aB3kd93Kd0aKq92LmX | password 12:30:********************",
        "tel 0123-45-67890 | tel ****-**-*****",
        "3fa85f64-5717 078-05-1120 | 3fa85f64-5717 ***-**-****",
        "7-+12125550123 | 7-+***********",
        "x5.a@example.com | **.*@*******.***",
        "id7 AKIAIOSFODNN7EXAMPLE | id7 AKIA****************",
        "9-AKIAIOSFODNN7EXAMPLE | 9-AKIA****************",
        "12 DE89370400440532013000 | 12 DE********************",
        "1\\n4111111111111111 | 1\\n************1111",
        "10.0.0.7 | **.*.*.*",
        "a@b.cd | *@*.**",
    })
    void findsWhatStandsBehindTimesDatesAndWordsWithDigits(String value, String shown) {
        assertThat(Rows.shown(value, TEXT)).isEqualTo(shown);
    }
}

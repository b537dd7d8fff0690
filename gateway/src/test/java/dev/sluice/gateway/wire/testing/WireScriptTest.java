// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.wire.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class WireScriptTest {
    private static final String SCRIPT = """
            F Query "SELECT 'a b' AS \\"x\\""
            F Parse "s1" "SELECT $1" 1 23
            F Bind "" "s1" 1 1 2 '\\x00\\x00\\x00*' NULL 1 0
            F Describe S "s1"
            F Execute "" 0
            F Sync
            B AuthenticationSASL "SCRAM-SHA-256" "SCRAM-SHA-256-PLUS"
            B NegotiateProtocolVersion 196610 1 "_pq_.x"
            B ParseComplete
            B RowDescription 1 "n" 0 0 23 4 -1 0
            B DataRow 2 '42' NULL
            B CommandComplete "SELECT 1"
            B ErrorResponse S "ERROR" C "42501" M "denied"
            B ReadyForQuery I""";

    @Test
    void describesWhatItBuilds() {
        WireScript script = WireScript.of(SCRIPT);

        assertThat(WireScript.describeFrontend(script.frontend()) + "\n" + WireScript.describeBackend(script.backend())).isEqualTo(SCRIPT);
    }

    @Test
    void buildsTheBytesOfTheManual() {
        assertThat(hex("F Query \"ab\"")).isEqualTo("510000000761" + "6200");
        assertThat(hex("F Execute \"p\" 5")).isEqualTo("450000000a700000000005");
        assertThat(hex("B DataRow 2 'x' NULL")).isEqualTo("440000000f" + "0002" + "0000000178" + "ffffffff");
        assertThat(hex("B ErrorResponse C \"42501\"")).isEqualTo("450000000c43343235303100" + "00");
        assertThat(hex("F SSLRequest")).isEqualTo("0000000804d2162f");
        assertThat(hex("F CancelRequest 7 'abcd'")).isEqualTo("0000001004d2162e0000000761626364");
        assertThat(hex("F StartupMessage 3 2 \"user\" \"bob\"")).isEqualTo("00000012" + "00030002" + "7573657200626f620000");
    }

    @Test
    void showsWhatFitsNoFormatAsItIs() {
        assertThat(WireScript.describeFrontend(WireScript.message("F Raw 'S\\x00\\x00\\x00\\x05!'")))
                .isEqualTo("F Raw 'S\\x00\\x00\\x00\\x05!'");
        assertThat(WireScript.describeBackend(WireScript.message("B Raw 'Z\\x00'"))).isEqualTo("B Raw 'Z\\x00'");
    }

    @Test
    void refusesLinesThatItDoesNotUnderstand() {
        assertThatThrownBy(() -> WireScript.message("F Quarry \"x\"")).hasMessageContaining("no such message: Quarry");
        assertThatThrownBy(() -> WireScript.message("F Sync 1")).hasMessageContaining("left over");
        assertThatThrownBy(() -> WireScript.message("F Query")).hasMessageContaining("ends too early");
        assertThatThrownBy(() -> WireScript.message("F Query \"x")).hasMessageContaining("no closing");
    }

    private static String hex(String line) {
        return HexFormat.of().formatHex(WireScript.message(line).getBytes());
    }
}

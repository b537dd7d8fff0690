// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.config.GatewayConfig;
import dev.sluice.gateway.config.HoldMode;
import dev.sluice.gateway.config.TransactionHold;
import dev.sluice.gateway.policy.PolicyReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What {@code deploy/docs/approvals.md} says of the gateway: its rules are read, its options are taken, and its numbers are the gateway's. */
final class ApprovalsPageTest {
    private static final Path PAGE = Path.of("..", "deploy", "docs", "approvals.md");

    private static List<MatchResult> found(String pattern) throws IOException {
        return Pattern.compile(pattern).matcher(Files.readString(PAGE)).results().toList();
    }

    @Test
    void itsRulesAreRead() throws IOException {
        var outcomes = found("`(\\{hold: \\{.*?}})`");
        assertThat(outcomes).hasSizeGreaterThan(1);
        for (var outcome : outcomes) {
            assertThat(check(outcome.group(1))).as(outcome.group()).isEmpty();
        }
        for (var quorum : found("`(\\{all: \\[.*?]})`")) {
            assertThat(check("{hold: {quorum: " + quorum.group(1) + "}}")).as(quorum.group()).isEmpty();
        }
        assertThat(check("{hold: {mood: return}}")).as("this test can fail").isNotEmpty();
    }

    private static List<?> check(String then) {
        return PolicyReader.check("page", "version: 1\nrules:\n  - {name: r, when: 'true', then: " + then + "}\n");
    }

    @Test
    void itsOptionsAreTaken() throws Exception {
        var options = found("options='(-c sluice\\.[a-z_]+=[a-z]+)'");
        assertThat(options).hasSizeGreaterThan(1);
        for (var option : options) {
            assertThat(ClientManner.taken(new HashMap<>(Map.of("options", option.group(1)))).holds().mode()).as(option.group()).isEqualTo(HoldMode.RETURN);
        }
        for (HoldMode mode : HoldMode.values()) {
            assertThat(found("\\| `" + mode.name().toLowerCase(Locale.ROOT) + "` \\|")).as("row of %s", mode).hasSize(1);
        }
        assertThat(ClientManner.taken(new HashMap<>(Map.of("options", "-c sluice.hold=auto:30s"))).holds().patience()).hasSeconds(30);
        var inTransaction = found("`-c (sluice\\.hold_in_transaction)=…`\\): `hold`[^;]*; `deny` [^;]*; `return` ");
        assertThat(inTransaction).hasSize(1);
        for (TransactionHold hold : TransactionHold.values()) {
            assertThat(ClientManner.taken(new HashMap<>(Map.of("options", "-c sluice.hold_in_transaction=" + hold.name().toLowerCase(Locale.ROOT)))).holds().inTransaction()).isEqualTo(hold);
        }
        assertThat(inTransaction.getFirst().group(1)).isEqualTo(ClientManner.IN_TRANSACTION);
    }

    @Test
    void itsNumbersAreTheDefaults() throws IOException {
        var defaults = GatewayConfig.parse("least", "targets: [{name: shop, host: localhost, database: shop, user: app}]");
        assertThat(Files.readString(PAGE).replaceAll("\\s+", " "))
                .contains("one every " + defaults.hold().heartbeat().toSeconds() + " seconds (`hold.heartbeat`)")
                .contains("(`patience`, " + defaults.hold().patience().toSeconds() + " s)")
                .contains("(`hold.mode`, `" + defaults.hold().mode().name().toLowerCase(Locale.ROOT) + "` unless set)")
                .contains("`hold.transactionLimit`, " + defaults.hold().transactionLimit().toMinutes() + " minutes unless set")
                .contains("(`impact.limit`, " + defaults.impact().limit().toSeconds() + " s)");
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.gateway.config.HoldManner;
import dev.sluice.gateway.config.HoldMode;
import dev.sluice.gateway.config.TransactionHold;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClientMannerTest {
    private final Map<String, String> parameters = new HashMap<>();

    private HoldManner taken(String options) throws RefusedException {
        parameters.put("options", options);
        return ClientManner.taken(parameters).holds();
    }

    @Test
    void aClientSaysHowItWaits() throws Exception {
        assertThat(taken("-c sluice.hold=return")).isEqualTo(new HoldManner(HoldMode.RETURN, null, null));
        assertThat(taken("--sluice.hold=wait")).isEqualTo(new HoldManner(HoldMode.WAIT, null, null));
        assertThat(taken("-c sluice.hold=auto:90s -csluice.hold_in_transaction=deny"))
                .isEqualTo(new HoldManner(HoldMode.AUTO, Duration.ofSeconds(90), TransactionHold.DENY));
    }

    @Test
    void aClientThatSaysNothingIsAskedNothing() throws Exception {
        assertThat(ClientManner.taken(parameters)).isEqualTo(new ClientManner(HoldManner.UNSAID, null));
        assertThat(taken("-c statement_timeout=5s")).isEqualTo(HoldManner.UNSAID);
        assertThat(parameters).containsEntry("options", "-c statement_timeout=5s");
    }

    @Test
    void whatIsForTheServerGoesOnAsItCame() throws Exception {
        taken("-c sluice.hold=return -c search_path=a\\ b\\\\c --work_mem=1MB");
        assertThat(StartupOptions.parse(String.valueOf(parameters.get("options")))).isEqualTo(Map.of("search_path", "a b\\c", "work_mem", "1MB"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"never", "auto:0s", "auto:2h", "auto:soon", "RETURN", ""})
    void whatIsNotUnderstoodIsRefused(String value) {
        assertThatThrownBy(() -> taken("-c sluice.hold=" + value)).isInstanceOf(RefusedException.class);
    }

    @Test
    void aClientSaysWhatItsSessionIsFor() throws Exception {
        parameters.put("options", "-c sluice.purpose=support\\ ticket -c statement_timeout=5s");
        assertThat(ClientManner.taken(parameters).purpose()).isEqualTo("support ticket");
        assertThat(parameters).containsEntry("options", "-c statement_timeout=5s");

        parameters.put("sluice.purpose", "x".repeat(128));
        assertThat(ClientManner.taken(parameters).purpose()).hasSize(128);
        assertThat(parameters).doesNotContainKey("sluice.purpose");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a\u0007b", "a\nb"})
    void aPurposeThatIsNotPrintableIsRefused(String value) {
        parameters.put("sluice.purpose", value);
        assertThatThrownBy(() -> ClientManner.taken(parameters)).isInstanceOf(RefusedException.class).hasMessageContaining("sluice.purpose");
    }

    @Test
    void aPurposeThatIsTooLongIsRefused() {
        parameters.put("sluice.purpose", "x".repeat(129));
        assertThatThrownBy(() -> ClientManner.taken(parameters)).isInstanceOf(RefusedException.class);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SessionSettingsTest {
    @ParameterizedTest
    @CsvSource({"18.1, 18", "17.4 (Debian 17.4-1.pgdg120+2), 17", "19beta2, 19", "19devel, 19", "'', 0", "unknown, 0", "99999999999.1, 0"})
    void theMajorVersionIsInFrontOfWhateverElseTheServerSaysOfItsVersion(String version, int major) {
        assertThat(new SessionSettings(Map.of("server_version", version)).serverMajor()).isEqualTo(major);
    }
}

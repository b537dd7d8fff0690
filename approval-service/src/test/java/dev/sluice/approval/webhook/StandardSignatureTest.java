// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class StandardSignatureTest {
    /** The example that the libraries of Standard Webhooks test themselves with. */
    @Test
    void signsAsTheSpecificationDoes() {
        var signature = StandardSignature.of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");

        assertThat(signature.sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, "{\"test\": 2432232314}".getBytes(StandardCharsets.UTF_8)))
                .isEqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
        assertThat(signature.toString()).doesNotContain("MfKQ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "whsec_", "whsec_c2hvcnQ=", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_not base64 at all but long enough"})
    void refusesWhatIsNoSecret(String secret) {
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> StandardSignature.of(secret))
                .withMessageContaining("base64 of 24 to 64 bytes");
    }
}

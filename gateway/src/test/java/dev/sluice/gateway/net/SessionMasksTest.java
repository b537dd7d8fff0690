// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class SessionMasksTest {
    @Test
    void callersHearOfAnUnknownVersionAsSuch() {
        assertThat(SessionMasks.reason(new UnknownVersion("shop", 19)))
                .isEqualTo("target shop runs PostgreSQL 19, and masks are known to hold on 13 to 18 only; its operator can set allowUnknownVersion");
        assertThat(SessionMasks.reason(new IOException("connection refused"))).isEqualTo("the target's catalog is not known: connection refused");
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.wire.FrontendMessage.BoundParameter;
import dev.sluice.schemas.event.StatementEvent.Parameter;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Every bound parameter can be had back from the record, byte for byte. */
class RecordedParametersTest {
    @Test
    void textIsRecordedAsText() {
        assertThat(recorded(0, Buffer.buffer("Größe"))).isEqualTo(new Parameter(25, "text", "Größe"));
        assertThat(recorded(0, Buffer.buffer("\uFFFD itself"))).isEqualTo(new Parameter(25, "text", "\uFFFD itself"));
        assertThat(recorded(0, null)).isEqualTo(new Parameter(25, "text", null));
    }

    @Test
    void textThatIsNotUtf8KeepsItsBytes() {
        Buffer latin1 = Buffer.buffer(new byte[] {'G', 'r', (byte) 0xf6, (byte) 0xdf, 'e'});
        assertThat(recorded(0, latin1)).isEqualTo(new Parameter(25, "text-base64", "R3L232U="));
    }

    @Test
    void binaryValuesKeepTheirBytes() {
        assertThat(recorded(1, Buffer.buffer(new byte[] {0, 0, 0, 42}))).isEqualTo(new Parameter(25, "binary", "AAAAKg=="));
        assertThat(recorded(1, null)).isEqualTo(new Parameter(25, "binary", null));
    }

    private static Parameter recorded(int format, @Nullable Buffer value) {
        return StatementRecords.parameters(List.of(new BoundParameter(format, value)), List.of(25)).getFirst();
    }
}

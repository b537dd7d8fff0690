// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

final class EvidenceFileTest {
    @Property(tries = 500)
    boolean anyBytesComeBack(@ForAll byte[] record) {
        byte[] line = EvidenceFile.line(record);
        return new String(line, StandardCharsets.ISO_8859_1).indexOf('\n') < 0
                && line.length > 0
                && java.util.Arrays.equals(EvidenceFile.record(line), record);
    }

    @Test
    void anEventIsWrittenAsItIs() {
        byte[] event = "{\"specversion\":\"1.0\"}".getBytes(StandardCharsets.UTF_8);

        assertThat(EvidenceFile.line(event)).isSameAs(event);
        assertThat(EvidenceFile.record(event)).isSameAs(event);
    }

    @Test
    void lineFeedsAndLookalikesComeBack() {
        for (String text : new String[] {"a\nb", "", "\r", "{\"sluice.raw.base64\":\"!!\"}", "{\"sluice.raw.base64\":\"YQ==\"}"}) {
            byte[] record = text.getBytes(StandardCharsets.UTF_8);
            assertThat(EvidenceFile.record(EvidenceFile.line(record))).isEqualTo(record);
        }
    }
}

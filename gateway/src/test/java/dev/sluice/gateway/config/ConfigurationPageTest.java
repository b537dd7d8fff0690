// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

final class ConfigurationPageTest {
    private static final Path PAGE = Path.of("..", "deploy", "docs", "configuration.md");
    private static final Path MADE = Path.of("target", "configuration-tables.md");

    /** To mend it, put the tables that this writes under target/ in place of the page's. */
    @Test
    void thePageSaysWhatTheRecordsSay() throws Exception {
        String tables = ReferencePage.tables();
        Files.createDirectories(MADE.getParent());
        Files.writeString(MADE, tables);
        String page = Files.readString(PAGE);
        assertThat(page.substring(page.indexOf("## Top level"))).isEqualTo(tables);
    }

    @Test
    void theExampleOfThePageStarts() throws Exception {
        String page = Files.readString(PAGE);
        String example = page.substring(page.indexOf("```yaml\n") + "```yaml\n".length());
        assertThat(GatewayConfig.parse("example", example.substring(0, example.indexOf("```"))).targets()).hasSize(1);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the first pages of the repository point at has to be there. */
class ReadmeTest {
    private static final Pattern LINK = Pattern.compile("]\\(([^)#:]+)\\)");
    private static final Pattern COMMAND = Pattern.compile("(?m)^(deploy/\\S+)|--policy (deploy/\\S+)");

    @ParameterizedTest
    @ValueSource(strings = {"README.md", "CONTRIBUTING.md"})
    void linksAndCommandsLeadSomewhere(String page) throws IOException {
        Path repository = Path.of("").toAbsolutePath();
        while (!Files.exists(repository.resolve("docker-compose.yml"))) {
            repository = repository.getParent();
        }
        String text = Files.readString(repository.resolve(page));

        Matcher link = LINK.matcher(text);
        while (link.find()) {
            assertThat(repository.resolve(link.group(1))).as(page).exists();
        }
        Matcher command = COMMAND.matcher(text);
        while (command.find()) {
            if (command.group(1) != null) {
                assertThat(repository.resolve(command.group(1))).as(page).isExecutable();
            } else {
                assertThat(repository.resolve(command.group(2))).as(page).isRegularFile();
            }
        }
    }
}

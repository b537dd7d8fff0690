// SPDX-License-Identifier: Apache-2.0
package dev.sluice.quickstart;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * docker-compose.yml, for the tests that hold it against the repository.
 *
 * @param repository the folder that the file's own paths start from
 * @param text the file as it is
 * @param content what it says; the merge of what all services share is left out and stands under {@code x-service}
 */
record ComposeFile(Path repository, String text, JsonNode content) {
    static ComposeFile read() throws IOException {
        Path repository = Path.of("").toAbsolutePath();
        while (!Files.exists(repository.resolve("docker-compose.yml"))) {
            repository = repository.getParent();
        }
        String text = Files.readString(repository.resolve("docker-compose.yml"));
        // Jackson's YAML reader knows anchors of whole nodes but not the merge key: it is written out first.
        return new ComposeFile(repository, text, new YAMLMapper().readTree(text.replaceAll("(?m)^(\\s+)<<: \\*service$", "$1x-merged: true")));
    }
}

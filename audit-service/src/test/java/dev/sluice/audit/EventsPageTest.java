// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.schemas.event.EventTypes;
import dev.sluice.schemas.kafka.Topic;
import dev.sluice.schemas.kafka.Topics;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code deploy/docs/events.md} names every topic and every type there is, and its consumer compiles. */
final class EventsPageTest {
    private static final Path PAGE = Path.of("..", "deploy", "docs", "events.md");

    private static List<MatchResult> rows(String pattern) throws IOException {
        return Pattern.compile(pattern, Pattern.MULTILINE).matcher(Files.readString(PAGE)).results().toList();
    }

    @Test
    void itNamesEveryTopicAsItIsCreated() throws IOException {
        Map<String, String> described = rows("^\\| `(sluice\\.\\w+)` \\| [^|]+ \\| (\\d+) \\| ([^|]+) \\|").stream()
                .collect(Collectors.toMap(row -> row.group(1), row -> row.group(2) + " " + row.group(3), (one, _) -> one, TreeMap::new));

        assertThat(described)
                .isEqualTo(Topics.all().stream().collect(Collectors.toMap(Topic::name, topic -> topic.partitions() + " " + kept(topic), (one, _) -> one, TreeMap::new)));
    }

    private static String kept(Topic topic) {
        String millis = topic.settings().get("retention.ms");
        if (millis == null) {
            return "the last record of each key";
        }
        return millis.equals("-1") ? "for ever" : Long.parseLong(millis) / 86_400_000 + " days";
    }

    @Test
    void itNamesEveryTypeAndItsTopic() throws IOException {
        List<MatchResult> rows = rows("^\\| `(dev\\.sluice\\.[a-z]+\\.[a-z]+\\.v\\d+)` \\| `(sluice\\.\\w+)` \\|");

        assertThat(rows.stream().map(row -> row.group(1)).toList())
                .as("a new type needs a row in deploy/docs/events.md")
                .containsExactlyInAnyOrderElementsOf(EventTypes.all());
        assertThat(rows).allSatisfy(row -> assertThat(Topics.all()).extracting(Topic::name).contains(row.group(2)));
    }

    @Test
    void itsConsumerCompiles(@TempDir Path folder) throws IOException {
        String source = rows("(?s)^```java\\n(.*?)^```").getFirst().group(1);
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        Path file = Files.writeString(folder.resolve("Tail.java"), source);
        var messages = new StringWriter();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            List<String> options = List.of("-d", folder.toString(), "-proc:none", "-cp", System.getProperty("java.class.path"));
            assertThat(compiler.getTask(messages, files, null, options, null, files.getJavaFileObjects(file)).call()).as(messages.toString()).isTrue();
        }
    }
}

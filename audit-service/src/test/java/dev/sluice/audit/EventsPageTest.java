// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.schemas.event.ApprovalEvent;
import dev.sluice.schemas.event.AuditEvent;
import dev.sluice.schemas.event.DomainEvent;
import dev.sluice.schemas.event.EventTypes;
import dev.sluice.schemas.event.ResultEvent;
import dev.sluice.schemas.event.SessionEvent;
import dev.sluice.schemas.event.StatementEvent;
import dev.sluice.schemas.event.TicketEvent;
import dev.sluice.schemas.event.VerdictEvent;
import dev.sluice.schemas.event.WebhookEvent;
import dev.sluice.schemas.kafka.Topic;
import dev.sluice.schemas.kafka.Topics;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code deploy/docs/events.md} names every topic and every type there is and nothing that there is not, and its consumer compiles. */
final class EventsPageTest {
    private static final Path PAGE = Path.of("..", "deploy", "docs", "events.md");
    private static final Map<Class<?>, Topic> TOPICS = Map.of(
            SessionEvent.class, Topics.SESSIONS,
            StatementEvent.class, Topics.SESSIONS,
            ResultEvent.class, Topics.RESULTS,
            ApprovalEvent.class, Topics.APPROVALS,
            WebhookEvent.class, Topics.APPROVALS,
            VerdictEvent.class, Topics.VERDICTS,
            TicketEvent.class, Topics.TICKETS,
            AuditEvent.class, Topics.AUDIT);

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
        assertThat(TOPICS.keySet()).containsExactlyInAnyOrder(DomainEvent.class.getPermittedSubclasses());
        assertThat(rows).allSatisfy(row -> {
            Class<? extends DomainEvent> event = Objects.requireNonNull(EventTypes.recordOf(row.group(1)));
            assertThat(Arrays.stream(event.getInterfaces()).map(TOPICS::get).filter(Objects::nonNull).map(Topic::name)).as(row.group(1)).containsExactly(row.group(2));
        });
    }

    /** Topics, types, settings and fields of events; whatever else is written so is no single word, or one of a few. */
    @Test
    void everyNameOnItIsOneThatThereIs() throws IOException {
        String page = Pattern.compile("(?sm)^```.*?^```").matcher(Files.readString(PAGE)).replaceAll("");
        Set<String> known = new HashSet<>(Set.of("token", "verify", "sluice.purpose"));
        Topics.all().forEach(topic -> known.add(topic.name()));
        EventTypes.all().forEach(type -> known.addAll(List.of(type, type.replaceAll("^dev\\.sluice\\.|\\.v\\d+$", ""))));
        Set<String> fields = fields();
        String configuration = Files.readString(PAGE.resolveSibling("configuration.md"));
        List<String> unknown = Pattern.compile("`([a-z]\\w*(\\.\\w+)*)`").matcher(page).results().map(word -> word.group(1))
                .filter(word -> !known.contains(word) && !fields.containsAll(List.of(word.split("\\."))) && !configuration.contains("| `" + word + "` |"))
                .toList();

        assertThat(unknown).as("no topic, type, field of an event or setting").isEmpty();
    }

    private static Set<String> fields() throws IOException {
        Set<String> fields = new HashSet<>();
        var json = new ObjectMapper();
        for (String name : Stream.concat(EventTypes.all().stream().map(type -> "events/" + type), Stream.of("envelope", "common")).toList()) {
            collect(json.readTree(Objects.requireNonNull(EventTypes.class.getResource("/dev/sluice/schemas/" + name + ".schema.json"))), fields);
        }
        return fields;
    }

    private static void collect(JsonNode schema, Set<String> fields) {
        schema.path("properties").fieldNames().forEachRemaining(fields::add);
        schema.forEach(part -> collect(part, fields));
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

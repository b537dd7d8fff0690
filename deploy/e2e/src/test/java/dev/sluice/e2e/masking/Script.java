// SPDX-License-Identifier: Apache-2.0
package dev.sluice.e2e.masking;

import dev.sluice.e2e.Frames;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one session sends. Files hold many, each begins with {@code ### id | what it tries}; its steps are parted by empty lines. A step is a text
 * of SQL, or a series of messages of the extended query protocol that are sent at once:
 *
 * <pre>
 * @parse name SQL              @bind portal statement text|binary [parameters parted by |]
 * @execute portal rows         @describe S|P name        @close S|P name
 * @flush                       @sync                     @query SQL            ~ stands for the unnamed
 * </pre>
 *
 * and these say more about the script:
 *
 * <pre>
 * @database operators          another database
 * @cleanup SQL                 undoes what the script did; run past the gateway, behind each run
 * @masked 2 3                  columns, from 1, of which the gateway shows something else
 * @hidden 2                    those of them that a view computes, so that it shows something in place of NULL, too
 * @copy a,b                    a line of COPY data, for when the server asks for it
 * @simple                      not to be repeated by extended query
 * @since 17                    the first major version that can play it
 * @refused                     the gateway is known to refuse it though it shows nothing
 * </pre>
 */
record Script(String id, String what, String database, List<Step> steps, List<String> cleanups, Set<Integer> masked, Set<Integer> hidden, List<String> copy, boolean simple, boolean refused, int since) {
    static final String VAULT = "vault";

    /** Sent at once; {@code replies} counts the ReadyForQuery messages that end its answer. */
    record Step(List<byte[]> frames, int replies, @Nullable String sql) {}

    @Override
    public String toString() {
        return id;
    }

    /** Whether it is one query that leaves nothing behind, which extended query can send as well. */
    boolean isRepeatable() {
        String sql = steps.getFirst().sql();
        return !simple && steps.size() == 1 && sql != null && !sql.contains(";") && sql.matches("(?is)(select|with|values|table)\\b.*");
    }

    /** The only statement by extended query, its rows in binary. */
    List<byte[]> extended() {
        return List.of(
                Frames.parse("", String.valueOf(steps.getFirst().sql())),
                Frames.bind("", "", List.of(), 1),
                Frames.describePortal(""),
                Frames.execute("", 0),
                Frames.sync());
    }

    /** Those of a folder that a server of this release can play. */
    static List<Script> all(String folder, Release release) throws IOException {
        List<Script> scripts = new ArrayList<>();
        try (var files = Files.list(Path.of("src", "test", "resources", "masking", folder))) {
            for (Path file : files.sorted().toList()) {
                for (String text : Files.readString(file).split("(?m)^### ")) {
                    if (text.contains(" | ") && !text.startsWith("--")) {
                        Script script = read(text);
                        if (script.since <= release.major()) {
                            scripts.add(script);
                        }
                    }
                }
            }
        }
        Set<String> ids = new HashSet<>();
        scripts.stream().filter(script -> !ids.add(script.id)).findFirst().ifPresent(script -> {
            throw new IllegalArgumentException("two scripts are called " + script.id);
        });
        return scripts;
    }

    private static Script read(String text) {
        String[] head = text.split("\n", 2);
        String[] title = head[0].split(" \\| ", 2);
        String database = VAULT;
        List<Step> steps = new ArrayList<>();
        List<String> cleanups = new ArrayList<>();
        Set<Integer> masked = new HashSet<>();
        Set<Integer> hidden = new HashSet<>();
        List<String> copy = new ArrayList<>();
        boolean simple = false;
        boolean refused = false;
        int since = 0;
        for (String paragraph : head[1].strip().split("\n\\s*\n")) {
            List<String> lines = new ArrayList<>();
            for (String line : paragraph.lines().toList()) {
                String[] words = line.split(" ", 2);
                String value = words.length > 1 ? words[1] : "";
                switch (words[0]) {
                    case "@database" -> database = value;
                    case "@cleanup" -> cleanups.add(value);
                    case "@masked" -> Arrays.stream(value.split(" ")).map(Integer::valueOf).forEach(masked::add);
                    case "@hidden" -> Arrays.stream(value.split(" ")).map(Integer::valueOf).forEach(hidden::add);
                    case "@copy" -> copy.add(value + "\n");
                    case "@simple" -> simple = true;
                    case "@refused" -> refused = true;
                    case "@since" -> since = Integer.parseInt(value);
                    default -> lines.add(line);
                }
            }
            if (!lines.isEmpty()) {
                steps.add(step(lines));
            }
        }
        return new Script(title[0].strip(), title[1].strip(), database, steps, cleanups, masked, hidden, copy, simple, refused, since);
    }

    private static Step step(List<String> lines) {
        if (!lines.getFirst().startsWith("@")) {
            String sql = String.join("\n", lines);
            return new Step(List.of(Frames.query(sql)), 1, sql);
        }
        List<byte[]> frames = lines.stream().map(Script::frame).toList();
        long replies = lines.stream().filter(line -> line.startsWith("@sync") || line.startsWith("@query")).count();
        return new Step(frames, (int) replies, null);
    }

    private static byte[] frame(String line) {
        String[] words = line.split(" ");
        return switch (words[0]) {
            case "@parse" -> Frames.parse(name(words[1]), line.split(" ", 3)[2]);
            case "@bind" -> Frames.bind(
                    name(words[1]),
                    name(words[2]),
                    words.length > 4 ? Arrays.asList(line.split(" ", 5)[4].split("\\|")) : List.of(),
                    words[3].equals("binary") ? 1 : 0);
            case "@execute" -> Frames.execute(name(words[1]), Integer.parseInt(words[2]));
            case "@describe" -> words[1].equals("S") ? Frames.describeStatement(name(words[2])) : Frames.describePortal(name(words[2]));
            case "@close" -> words[1].equals("S") ? Frames.closeStatement(name(words[2])) : Frames.closePortal(name(words[2]));
            case "@flush" -> Frames.flush();
            case "@sync" -> Frames.sync();
            case "@query" -> Frames.query(line.split(" ", 2)[1]);
            default -> throw new IllegalArgumentException("unknown line in a script: " + line);
        };
    }

    private static String name(String word) {
        return word.equals("~") ? "" : word;
    }

    List<byte[]> copyData() {
        List<byte[]> frames = new ArrayList<>();
        copy.forEach(line -> frames.add(Frames.copyData(line.getBytes(StandardCharsets.UTF_8))));
        frames.add(Frames.copyDone());
        return frames;
    }
}

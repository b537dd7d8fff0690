// SPDX-License-Identifier: Apache-2.0
package dev.sluice.e2e.stack;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What PostgreSQL itself says that it has executed. */
final class ServerLog {
    /** Settings under which the log has what is read here. No value has a space, since they travel on a command line. */
    static final Map<String, String> SETTINGS =
            Map.of("log_statement", "all", "log_line_prefix", "%m[%p]:", "log_timezone", "UTC");

    private static final Pattern LINE = Pattern.compile("(\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d\\.\\d{3}) UTC\\[(\\d+)\\]:(LOG|DETAIL): {2}(.*)");
    private static final Pattern STATEMENT = Pattern.compile("(?:statement|execute [^:]*): (.*)");
    private static final Pattern PARAMETER = Pattern.compile("[Pp]arameters: \\$1 = '([^']*)'");
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS");

    private ServerLog() {}

    /**
     * An execution.
     *
     * @param key the text, and behind a bar the first parameter if there is one
     */
    record Executed(Instant time, String key) {}

    /** The executions of one-line statements whose text contains {@code part}. */
    static List<Executed> read(Path file, String part) throws IOException {
        var executed = new ArrayList<Executed>();
        var lastOfProcess = new java.util.HashMap<String, Integer>();
        for (String text : Files.readAllLines(file, StandardCharsets.UTF_8)) {
            Matcher line = LINE.matcher(text);
            if (!line.matches()) {
                continue;
            }
            String process = line.group(2);
            Matcher statement = STATEMENT.matcher(line.group(4));
            Matcher parameter = PARAMETER.matcher(line.group(4));
            if (line.group(3).equals("LOG")) {
                lastOfProcess.remove(process);
                if (statement.matches() && statement.group(1).contains(part)) {
                    lastOfProcess.put(process, executed.size());
                    Instant time = LocalDateTime.parse(line.group(1), TIME).toInstant(ZoneOffset.UTC);
                    executed.add(new Executed(time, statement.group(1)));
                }
            } else if (parameter.find() && lastOfProcess.containsKey(process)) {
                int place = lastOfProcess.get(process);
                Executed before = executed.get(place);
                executed.set(place, new Executed(before.time(), before.key() + "|" + parameter.group(1)));
            }
        }
        return executed;
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What an auditor does at a terminal. */
@Command(
        name = "audit",
        mixinStandardHelpOptions = true,
        description = "Asks an audit-service what happened.",
        subcommands = {
            AuditCommand.Sessions.class, AuditCommand.Search.class, AuditCommand.Show.class, AuditCommand.Replay.class, AuditCommand.Export.class,
            AuditCommand.Report.class
        })
public final class AuditCommand {
    private static final String OF_STATEMENTS = "words, table, column, function, kind, effect, outcome, rule, approver, approvalId, sqlstate, bounded, destructive, end,"
            + " policy, minRows, maxRows, minDuration, maxDuration, maskedColumn, unmasked";

    private AuditCommand() {}

    /** What all of them share: the service, where to print, and what becomes of a refusal. */
    private abstract static class Asking implements Callable<Integer> {
        @Mixin
        Service service = new Service();

        @Spec
        CommandSpec spec = CommandSpec.create();

        abstract void ask(PrintWriter out) throws IOException;

        @Override
        public final Integer call() {
            PrintWriter out = spec.commandLine().getOut();
            try {
                ask(out);
                out.flush();
                return CommandLine.ExitCode.OK;
            } catch (Service.Refused e) {
                out.flush();
                spec.commandLine().getErr().println(e.getMessage());
                return CommandLine.ExitCode.SOFTWARE;
            } catch (IOException e) {
                out.flush();
                spec.commandLine().getErr().println("reading or writing has failed: " + e.getMessage());
                return CommandLine.ExitCode.SOFTWARE;
            }
        }
    }

    /** A list that is printed row by row, page after page. */
    private abstract static class Listing extends Asking {
        @Option(names = "--limit", paramLabel = "N", defaultValue = "100", description = "Most rows that are printed. Default: ${DEFAULT-VALUE}.")
        int limit;

        @Option(names = "--json", description = "Print one JSON object per row.")
        boolean json;

        void list(PrintWriter out, String path, String name, Map<String, String> filters) {
            Map<String, String> parameters = new LinkedHashMap<>(filters);
            int printed = 0;
            while (printed < limit) {
                parameters.put("limit", String.valueOf(Math.min(500, limit - printed)));
                JsonNode page = service.json(path, parameters);
                for (JsonNode row : page.path(name)) {
                    out.println(json ? row.toString() : line(row));
                    printed++;
                }
                if (!page.hasNonNull("next")) {
                    return;
                }
                parameters.put("cursor", page.path("next").asText());
            }
            out.println("… there are more; say --limit");
        }

        abstract String line(JsonNode row);
    }

    @Command(name = "sessions", mixinStandardHelpOptions = true, description = "Lists sessions, newest first.")
    static final class Sessions extends Listing {
        @Option(
                names = {"-f", "--filter"},
                paramLabel = "NAME=VALUE",
                description = "principal, group, target, application, trace, open, state, from, to, sort; and of one statement in it: text, " + OF_STATEMENTS
                        + ". May be given more than once.")
        private Map<String, String> filters = Map.of();

        @Override
        void ask(PrintWriter out) {
            list(out, "/v1/sessions", "sessions", filters);
        }

        @Override
        String line(JsonNode row) {
            String state = row.hasNonNull("refusedAt") ? "refused" : row.hasNonNull("closedAt") ? "closed" : "open";
            return String.format(
                    "%-30s %-36s %-8s %-20s %-16s %6d statements",
                    row.path("startedAt").asText(),
                    row.path("sessionId").asText(),
                    state,
                    row.path("principal").asText(row.path("claimedUser").asText("?")),
                    row.path("target").asText("-"),
                    row.path("statements").asLong());
        }
    }

    @Command(name = "search", mixinStandardHelpOptions = true, description = "Finds statements.")
    static final class Search extends Listing {
        @Option(
                names = {"-f", "--filter"},
                paramLabel = "NAME=VALUE",
                description = "principal, group, target, sessionId, trace, from, to, sort, " + OF_STATEMENTS + ". May be given more than once.")
        private Map<String, String> filters = Map.of();

        @Parameters(paramLabel = "TEXT", arity = "0..1", description = "A part of the query, in any case.")
        private @Nullable String text;

        @Override
        void ask(PrintWriter out) {
            Map<String, String> all = new LinkedHashMap<>(filters);
            if (text != null) {
                all.put("text", text);
            }
            list(out, "/v1/statements", "statements", all);
        }

        @Override
        String line(JsonNode row) {
            String end = row.hasNonNull("sqlstate") ? row.path("sqlstate").asText() : row.path("rowCount").asText("?") + " rows";
            return String.format(
                    "%-30s %-36s %-16s %-5s %-20s %-12s %s",
                    row.path("startedAt").asText(),
                    row.path("sessionId").asText(),
                    row.path("principal").asText("?"),
                    row.path("outcome").asText("-"),
                    row.path("rule").asText("-"),
                    end,
                    oneLine(row.path("query").asText()));
        }
    }

    @Command(name = "show", mixinStandardHelpOptions = true, description = "Prints the timeline of one session.")
    static final class Show extends Asking {
        @Parameters(paramLabel = "SESSION")
        private String sessionId = "";

        @Option(names = "--json", description = "Print one JSON object per entry.")
        private boolean json;

        @Override
        void ask(PrintWriter out) {
            Map<String, String> parameters = new LinkedHashMap<>();
            JsonNode page;
            do {
                page = service.json("/v1/sessions/" + Service.encoded(sessionId) + "/timeline", parameters);
                for (JsonNode entry : page.path("entries")) {
                    out.println(json ? entry.toString() : entry(entry));
                }
                parameters.put("cursor", page.path("next").asText());
            } while (page.hasNonNull("next"));
        }
    }

    @Command(name = "replay", mixinStandardHelpOptions = true, description = "Prints a session at the speed it happened, or another.")
    static final class Replay extends Asking {
        @Parameters(paramLabel = "SESSION")
        private String sessionId = "";

        @Option(names = "--speed", paramLabel = "FACTOR", defaultValue = "1", description = "2 is twice as fast, 0 without waiting. Default: ${DEFAULT-VALUE}.")
        private String speed = "1";

        @Option(names = "--max-gap", paramLabel = "DURATION", defaultValue = "PT5S", description = "The longest wait between two entries. Default: ${DEFAULT-VALUE}.")
        private String maxGap = "PT5S";

        @Option(names = "--follow", description = "Stay until the session ends.")
        private boolean follow;

        @Override
        void ask(PrintWriter out) throws IOException {
            var parameters = Map.of("speed", speed, "maxGap", maxGap, "follow", String.valueOf(follow));
            try (var lines = new BufferedReader(new InputStreamReader(
                    service.open("/v1/sessions/" + Service.encoded(sessionId) + "/replay", parameters), StandardCharsets.UTF_8))) {
                String event = "";
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    if (line.startsWith("event: ")) {
                        event = line.substring("event: ".length());
                    } else if (line.startsWith("data: ") && event.equals("entry")) {
                        out.println(entry(Service.parse(line.substring("data: ".length()))));
                        out.flush();
                    }
                }
                if (!event.equals("end")) {
                    throw new Service.Refused("the connection ended before the replay did");
                }
            }
        }
    }

    /** A command whose answer goes into a file, or to standard output. */
    private abstract static class Fetching extends Asking {
        @Option(names = {"-o", "--output"}, paramLabel = "FILE", description = "Where to write. Default: standard output.")
        @Nullable Path output;

        @Option(names = {"-f", "--filter"}, paramLabel = "NAME=VALUE", description = "As the route of the REST interface takes it. May be given more than once.")
        Map<String, String> filters = Map.of();

        void fetch(String path, String format, PrintWriter out) throws IOException {
            Map<String, String> parameters = new LinkedHashMap<>(filters);
            parameters.put("format", format);
            try (InputStream body = service.open(path, parameters)) {
                if (output == null) {
                    new InputStreamReader(body, StandardCharsets.UTF_8).transferTo(out);
                } else {
                    Files.copy(body, output, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
    }

    @Command(name = "export", mixinStandardHelpOptions = true, description = "Takes evidence away: a signed bundle, exact records, or a table of statements.")
    static final class Export extends Fetching {
        @Option(names = "--format", paramLabel = "FORMAT", defaultValue = "bundle", description = "bundle or ndjson (sessions), csv or statements (a line of JSON each). Default: ${DEFAULT-VALUE}.")
        private String format = "bundle";

        @Override
        void ask(PrintWriter out) throws IOException {
            switch (format) {
                case "bundle" -> {
                    if (output == null) {
                        throw new CommandLine.ParameterException(spec.commandLine(), "a bundle is no text: say --output FILE");
                    }
                    fetch("/v1/export/sessions", format, out);
                }
                case "ndjson" -> fetch("/v1/export/sessions", format, out);
                case "csv" -> fetch("/v1/export/statements", format, out);
                case "statements" -> fetch("/v1/export/statements", "ndjson", out);
                default -> throw new CommandLine.ParameterException(spec.commandLine(), "--format is bundle, ndjson, csv or statements");
            }
        }
    }

    @Command(name = "report", mixinStandardHelpOptions = true, description = "Prints a report: destructive, masked-columns, denied, policies or completeness.")
    static final class Report extends Fetching {
        @Parameters(paramLabel = "REPORT")
        private String report = "";

        @Option(names = "--format", paramLabel = "FORMAT", defaultValue = "csv", description = "json, csv or html. Default: ${DEFAULT-VALUE}.")
        private String format = "csv";

        @Override
        void ask(PrintWriter out) throws IOException {
            fetch("/v1/reports/" + Service.encoded(report), format, out);
        }
    }

    private static String entry(JsonNode entry) {
        String query = entry.path("data").path("query").asText("");
        return String.format(
                "%-30s %-22s %s%s",
                entry.path("time").asText(),
                entry.path("type").asText().replaceAll("^dev\\.sluice\\.|\\.v\\d+$", ""),
                oneLine(entry.path("summary").asText()),
                query.isEmpty() ? "" : "  " + oneLine(query));
    }

    /** Nothing that a statement holds may move the cursor of a terminal. */
    private static String oneLine(String text) {
        StringBuilder line = new StringBuilder(text.length());
        text.codePoints().forEach(point -> line.appendCodePoint(Character.isISOControl(point) || Character.getType(point) == Character.FORMAT ? ' ' : point));
        return line.toString();
    }
}

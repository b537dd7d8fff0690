// SPDX-License-Identifier: Apache-2.0
package dev.sluice.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** Measures what Sluice costs: the same pgbench runs directly, through PgBouncer in session mode and through Sluice, in turn. */
@Command(
        name = "deploy/bench/run",
        description = "Runs pgbench directly, through PgBouncer (if installed) and through Sluice (observing, recording strictly), in alternating runs.",
        sortOptions = false,
        usageHelpWidth = 110)
final class Bench implements Callable<Integer> {
    private static final int WARM_UP_CLIENTS = 8;

    @Option(
            names = "--quick",
            description = "Some six minutes: like --seconds 2 --warm-up 8 --modes simple,prepared, where those are not given.")
    private boolean quick;

    @Option(names = "--seconds", paramLabel = "N", defaultValue = "5", description = "Length of one run. Default: ${DEFAULT-VALUE}.")
    private int seconds;

    @Option(
            names = "--warm-up",
            paramLabel = "N",
            defaultValue = "15",
            description = "Seconds that each route is run before each mode, unmeasured: a JVM is slow until it has compiled what is hot. Default: ${DEFAULT-VALUE}.")
    private int warmUp;

    @Option(names = "--rounds", paramLabel = "N", defaultValue = "3", description = "Runs of each combination. Default: ${DEFAULT-VALUE}.")
    private int rounds;

    @Option(names = "--clients", paramLabel = "N", split = ",", defaultValue = "1,8,32", description = "Numbers of clients. Default: ${DEFAULT-VALUE}.")
    private List<Integer> clients = new ArrayList<>();

    @Option(
            names = "--modes",
            paramLabel = "MODE",
            split = ",",
            defaultValue = "simple,extended,prepared",
            description = "pgbench's protocol modes. Default: ${DEFAULT-VALUE}.")
    private List<String> modes = new ArrayList<>();

    @Option(names = "--workloads", paramLabel = "NAME", split = ",", defaultValue = "select-only,tpc-b", description = "Default: ${DEFAULT-VALUE}.")
    private List<String> workloads = new ArrayList<>();

    @Option(names = "--scale", paramLabel = "N", defaultValue = "10", description = "pgbench's scale factor. Default: ${DEFAULT-VALUE}.")
    private int scale;

    @Option(names = "--output", paramLabel = "DIR", description = "Folder for the results, <date>.md and <date>.json. Default: deploy/bench/results.")
    private @Nullable Path output;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Show this help.")
    @SuppressWarnings("UnusedVariable") // picocli sets it, and reads it by its annotation
    private boolean help;

    @Spec
    private @Nullable CommandSpec spec;

    private Bench() {}

    public static void main(String... arguments) {
        CommandLine command = new CommandLine(new Bench());
        command.setExecutionExceptionHandler((failure, line, parsed) -> {
            line.getErr().println("bench: " + failure.getMessage());
            return 1;
        });
        System.exit(command.execute(arguments));
    }

    @Override
    public Integer call() throws IOException {
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        if (quick) {
            hurry(Objects.requireNonNull(spec).commandLine().getParseResult());
        }
        List<Workload> chosen = workloads.stream().map(Workload::parse).toList();
        String version = Pgbench.version();
        Path folder = output != null ? output.toAbsolutePath() : Path.of(System.getProperty("sluice.home", "."), "deploy", "bench", "results").toAbsolutePath();
        Files.createDirectories(folder);
        String name = LocalDate.now(ZoneOffset.UTC).toString();
        try (Surroundings surroundings = Surroundings.start(scale, line -> say(out, line))) {
            Map<String, String> circumstances = circumstances(version, surroundings.routes());
            List<Cell> cells = new ArrayList<>();
            for (Workload workload : chosen) {
                for (String mode : modes) {
                    for (Route route : surroundings.routes()) {
                        say(out, "warming up " + route.name() + ": " + workload.label() + " " + mode);
                        surroundings.pgbench().run(route, workload, mode, WARM_UP_CLIENTS, warmUp);
                    }
                    for (int number : clients) {
                        cells.addAll(measure(surroundings, workload, mode, number, out));
                    }
                    write(folder, name, new Report(circumstances, cells));
                }
            }
            say(out, "\n" + new Report(circumstances, cells).markdown());
        }
        say(out, "Results are in " + folder);
        return 0;
    }

    /** Short enough for a first look; what was asked for by name stays. */
    private void hurry(ParseResult given) {
        seconds = given.hasMatchedOption("--seconds") ? seconds : 2;
        warmUp = given.hasMatchedOption("--warm-up") ? warmUp : 8;
        modes = given.hasMatchedOption("--modes") ? modes : List.of("simple", "prepared");
    }

    private List<Cell> measure(Surroundings surroundings, Workload workload, String mode, int number, PrintWriter out) {
        Map<Route, List<Measurement>> taken = new LinkedHashMap<>();
        List<Route> order = new ArrayList<>(surroundings.routes());
        surroundings.routes().forEach(route -> taken.put(route, new ArrayList<>()));
        for (int round = 1; round <= rounds; round++) {
            for (Route route : order) {
                Measurement measurement = Measurement.take(surroundings.pgbench(), surroundings.bystanders(), route, workload, mode, number, seconds);
                say(out, String.format(
                        Locale.ROOT,
                        "%s %s, %d clients, round %d, %s: %.0f tps",
                        workload.label(), mode, number, round, route.name(), measurement.result().transactionsPerSecond()));
                taken.computeIfAbsent(route, unseen -> new ArrayList<>()).add(measurement);
            }
            // The next round begins with another route, so that none always follows the same one.
            Collections.rotate(order, 1);
        }
        return taken.entrySet().stream()
                .map(entry -> new Cell(workload, mode, number, entry.getKey().name(), entry.getValue()))
                .toList();
    }

    private Map<String, String> circumstances(String version, List<Route> routes) {
        Map<String, String> circumstances = new LinkedHashMap<>();
        circumstances.put("when", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        circumstances.put("machine", Runtime.getRuntime().availableProcessors() + " processors, " + System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        circumstances.put("Java", System.getProperty("java.runtime.version"));
        circumstances.put("client", version);
        circumstances.put("runs", rounds + " rounds of " + seconds + " s after " + warmUp + " s of warming up, scale " + scale);
        circumstances.put("PostgreSQL", "18, fsync off, so that the disk does not hide the difference");
        circumstances.put("Sluice", "policy observe, strict recording: every statement is acknowledged by Kafka (one broker, acks=all) before it runs");
        if (routes.stream().noneMatch(route -> route.name().equals(Route.PGBOUNCER))) {
            circumstances.put("PgBouncer", "not installed, so not measured");
        }
        return circumstances;
    }

    private static void write(Path folder, String name, Report report) throws IOException {
        Files.writeString(folder.resolve(name + ".md"), report.markdown());
        Files.writeString(folder.resolve(name + ".json"), report.json());
    }

    private static void say(PrintWriter out, String line) {
        out.println(line);
        out.flush();
    }
}

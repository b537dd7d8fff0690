// SPDX-License-Identifier: Apache-2.0
package dev.sluice.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Runs pgbench, which comes with PostgreSQL's client programs. */
final class Pgbench {
    private static final Pattern TPS = Pattern.compile("^tps = ([0-9.]+) \\(without initial connection time\\)$", Pattern.MULTILINE);
    private static final Pattern LATENCY = Pattern.compile("^latency average = ([0-9.]+) ms$", Pattern.MULTILINE);
    private static final Pattern TRANSACTIONS = Pattern.compile("^number of transactions actually processed: ([0-9]+)", Pattern.MULTILINE);
    private static final int THREADS = 2;
    private static final int GRACE_SECONDS = 60;

    private final String user;
    private final String password;
    private final String database;

    Pgbench(String user, String password, String database) {
        this.user = user;
        this.password = password;
        this.database = database;
    }

    /** What one run came to. */
    record Result(double transactionsPerSecond, double latencyMillis, long transactions) {
        static Result parse(String output) {
            return new Result(number(TPS, output), number(LATENCY, output), (long) number(TRANSACTIONS, output));
        }

        private static double number(Pattern pattern, String output) {
            Matcher found = pattern.matcher(output);
            if (!found.find()) {
                throw new IllegalStateException("pgbench's output has no line like '" + pattern + "':\n" + output);
            }
            return Double.parseDouble(found.group(1));
        }
    }

    /** Fails with a sentence when pgbench is not there. */
    static String version() {
        try {
            return output(new ProcessBuilder("pgbench", "--version").redirectErrorStream(true).start(), GRACE_SECONDS).strip();
        } catch (IOException missing) {
            throw new IllegalStateException("pgbench is not on the PATH: install PostgreSQL's client programs (on Debian: postgresql-contrib, on macOS: libpq).", missing);
        }
    }

    void initialize(int port, int scale) {
        run(port, GRACE_SECONDS * 5, List.of("--initialize", "--quiet", "--scale=" + scale));
    }

    Result run(Route route, Workload workload, String mode, int clients, int seconds) {
        return Result.parse(run(
                route.port(),
                seconds + GRACE_SECONDS,
                List.of(
                        "--no-vacuum",
                        "--builtin=" + workload.script(),
                        "--protocol=" + mode,
                        "--client=" + clients,
                        "--jobs=" + Math.min(clients, THREADS),
                        "--time=" + seconds)));
    }

    private String run(int port, int patienceSeconds, List<String> arguments) {
        List<String> command = new ArrayList<>(List.of("pgbench", "--host=127.0.0.1", "--port=" + port, "--username=" + user));
        command.addAll(arguments);
        command.add(database);
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("PGPASSWORD", password);
        builder.environment().put("PGSSLMODE", "disable");
        builder.environment().put("LC_ALL", "C");
        try {
            Process process = builder.start();
            String output = output(process, patienceSeconds);
            if (process.exitValue() != 0) {
                throw new IllegalStateException(String.join(" ", command) + " ended with " + process.exitValue() + ":\n" + output);
            }
            return output;
        } catch (IOException failed) {
            throw new IllegalStateException("pgbench cannot be run: " + failed.getMessage(), failed);
        }
    }

    private static String output(Process process, int patienceSeconds) throws IOException {
        process.onExit().orTimeout(patienceSeconds, TimeUnit.SECONDS).whenComplete((ended, late) -> {
            if (late != null) {
                process.destroyForcibly();
            }
        });
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            process.waitFor();
        } catch (InterruptedException interrupted) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", interrupted);
        }
        return output;
    }
}

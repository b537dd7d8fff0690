// SPDX-License-Identifier: Apache-2.0
package dev.sluice.quickstart;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The first command of the README: starts everything, says how to try it, and waits for Ctrl-C. */
@Command(
        name = "deploy/quickstart/run",
        description = "Starts Sluice with everything it needs in one process: Kafka, PostgreSQL with a sample shop, an OpenID provider and the three services.",
        sortOptions = false,
        usageHelpWidth = 110,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:stopped by Ctrl-C", "1:could not start; one sentence says why", "2:the command line was not understood"})
final class Quickstart implements Callable<Integer> {
    private static final Duration TOKEN_LIFETIME = Duration.ofHours(24);

    @Option(
            names = "--target",
            paramLabel = "NAME=URL",
            description = {
                "Guard an existing server instead of the sample shop, for example app=postgres://user:password@db.internal:5432/app. "
                        + "With ?credential=passthrough each client's own login goes to the server; the name * takes every database. May be repeated."
            })
    private List<String> targets = new ArrayList<>();

    @Option(names = "--policy", paramLabel = "FILE", description = "Policy to enforce. Default: deploy/policies/quickstart.yaml.")
    private @Nullable Path policy;

    @Option(names = "--listen", paramLabel = "HOST:PORT", defaultValue = "127.0.0.1:6432", description = "Where PostgreSQL clients connect. Default: ${DEFAULT-VALUE}.")
    private String listen = "";

    @Option(
            names = "--http",
            paramLabel = "HOST:PORT",
            defaultValue = "127.0.0.1:8080",
            description = "Where the approval-service listens; the audit-service, the OpenID provider and the gateway's control API take the next three ports. Default: ${DEFAULT-VALUE}.")
    private String http = "";

    @Option(names = "--state", paramLabel = "DIR", description = "Folder for everything that is kept between runs. Default: deploy/quickstart/.state.")
    private @Nullable Path state;

    @Option(names = "--ephemeral", description = "Keep nothing: the state folder is a temporary one and is deleted at the end.")
    private boolean ephemeral;

    @Option(names = "--credentials", paramLabel = "FILE", description = "Also write the tokens and URLs as JSON to this file.")
    private @Nullable Path credentials;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Show this help.")
    @SuppressWarnings("UnusedVariable") // picocli sets it, and reads it by its annotation
    private boolean help;

    @Spec
    private @Nullable CommandSpec spec;

    private final CountDownLatch ended = new CountDownLatch(1);

    private Quickstart() {}

    /** Runs until interrupted. */
    public static void main(String... arguments) {
        CommandLine command = new CommandLine(new Quickstart());
        command.setExecutionExceptionHandler((failure, line, parsed) -> {
            line.getErr().println("quickstart: " + (failure instanceof StartFailure ? failure.getMessage() : "unexpected failure: " + failure));
            return 1;
        });
        System.exit(command.execute(arguments));
    }

    @Override
    public Integer call() throws InterruptedException {
        StackOptions options = options();
        // Read when logging starts, which is at the first class that logs.
        System.setProperty("sluice.log", options.state().resolve("quickstart.log").toString());
        System.setProperty("logback.configurationFile", "quickstart-logback.xml");
        // The broker brings Log4j's interface without an implementation, which would complain about that.
        System.setProperty("log4j2.loggerContextFactory", "org.apache.logging.log4j.simple.SimpleLoggerContextFactory");
        PrivateFile.folder(options.state());
        PrintWriter out = java.util.Objects.requireNonNull(spec).commandLine().getOut();
        long begun = System.nanoTime();
        Stack stack = prepare(options, out);
        Thread closer = new Thread(() -> close(stack, out), "close");
        Runtime.getRuntime().addShutdownHook(closer);
        try {
            stack.start();
        } catch (StartFailure failed) {
            ended.countDown();
            throw failed;
        }
        Credentials ready = stack.credentials();
        Path folder = stack.stateFolder();
        ready.write(folder.resolve("credentials.json"));
        if (credentials != null) {
            ready.write(credentials);
        }
        Banner banner = new Banner(ready, options, folder);
        banner.writeTokens();
        PrivateFile.write(folder.resolve("try-it.txt"), banner.text());
        say(out, banner.text());
        say(out, "READY in " + Duration.ofNanos(System.nanoTime() - begun).toSeconds() + " s. Ctrl-C stops everything.");
        ended.await();
        return 0;
    }

    private static Stack prepare(StackOptions options, PrintWriter out) {
        try {
            return Stack.prepare(options, line -> say(out, "… " + line));
        } catch (StartFailure refused) {
            if (options.ephemeral()) {
                LocalPostgres.deleteTree(options.state());
            }
            throw refused;
        }
    }

    private StackOptions options() {
        if (ephemeral && state != null) {
            throw new StartFailure("--ephemeral keeps nothing, so --state has no meaning with it: give one of the two.");
        }
        return new StackOptions(
                ephemeral ? temporaryFolder() : stateFolder(),
                ephemeral,
                address("--listen", listen),
                address("--http", http),
                targets.stream().map(Target::parse).toList(),
                policy,
                TOKEN_LIFETIME,
                Map.of(),
                StackOptions.BLOCKED_AFTER);
    }

    private static HostPort address(String flag, String value) {
        HostPort address;
        try {
            address = HostPort.parse(value);
        } catch (IllegalArgumentException wrong) {
            throw new StartFailure(flag + ": " + wrong.getMessage() + ".", wrong);
        }
        if (flag.equals("--http") && address.port() > 65535 - 3) {
            throw new StartFailure("--http: port " + address.port() + " leaves no room for the three ports above it.");
        }
        return address;
    }

    private Path stateFolder() {
        return state != null ? state.toAbsolutePath() : Path.of(System.getProperty("sluice.home", "."), "deploy", "quickstart", ".state").toAbsolutePath();
    }

    private static Path temporaryFolder() {
        try {
            return Files.createTempDirectory("sluice-quickstart-");
        } catch (IOException failed) {
            throw new StartFailure("no temporary folder can be made: " + failed.getMessage(), failed);
        }
    }

    private void close(Stack stack, PrintWriter out) {
        if (ended.getCount() == 0) {
            // It did not start, and has closed itself.
            return;
        }
        say(out, "… stopping");
        try {
            stack.close();
            say(out, "stopped");
        } catch (RuntimeException failed) {
            say(out, "stopped, but not cleanly: " + failed.getMessage());
        }
        ended.countDown();
    }

    private static void say(PrintWriter out, String line) {
        out.println(line);
        out.flush();
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit;

import dev.sluice.audit.client.AuditCommand;
import dev.sluice.audit.config.AuditConfig;
import dev.sluice.schemas.config.ConfigException;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command line of the audit-service. */
@Command(
        name = "audit-service",
        mixinStandardHelpOptions = true,
        description = "What happened, provably: keeps the events of Sluice in PostgreSQL, answers auditors over REST, and verifies evidence.",
        subcommands = {Main.Serve.class, VerifyCommand.class, AuditCommand.class})
public final class Main implements Callable<Integer> {
    @Option(names = "--config", paramLabel = "FILE", description = "As serve --config FILE.")
    private @Nullable Path config;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private Main() {}

    /** Runs the command and ends the process with its exit code. */
    public static void main(String[] arguments) {
        // Before the first logger: a process that embeds the service brings its own configuration, so ours has another name than the usual.
        if (System.getProperty("logback.configurationFile") == null) {
            System.setProperty("logback.configurationFile", "logback-audit.xml");
        }
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        return new CommandLine(new Main()).setExecutionExceptionHandler((failure, command, _) -> {
            command.getErr().println(failure.getMessage() == null ? failure.toString() : failure.getMessage());
            return CommandLine.ExitCode.SOFTWARE;
        });
    }

    @Override
    public Integer call() throws InterruptedException {
        if (config == null) {
            throw new CommandLine.ParameterException(spec.commandLine(), "say serve --config FILE, verify FILE, or audit COMMAND");
        }
        return Serve.until(config, spec);
    }

    /** Runs the service until the process is told to end. */
    @Command(name = "serve", mixinStandardHelpOptions = true, description = "Runs the service until SIGTERM or SIGINT.")
    static final class Serve implements Callable<Integer> {
        private static final Logger LOGGER = LoggerFactory.getLogger(Serve.class);
        private static final long DRAIN_SECONDS = 20;

        @Option(
                names = "--config",
                required = true,
                paramLabel = "FILE",
                description = "The configuration, YAML. SLUICE_AUDIT_… environment variables override it.")
        private Path config = Path.of("audit.yaml");

        @Spec
        private CommandSpec spec = CommandSpec.create();

        @Override
        public Integer call() throws InterruptedException {
            return until(config, spec);
        }

        /** Serves until the process is told to end. */
        static int until(Path config, CommandSpec spec) throws InterruptedException {
            AuditConfig settings;
            try {
                settings = AuditConfig.READER.read(config, System.getenv());
            } catch (ConfigException e) {
                throw new CommandLine.ParameterException(spec.commandLine(), e.getMessage());
            }
            Vertx vertx = Vertx.vertx();
            AuditService service;
            try {
                service = AuditService.start(vertx, settings).await();
            } catch (Exception e) {
                vertx.close();
                throw e;
            }
            LOGGER.atInfo().addKeyValue("port", service.port()).log("audit-service ready");
            var ended = new CountDownLatch(1);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                try {
                    service.close().transform(_ -> vertx.close()).await(DRAIN_SECONDS, TimeUnit.SECONDS);
                } catch (TimeoutException e) {
                    LOGGER.atWarn().log("the service has not ended within its deadline");
                }
                ended.countDown();
            }));
            ended.await();
            return 0;
        }
    }
}

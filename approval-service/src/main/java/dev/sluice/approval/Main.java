// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval;

import dev.sluice.approval.config.ApprovalConfig;
import dev.sluice.schemas.config.ConfigException;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command line of the approval-service. */
@Command(
        name = "approval-service",
        mixinStandardHelpOptions = true,
        description = "Opens an approval for every statement that a gateway holds, takes votes over REST, and sends signed verdicts. Runs until SIGTERM or SIGINT.")
public final class Main implements Callable<Integer> {
    private static final long DRAIN_SECONDS = 20;
    private static final String LOGGING = "logback.configurationFile";

    @Option(
            names = "--config",
            required = true,
            paramLabel = "FILE",
            description = "The configuration, YAML. SLUICE_APPROVAL_… environment variables override it.")
    private Path config = Path.of("approval-service.yaml");

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private Main() {}

    /** Runs the service and ends the process with its exit code. */
    public static void main(String[] arguments) {
        // Before the first logger; an operator's own file wins.
        if (System.getProperty(LOGGING) == null) {
            System.setProperty(LOGGING, "approval-service-logback.xml");
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
        var vertx = Vertx.vertx();
        ApprovalService service;
        try {
            service = ApprovalService.start(vertx, ApprovalConfig.READER.read(config, System.getenv())).await();
        } catch (ConfigException e) {
            vertx.close();
            throw new CommandLine.ParameterException(spec.commandLine(), e.getMessage());
        } catch (RuntimeException e) {
            vertx.close();
            throw e;
        }
        var logger = LoggerFactory.getLogger(Main.class);
        logger.atInfo().addKeyValue("port", service.port()).log("approval-service ready");
        var ended = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            try {
                // One after the other: a future of the service's would have no thread left to complete on.
                service.close().await(DRAIN_SECONDS, TimeUnit.SECONDS);
                vertx.close().await(DRAIN_SECONDS, TimeUnit.SECONDS);
            } catch (TimeoutException e) {
                logger.atWarn().log("the service has not ended within its deadline");
            }
            ended.countDown();
        }));
        ended.await();
        return CommandLine.ExitCode.OK;
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway;

import dev.sluice.gateway.config.CommandLineSettings;
import dev.sluice.gateway.config.GatewayConfig;
import dev.sluice.gateway.config.InvalidConfiguration;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The gateway as a process: starts, says where it listens, and drains on SIGTERM. */
@Command(
        name = "sluice-gateway",
        mixinStandardHelpOptions = true,
        version = "0.1.0",
        description = "Stands between clients and PostgreSQL: judges, records, holds and forwards every statement.",
        footer = "Every setting can also be given as an environment variable SLUICE_…; see deploy/docs/configuration.md.")
public final class Main implements Callable<Integer> {
    private static final String LOGGING = "logback.configurationFile";
    private static final int EXIT_CONFIGURATION = 2;
    private static final long CLOSE_GRACE_SECONDS = 15;

    @Option(names = "--config", paramLabel = "FILE", description = "YAML file with the configuration.")
    private @Nullable Path config;

    @Option(names = "--target", paramLabel = "NAME=URL", description = "A target: name=postgres://user@host:port/database. The name * takes every database.")
    private List<String> targets = List.of();

    @Option(names = "--policy", paramLabel = "FILE", description = "The policy.")
    private @Nullable String policy;

    @Option(names = "--listen", paramLabel = "HOST:PORT", description = "Where clients connect. Default: 127.0.0.1:6432")
    private @Nullable String listen;

    @Option(names = "--http", paramLabel = "HOST:PORT", description = "Where health and metrics are served. Default: 127.0.0.1:8432")
    private @Nullable String http;

    private Main() {}

    public static void main(String[] arguments) {
        if (System.getProperty(LOGGING) == null) {
            System.setProperty(LOGGING, "gateway-logback.xml");
        }
        System.exit(new CommandLine(new Main()).execute(arguments));
    }

    @Override
    public Integer call() throws InterruptedException {
        GatewayConfig settings;
        try {
            settings = GatewayConfig.load(config, System.getenv(), new CommandLineSettings(targets, policy, listen, http));
        } catch (InvalidConfiguration invalid) {
            System.err.println("sluice-gateway: " + invalid.getMessage());
            return EXIT_CONFIGURATION;
        }
        Vertx vertx = Vertx.vertx();
        Gateway gateway;
        try {
            gateway = Gateway.start(vertx, settings).toCompletionStage().toCompletableFuture().get();
        } catch (ExecutionException failure) {
            Throwable cause = failure.getCause() == null ? failure : failure.getCause();
            System.err.println("sluice-gateway: cannot start: " + cause.getMessage());
            vertx.close();
            return 1;
        }
        System.out.println("sluice-gateway listens on " + settings.listen().host() + ":" + gateway.port());
        var ended = new CountDownLatch(1);
        long seconds = settings.drain().deadline().toSeconds() + CLOSE_GRACE_SECONDS;
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            try {
                gateway.close().toCompletionStage().toCompletableFuture().get(seconds, TimeUnit.SECONDS);
            } catch (ExecutionException | TimeoutException failure) {
                System.err.println("sluice-gateway: did not end in order: " + failure.getMessage());
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
            ended.countDown();
        }, "shutdown"));
        ended.await();
        return 0;
    }
}

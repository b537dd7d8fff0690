// SPDX-License-Identifier: Apache-2.0
package dev.sluice.quickstart;

import com.nimbusds.jose.JWSAlgorithm;
import dev.sluice.approval.ApprovalService;
import dev.sluice.audit.AuditService;
import dev.sluice.gateway.Gateway;
import dev.sluice.schemas.testing.EmbeddedKafka;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The running whole: Kafka, PostgreSQL, an OpenID provider and the three services, in one JVM and one Vert.x. Starting and closing
 * block. When one part does not start, those that have are closed again and a {@link StartFailure} says what was wrong.
 */
public final class Stack implements AutoCloseable {
    /** The agent of the sample; in the group {@code agents}. */
    public static final String AGENT = "agent-demo";

    /** People who may release a held statement; in the group {@code approvers}. */
    public static final List<String> APPROVERS = List.of("olivia", "pat");

    /** Who may read what happened; in the group {@code auditors}. */
    public static final String AUDITOR = "ada";

    private static final Duration PART_STARTS = Duration.ofSeconds(90);
    private static final Duration PART_STOPS = Duration.ofSeconds(30);

    private final StackOptions options;
    private final Consumer<String> progress;
    private final Deque<Part> parts = new ArrayDeque<>();
    private final Vertx vertx;
    private final StateFolder state;
    private boolean closed;

    private EmbeddedKafka kafka;
    private LocalPostgres postgres;
    private OidcProvider provider;
    private ApprovalService approvalService;
    private AuditService auditService;
    private Gateway gateway;

    private record Part(String name, AutoCloseable stop) {}

    @SuppressWarnings("NullAway.Init")
    private Stack(StackOptions options, Consumer<String> progress) {
        this.options = options;
        this.progress = progress;
        this.state = StateFolder.open(options.state(), options.ephemeral());
        this.parts.push(new Part("state folder", state));
        this.vertx = Vertx.vertx(new VertxOptions()
                .setBlockedThreadCheckInterval(Math.min(1_000, options.blockedAfter().toMillis()))
                .setMaxEventLoopExecuteTime(options.blockedAfter().toNanos())
                .setWarningExceptionTime(options.blockedAfter().toNanos()));
        this.parts.push(new Part("Vert.x", () -> vertx.close().await(PART_STOPS.toMillis(), TimeUnit.MILLISECONDS)));
    }

    /** Starts everything, silently. */
    public static Stack start(StackOptions options) {
        return start(options, line -> {});
    }

    /** Starts everything; {@code progress} is told what is being started. */
    public static Stack start(StackOptions options, Consumer<String> progress) {
        Stack stack = prepare(options, progress);
        stack.start();
        return stack;
    }

    /**
     * Looks whether the addresses are free and the targets answer, and takes the state folder, but starts nothing yet: so that somebody
     * who is interrupted while {@link #start()} runs has what to close.
     */
    static Stack prepare(StackOptions options, Consumer<String> progress) {
        Ports.requireFree(options.listen(), "PostgreSQL clients", "--listen");
        Ports.requireFree(options.http(), "the approval-service", "--http");
        Ports.requireFree(options.http().plus(1), "the audit-service", "--http");
        Ports.requireFree(options.http().plus(2), "the OpenID provider", "--http");
        Ports.requireFree(options.http().plus(3), "the gateway's control API", "--http");
        options.targets().forEach(Target::reach);
        ServiceFiles.requireValid(options.policy());
        return new Stack(options, progress);
    }

    /** Starts everything that {@link #prepare} has prepared; closes what has started when one part fails. */
    void start() {
        try {
            startServers();
            startServices();
        } catch (RuntimeException | Error failed) {
            try {
                close();
            } catch (RuntimeException alsoFailed) {
                failed.addSuppressed(alsoFailed);
            }
            throw failed;
        }
    }

    private void startServers() {
        String gatewayPassword = state.secret(SampleDatabase.GATEWAY_ROLE);
        String auditPassword = state.secret(ServiceFiles.AUDIT_ROLE);
        progress.accept("starting Kafka, PostgreSQL and the OpenID provider");
        try (ExecutorService starters = Executors.newVirtualThreadPerTaskExecutor()) {
            CompletableFuture<EmbeddedKafka> kafkaStarts = begin(starters, "Kafka", this::startKafka, EmbeddedKafka::close);
            CompletableFuture<LocalPostgres> postgresStarts = begin(
                    starters,
                    "PostgreSQL",
                    () -> {
                        LocalPostgres server = LocalPostgres.start(state.resolve("postgresql"), Map.of());
                        server.database(ServiceFiles.AUDIT_DATABASE, ServiceFiles.AUDIT_ROLE, auditPassword);
                        if (options.targets().isEmpty()) {
                            SampleDatabase.prepare(server, gatewayPassword);
                        }
                        return server;
                    },
                    LocalPostgres::close);
            provider = await("the OpenID provider", OidcProvider.start(vertx, providerOptions()));
            started("the OpenID provider", () -> provider.close().await());
            kafka = kafkaStarts.join();
            postgres = postgresStarts.join();
        } catch (CompletionException failed) {
            throw failure("a server", failed.getCause() == null ? failed : failed.getCause());
        }
    }

    private void startServices() {
        ServiceFiles files = new ServiceFiles(state, options, kafka.bootstrapServers(), provider.issuer());
        List<Map<String, Object>> targets =
                options.targets().isEmpty() ? List.of(files.sampleTarget(postgres.port())) : ServiceFiles.targets(options.targets());
        var auditConfig = ServiceConfigs.audit(files.audit(postgres.port()));
        var approvalConfig = ServiceConfigs.approval(files.approval());
        var gatewayConfig = ServiceConfigs.gateway(files.gateway(targets));
        progress.accept("starting the services");
        try (ExecutorService starters = Executors.newVirtualThreadPerTaskExecutor()) {
            CompletableFuture<AuditService> auditStarts = begin(
                    starters, "the audit-service", () -> await("the audit-service", AuditService.start(vertx, auditConfig)), service -> service.close().await());
            CompletableFuture<ApprovalService> approvalStarts = begin(
                    starters, "the approval-service", () -> await("the approval-service", ApprovalService.start(vertx, approvalConfig)), service -> service.close().await());
            CompletableFuture<Gateway> gatewayStarts =
                    begin(starters, "the gateway", () -> await("the gateway", Gateway.start(vertx, gatewayConfig)), service -> service.close().await());
            auditService = auditStarts.join();
            approvalService = approvalStarts.join();
            gateway = gatewayStarts.join();
        } catch (CompletionException failed) {
            throw failure("a service", failed.getCause() == null ? failed : failed.getCause());
        }
    }

    private EmbeddedKafka startKafka() {
        try {
            return EmbeddedKafka.start(state.resolve("kafka"), 0);
        } catch (IOException failed) {
            throw new StartFailure("the embedded Kafka in " + state.resolve("kafka") + " did not start: " + failed.getMessage(), failed);
        }
    }

    private <T> CompletableFuture<T> begin(ExecutorService starters, String name, Supplier<T> start, ThrowingConsumer<T> stop) {
        return CompletableFuture.supplyAsync(
                () -> {
                    T part = start.get();
                    started(name, () -> stop.accept(part));
                    return part;
                },
                starters);
    }

    private interface ThrowingConsumer<T> {
        void accept(T value) throws Exception;
    }

    private void started(String name, AutoCloseable stop) {
        Part part = new Part(name, stop);
        boolean tooLate;
        synchronized (parts) {
            tooLate = closed;
            if (!tooLate) {
                parts.push(part);
            }
        }
        if (tooLate) {
            stop(part);
            throw new StartFailure("interrupted while " + name + " was starting.");
        }
    }

    private static <T> T await(String what, io.vertx.core.Future<T> starting) {
        try {
            return starting.await(PART_STARTS.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException slow) {
            throw new StartFailure(what + " did not start within " + PART_STARTS.toSeconds() + " s.", slow);
        } catch (RuntimeException failed) {
            throw failure(what, failed);
        }
    }

    private static RuntimeException failure(String what, Throwable cause) {
        if (cause instanceof StartFailure clear) {
            return clear;
        }
        String reason = cause.getMessage() == null ? cause.toString() : cause.getMessage();
        return new StartFailure(what + " did not start: " + reason, cause);
    }

    private OidcProvider.Options providerOptions() {
        List<OidcAccount> accounts = List.of(
                OidcAccount.program(AGENT, state.secret(AGENT), "agents"),
                OidcAccount.person(APPROVERS.get(0), state.secret(APPROVERS.get(0)), "approvers"),
                OidcAccount.person(APPROVERS.get(1), state.secret(APPROVERS.get(1)), "approvers"),
                OidcAccount.person(AUDITOR, state.secret(AUDITOR), "auditors"));
        return new OidcProvider.Options(
                options.http().plus(2), ServiceFiles.AUDIENCE, options.tokenLifetime(), JWSAlgorithm.ES256, state.resolve("keys").resolve("oidc.jwks"), accounts, Clock.systemUTC());
    }

    /** Who is who, with tokens made now, and where everything is. */
    public Credentials credentials() {
        String database = options.targets().isEmpty() ? SampleDatabase.NAME : options.targets().getFirst().name();
        return new Credentials(
                new Credentials.GatewayAddress(options.listen().host(), gatewayPort(), database.equals(Target.ANY) ? null : database),
                login(AGENT),
                APPROVERS.stream().map(this::login).toList(),
                login(AUDITOR),
                new Credentials.Urls(
                        url(options.http().host(), approvalService.port()),
                        url(options.http().host(), auditService.port()),
                        provider.issuer(),
                        url(options.http().host(), gateway.controlPort())),
                new Credentials.PublicKeys(
                        ServiceFiles.publicKey(state, ServiceFiles.GATEWAY).toString(), ServiceFiles.publicKey(state, ServiceFiles.APPROVAL).toString()));
    }

    /** Where PostgreSQL clients connect. */
    public int gatewayPort() {
        return gateway.port();
    }

    public Gateway gateway() {
        return gateway;
    }

    public ApprovalService approvalService() {
        return approvalService;
    }

    public AuditService auditService() {
        return auditService;
    }

    public OidcProvider provider() {
        return provider;
    }

    public EmbeddedKafka kafka() {
        return kafka;
    }

    /** The embedded server, past the gateway: the sample shop and the audit-service's database are on it. */
    public LocalPostgres postgres() {
        return postgres;
    }

    public Vertx vertx() {
        return vertx;
    }

    /** Where everything is kept. */
    public Path stateFolder() {
        return state.root();
    }

    /** The gateway's own password for the sample shop, to compare a statement through the gateway with the same one past it. */
    public String sampleDatabasePassword() {
        return state.secret(SampleDatabase.GATEWAY_ROLE);
    }

    private Credentials.Login login(String account) {
        return new Credentials.Login(account, state.secret(account), provider.tokenFor(account));
    }

    private static URI url(String host, int port) {
        return URI.create("http://" + new HostPort(host, port).authority());
    }

    /** Stops everything, the last started first. Each part is given its chance even if another fails; the first failure is thrown. */
    @Override
    public void close() {
        RuntimeException first = null;
        for (Part part = next(); part != null; part = next()) {
            RuntimeException failed = stop(part);
            if (first == null) {
                first = failed;
            } else if (failed != null) {
                first.addSuppressed(failed);
            }
        }
        if (first != null) {
            throw first;
        }
    }

    private @Nullable Part next() {
        synchronized (parts) {
            closed = true;
            return parts.poll();
        }
    }

    private static @Nullable RuntimeException stop(Part part) {
        try {
            part.stop().close();
            return null;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return new IllegalStateException("interrupted while " + part.name() + " was stopping", interrupted);
        } catch (Exception failed) {
            return new IllegalStateException(part.name() + " did not stop cleanly: " + failed.getMessage(), failed);
        }
    }
}

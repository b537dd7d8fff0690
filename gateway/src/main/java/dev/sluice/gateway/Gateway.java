// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway;

import dev.sluice.gateway.config.GatewayConfig;
import dev.sluice.gateway.config.KafkaConfig;
import dev.sluice.gateway.http.ControlApi;
import dev.sluice.gateway.identity.AgentTokens;
import dev.sluice.gateway.identity.AgentTokensFile;
import dev.sluice.gateway.metrics.Metrics;
import dev.sluice.gateway.net.CallerChecks;
import dev.sluice.gateway.net.CancelRegistry;
import dev.sluice.gateway.net.ConfiguredNetwork;
import dev.sluice.gateway.net.Listener;
import dev.sluice.gateway.net.SessionServices;
import dev.sluice.gateway.net.Sessions;
import dev.sluice.gateway.session.HoldPractice;
import dev.sluice.gateway.session.Moment;
import dev.sluice.gateway.watch.BypassWatch;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running gateway. */
public final class Gateway {
    static final String VERSION = "0.1.0";
    /** Of eight days; a hundred thousand take seconds. */
    private static final Duration VERDICTS_TIMEOUT = Duration.ofMinutes(5);
    private static final Logger LOGGER = LoggerFactory.getLogger(Gateway.class);

    private final Vertx vertx;
    private final GatewayConfig config;
    private final Parts parts;
    private final Sessions sessions;
    private final Listener listener;
    private final ControlApi control;
    private final BypassWatch watch;
    private final @Nullable AgentTokensFile agentTokens;

    private Gateway(
            Vertx vertx,
            GatewayConfig config,
            Parts parts,
            Sessions sessions,
            Listener listener,
            ControlApi control,
            BypassWatch watch,
            @Nullable AgentTokensFile agentTokens) {
        this.vertx = vertx;
        this.config = config;
        this.parts = parts;
        this.sessions = sessions;
        this.listener = listener;
        this.control = control;
        this.watch = watch;
        this.agentTokens = agentTokens;
    }

    /**
     * Starts a gateway. Kafka must be reachable: without its topics nothing could be recorded, and so nothing could be allowed.
     *
     * @return fails with one sentence that names what is missing
     */
    public static Future<Gateway> start(Vertx vertx, GatewayConfig config) {
        return vertx.executeBlocking(() -> Parts.assemble(vertx, config), false)
                .compose(parts -> ready(vertx, config, parts)
                        .recover(failure -> parts.close(vertx).transform(closed -> Future.failedFuture(failure))));
    }

    private static Future<Gateway> ready(Vertx vertx, GatewayConfig config, Parts parts) {
        return parts.verdicts().ready()
                .timeout(VERDICTS_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                .recover(failure -> failure instanceof TimeoutException
                        ? Future.failedFuture("the tickets and verdicts in Kafka have not been read within " + VERDICTS_TIMEOUT.toMinutes() + " minutes: "
                                + parts.verdicts().health().condition())
                        : Future.failedFuture(failure))
                .compose(ready -> warmUp(parts))
                .compose(warm -> openAgentTokens(vertx, config))
                .compose(agentTokens -> listen(vertx, config, parts, agentTokens));
    }

    /** The first statement that is read makes the parser; no client should wait for that. */
    private static Future<Void> warmUp(Parts parts) {
        return Future.fromCompletionStage(parts.reader().read("SELECT 1")).mapEmpty();
    }

    private static Future<@Nullable AgentTokensFile> openAgentTokens(Vertx vertx, GatewayConfig config) {
        Path file = config.identity().agentTokens();
        return file == null ? Future.succeededFuture() : AgentTokensFile.open(vertx, file).map(opened -> opened);
    }

    private static Future<Gateway> listen(Vertx vertx, GatewayConfig config, Parts parts, @Nullable AgentTokensFile agentTokens) {
        String source = "/sluice/gateway/" + config.instance();
        var metrics = new Metrics();
        Supplier<AgentTokens> tokens = agentTokens == null ? () -> AgentTokens.NONE : agentTokens;
        var sessions = new Sessions(new SessionServices(
                vertx,
                new CountingRecorder(parts.recorder(), metrics),
                parts.reader(),
                parts.policies(),
                parts.holds(),
                parts.tickets(),
                () -> new Moment(Instant.now(), System.nanoTime()),
                source,
                new HoldPractice(config.hold().manner(), config.hold().transactionLimit()),
                config.kafka().reads() == KafkaConfig.Reads.OVERLAP,
                config.limits().pending().bytes(),
                config.kafka().recordingTimeout(),
                config.hold().heartbeat(),
                config.limits().close(),
                parts.masks(),
                (int) config.kafka().resultChunk().bytes(),
                Supervision.disagreements(metrics)), tokens);
        if (agentTokens != null) {
            agentTokens.whenChanged(sessions::agentTokensChanged);
            // A token that has just been taken back must not have its statement run because nobody has looked since.
            parts.holds().beforeGrants(agentTokens::reloadIfChanged);
            parts.tickets().beforeUse(agentTokens::reloadIfChanged);
        }
        var checks = CallerChecks.of(tokens, parts.tokenVerifier());
        var cancels = new CancelRegistry(new SecureRandom());
        var records = new LoneRecords(vertx, parts.recorder(), source);
        parts.policies().watch(vertx, records::loaded);
        parts.maskWatch().start();
        return Listener.start(vertx, ConfiguredNetwork.listener(config), parts.targets(), checks, cancels, records, sessions)
                .compose(listener -> {
                    Supervision.register(metrics, parts, sessions, listener);
                    var watch = BypassWatch.start(vertx, config.watch(), parts.targets(), cancels, metrics, records::bypassed);
                    return ControlApi.start(vertx, config.http(), Supervision.readiness(parts), metrics, () -> parts.policies().status(parts.maskWatch().statuses()), VERSION)
                            .map(control -> new Gateway(vertx, config, parts, sessions, listener, control, watch, agentTokens))
                            .onFailure(failure -> watch.close())
                            .recover(failure -> listener.close().transform(closed -> Future.failedFuture(failure)));
                })
                .onSuccess(gateway -> LOGGER.atInfo().addKeyValue("port", gateway.port()).addKeyValue("controlPort", gateway.controlPort())
                        .addKeyValue("policy", parts.policies().get().version()).log("gateway is listening"));
    }

    /** Where PostgreSQL clients connect. */
    public int port() {
        return listener.port();
    }

    /** Where health and metrics are served. */
    public int controlPort() {
        return control.port();
    }

    /** The public keys that vouch for this gateway's records, as a JWK set. */
    public String publicKeys() {
        return parts.signingKey().publicKeys().toJson();
    }

    /** Sessions that run now. */
    public int sessions() {
        return sessions.size();
    }

    /**
     * Ends in order: no new clients, idle sessions told, running statements finished or cut off at the deadline, everything recorded, then
     * the threads.
     */
    public Future<Void> close() {
        listener.drain();
        watch.close();
        return sessions.drain(config.drain().deadline())
                .eventually(listener::close)
                .eventually(control::close)
                .eventually(() -> {
                    if (agentTokens != null) {
                        agentTokens.close();
                    }
                    parts.policies().unwatch(vertx);
                    parts.maskWatch().stop();
                    return parts.close(vertx);
                });
    }
}

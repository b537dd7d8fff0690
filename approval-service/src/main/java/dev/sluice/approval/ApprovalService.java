// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval;

import dev.sluice.approval.config.ApprovalConfig;
import dev.sluice.approval.config.ClientSettings;
import dev.sluice.approval.http.Health;
import dev.sluice.approval.http.RestApi;
import dev.sluice.approval.kafka.Replica;
import dev.sluice.approval.register.Ballot;
import dev.sluice.approval.webhook.Courier;
import dev.sluice.approval.webhook.Deliveries;
import dev.sluice.approval.webhook.Receiver;
import dev.sluice.approval.webhook.Receivers;
import dev.sluice.approval.webhook.http.HttpPostman;
import dev.sluice.schemas.identity.OidcSettings;
import dev.sluice.schemas.identity.OidcTokenVerifier;
import dev.sluice.schemas.kafka.KafkaSettings;
import dev.sluice.schemas.signature.SigningKey;
import dev.sluice.schemas.signature.TrustedKeys;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.ThreadingModel;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** The approval-service as one deployable: opens an approval for every held statement, takes votes over REST, sends verdicts. */
public final class ApprovalService {
    private static final long LOG_READ_MINUTES = 30;
    private static final Duration TICK = Duration.ofMillis(200);

    private final Vertx vertx;
    private final Prepared parts;
    private final String deployment;
    private final long timer;
    private final AtomicBoolean open = new AtomicBoolean(true);

    private ApprovalService(Vertx vertx, Prepared parts, String deployment, long timer) {
        this.vertx = vertx;
        this.parts = parts;
        this.deployment = deployment;
        this.timer = timer;
    }

    /**
     * Rebuilds the approvals from their log, joins the other replicas and opens the REST interface. The future fails with the first of
     * these that did not work, and nothing is left running then.
     */
    public static Future<ApprovalService> start(Vertx vertx, ApprovalConfig config) {
        return start(vertx, config, Clock.systemUTC());
    }

    static Future<ApprovalService> start(Vertx vertx, ApprovalConfig config, Clock clock) {
        return vertx.executeBlocking(() -> prepare(vertx, config, clock), false).compose(prepared -> prepared.serve(vertx));
    }

    /** A replica that has read the log and takes part in the shared work, and the interface that is to be put on it. */
    private record Prepared(Replica replica, Courier courier, OidcTokenVerifier verifier, RestApi rest) {
        Future<ApprovalService> serve(Vertx vertx) {
            return vertx.deployVerticle(rest, new DeploymentOptions().setThreadingModel(ThreadingModel.VIRTUAL_THREAD))
                    .map(deployment -> {
                        long timer = vertx.setPeriodic(TICK.toMillis(), _ -> {
                            replica.expiry().tick();
                            courier.tick(replica::owns);
                        });
                        return new ApprovalService(vertx, this, deployment, timer);
                    })
                    .recover(failure -> closeBlocking(vertx, this).eventually(() -> Future.failedFuture(failure)).mapEmpty());
        }
    }

    private static Prepared prepare(Vertx vertx, ApprovalConfig config, Clock clock) throws Exception {
        var key = signingKey(config.signing());
        var keys = publishedKeys(config.signing(), key);
        var kafka = new KafkaSettings(config.kafka().bootstrapServers(), ClientSettings.of(config.kafka()));
        long memory = Runtime.getRuntime().maxMemory();
        var settings = new Replica.Settings(
                kafka, key, keys, config.kafka().group(), config.kafka().replicationFactor(), config.instance(), config.limits().closedApprovals(),
                memory / 4, memory / 8, config.signing().grantsOutliveCredentials());
        var receivers = Receivers.of(config.webhooks());
        var deliveries = new Deliveries(receivers.stream().map(Receiver::name).toList(), config.webhooks().giveUpAfter(), clock);
        var replica = Replica.open(settings, deliveries, clock);
        try {
            replica.logRead().toCompletableFuture().get(LOG_READ_MINUTES, TimeUnit.MINUTES);
            replica.joinTheOthers();
            var ballot = new Ballot(replica.register(), replica.journal(), replica.envelopes(), clock, config.limits().voteWait());
            var courier = new Courier(
                    receivers,
                    config.webhooks(),
                    deliveries,
                    replica.webhookOutcomes(),
                    replica.envelopes(),
                    new HttpPostman(vertx, config.webhooks().timeout(), config.webhooks().caFile()),
                    clock,
                    new SecureRandom());
            var verifier = new OidcTokenVerifier(config.oidc().issuers().stream().map(ApprovalService::settings).toList(), clock);
            var parts = new RestApi.Parts(
                    replica.register(), ballot, courier, verifier, healthOf(replica), keys.toJson(), clock);
            return new Prepared(replica, courier, verifier, new RestApi(config, parts));
        } catch (Exception e) {
            replica.close();
            throw e;
        }
    }

    private static Health healthOf(Replica replica) {
        return new Health() {
            @Override
            public List<String> obstacles() {
                return replica.obstacles();
            }

            @Override
            public List<String> ended() {
                return replica.ended();
            }
        };
    }

    private static Future<Void> closeBlocking(Vertx vertx, Prepared parts) {
        return vertx.executeBlocking(() -> {
            parts.replica().close();
            parts.verifier().close();
            return null;
        }, false);
    }

    private static SigningKey signingKey(ApprovalConfig.Signing signing) {
        try {
            return signing.createIfMissing() ? SigningKey.loadOrCreate(signing.keyFile()) : SigningKey.load(signing.keyFile());
        } catch (IOException e) {
            throw new UncheckedIOException("signing.keyFile: " + e.getMessage(), e);
        }
    }

    private static TrustedKeys publishedKeys(ApprovalConfig.Signing signing, SigningKey key) {
        var retired = signing.retiredFile();
        try {
            return retired == null ? key.publicKeys() : key.publicKeys().and(TrustedKeys.load(retired));
        } catch (IOException e) {
            throw new UncheckedIOException("signing.retiredFile: " + e.getMessage(), e);
        }
    }

    private static OidcSettings settings(ApprovalConfig.Issuer issuer) {
        return new OidcSettings(
                issuer.issuer(),
                issuer.audience(),
                issuer.groupsClaim(),
                issuer.subjectClaim(),
                issuer.clockSkew(),
                issuer.jwksUri(),
                issuer.plainHttpAllowed(),
                issuer.onBehalfOfClaim(),
                OidcSettings.EVERY_ALGORITHM);
    }

    /** The port that the REST interface listens on. */
    public int port() {
        return parts.rest().port();
    }

    /** Stops taking requests, finishes those at hand, and leaves the other replicas its share of the work. Succeeds also when called twice. */
    public Future<Void> close() {
        if (!open.compareAndSet(true, false)) {
            return Future.succeededFuture();
        }
        vertx.cancelTimer(timer);
        return vertx.undeploy(deployment).eventually(() -> closeBlocking(vertx, parts));
    }
}

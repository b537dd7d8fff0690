// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval.http;

import dev.sluice.approval.config.ApprovalConfig;
import dev.sluice.approval.decider.RecordedEvent;
import dev.sluice.approval.fixture.Holds;
import dev.sluice.approval.fixture.InMemoryLog;
import dev.sluice.approval.fixture.RestClient;
import dev.sluice.approval.fixture.SettableClock;
import dev.sluice.approval.fixture.TestIssuer;
import dev.sluice.approval.register.ApprovalRegister;
import dev.sluice.approval.register.Ballot;
import dev.sluice.approval.webhook.WebhookWorld;
import dev.sluice.schemas.event.ApprovalEvent;
import dev.sluice.schemas.event.Envelopes;
import dev.sluice.schemas.identity.OidcSettings;
import dev.sluice.schemas.identity.OidcTokenVerifier;
import dev.sluice.schemas.signature.SigningKey;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.ThreadingModel;
import io.vertx.core.Vertx;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The REST interface on a real port with real tokens, on a log in memory. Every answer that a test gets from it is held against the description. */
final class RestFixture implements AutoCloseable {
    final TestIssuer issuer = TestIssuer.start();
    final SettableClock clock = new SettableClock();
    final ApprovalRegister register = new ApprovalRegister(1_000, 1 << 24);
    final InMemoryLog log = new InMemoryLog(register);
    final List<String> obstacles = new CopyOnWriteArrayList<>();
    final List<String> ended = new CopyOnWriteArrayList<>();
    private final Health health = new Health() {
        @Override
        public List<String> obstacles() {
            return List.copyOf(obstacles);
        }

        @Override
        public List<String> ended() {
            return List.copyOf(ended);
        }
    };
    final Envelopes envelopes = new Envelopes(URI.create("/sluice/approval-service/test"), clock, new Random(7));
    final WebhookWorld webhooks = new WebhookWorld(clock);
    final RestApi api;
    final RestClient client;
    private final Vertx vertx = Vertx.vertx();

    RestFixture() {
        this(false, null);
    }

    /**
     * @param asksIssuer whether the issuer is asked about voters
     * @param standing what becomes of votes that it can't be asked about
     */
    RestFixture(boolean asksIssuer, ApprovalConfig.Issuer.@Nullable Standing standing) {
        var config = new ApprovalConfig(
                "test",
                ApprovalConfig.Listen.of("127.0.0.1", 0),
                ApprovalConfig.Kafka.of("127.0.0.1:1"),
                new ApprovalConfig.Oidc(List.of(new ApprovalConfig.Issuer(issuer.issuer(), null, null, null, null, null, null, null, asksIssuer ? issuer.userinfo() : null, standing))),
                new ApprovalConfig.Signing(Path.of("unused"), null, null),
                new ApprovalConfig.Access(Set.of("admins")),
                new ApprovalConfig.Limits(Duration.ofMillis(500), 2, null),
                new ApprovalConfig.Rates(600, 100, 60),
                null);
        var ballot = new Ballot(register, log, envelopes, clock, config.limits().voteWait());
        var verifier = new OidcTokenVerifier(List.of(OidcSettings.of(issuer.issuer(), TestIssuer.AUDIENCE)), clock);
        var keys = SigningKey.generate().publicKeys().toJson();
        api = new RestApi(config, new RestApi.Parts(register, ballot, webhooks.courier, verifier, health, keys, clock));
        vertx.deployVerticle(api, new DeploymentOptions().setThreadingModel(ThreadingModel.VIRTUAL_THREAD)).await();
        client = new RestClient(api.port(), new Description()::check);
    }

    /** A hold that is open for ten minutes, for an agent of alice. */
    Holds hold(String id) {
        return Holds.hold().id(id).expires(clock.instant().plusSeconds(600));
    }

    void ask(Holds hold) {
        append(new ApprovalEvent.ApprovalRequested(hold.approvalId(), hold.held()), clock.instant());
    }

    void append(ApprovalEvent event, Instant at) {
        log.append(new RecordedEvent(UUID.randomUUID().toString(), at, event)).orTimeout(5, TimeUnit.SECONDS).join();
    }

    String bob() {
        return issuer.token("bob", "dba");
    }

    @Override
    public void close() {
        vertx.close().await();
        log.close();
        issuer.close();
    }
}

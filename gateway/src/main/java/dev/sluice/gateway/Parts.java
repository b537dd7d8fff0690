// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway;

import dev.sluice.gateway.config.GatewayConfig;
import dev.sluice.gateway.hold.HoldRegistry;
import dev.sluice.gateway.hold.TicketOffice;
import dev.sluice.gateway.hold.UnprovenGrants;
import dev.sluice.gateway.http.VerdictKeys;
import dev.sluice.gateway.impact.ImpactAssessor;
import dev.sluice.gateway.impact.ImpactSettings;
import dev.sluice.gateway.kafka.KafkaRecorder;
import dev.sluice.gateway.kafka.TicketWriter;
import dev.sluice.gateway.kafka.VerdictFeed;
import dev.sluice.gateway.net.ConfiguredNetwork;
import dev.sluice.gateway.net.TargetRegistry;
import dev.sluice.gateway.statement.StatementReader;
import dev.sluice.gateway.statement.StatementReaderSettings;
import dev.sluice.schemas.event.Envelopes;
import dev.sluice.schemas.event.IdRandom;
import dev.sluice.schemas.identity.OidcSettings;
import dev.sluice.schemas.identity.OidcTokenVerifier;
import dev.sluice.schemas.kafka.KafkaSettings;
import dev.sluice.schemas.kafka.TopicCreator;
import dev.sluice.schemas.kafka.Topics;
import dev.sluice.schemas.signature.SigningKey;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What must be there before the first client may come. */
record Parts(
        KafkaRecorder recorder,
        StatementReader reader,
        Policies policies,
        HoldRegistry holds,
        VerdictFeed verdicts,
        VerdictKeys keys,
        TicketOffice tickets,
        TicketWriter ticketWriter,
        @Nullable OidcTokenVerifier tokenVerifier,
        TargetRegistry targets,
        SigningKey signingKey,
        TargetMasks masks,
        MaskWatch maskWatch,
        ImpactConnections impactConnections,
        ImpactAssessor impacts) {
    private static final Duration TOPICS_TIMEOUT = Duration.ofSeconds(30);

    /** Blocks until Kafka has answered. Everything that can fail for a wrong setting comes before anything that must be closed. */
    static Parts assemble(Vertx vertx, GatewayConfig config) throws IOException {
        Policies policies = Policies.of(config.policy());
        var targets = new TargetRegistry(ConfiguredNetwork.targets(config));
        var keys = new VerdictKeys(config.approvals());
        Path keyFile = config.signing().key();
        SigningKey signingKey = keyFile == null ? SigningKey.loadOrCreate(config.state().resolve("signing-key.jwk")) : SigningKey.load(keyFile);
        Path maskKey = config.masking().key();
        byte[] maskSecret = maskKey == null ? MaskKey.loadOrCreate(config.state().resolve("mask-key")) : MaskKey.load(maskKey);
        KafkaSettings kafka = Settings.kafka(config.kafka());
        TopicCreator.createMissing(kafka, Topics.all(), config.kafka().replicationFactor(), TOPICS_TIMEOUT);
        var recorder = KafkaRecorder.start(Settings.recorder(config), signingKey, Clock.systemUTC(), new IdRandom());
        var holds = new HoldRegistry(config.hold().concurrent(), keys);
        var unproven = new UnprovenGrants(holds);
        var envelopes = new Envelopes(URI.create("/sluice/gateway/" + config.instance()), Clock.systemUTC(), new IdRandom());
        var ticketWriter = TicketWriter.start(kafka, "sluice-tickets-" + config.instance(), envelopes);
        var tickets = new TicketOffice(config.hold().tickets(), keys, Instant::now, ticketWriter::append);
        var verdicts = VerdictFeed.start(
                kafka,
                config.instance(),
                (eventId, verdict) -> {
                    unproven.decide(eventId, verdict, Instant.now());
                    tickets.decide(eventId, verdict);
                },
                tickets::apply);
        keys.follow(() -> unproven.isWaiting() || tickets.hasUnproven(), () -> {
            unproven.again(Instant.now());
            tickets.again();
        });
        List<OidcSettings> issuers = Settings.oidc(config);
        var reader = StatementReader.start(reader(config));
        var masks = new TargetMasks(vertx, targets, maskSecret, reader);
        var connections = new ImpactConnections(vertx, targets);
        var means = new ImpactAssessor.Means(vertx, recorder, reader, policies, masks, connections, "/sluice/gateway/" + config.instance());
        var impacts = new ImpactAssessor(means, config.impact().enabled() ? new ImpactSettings(config.impact().limit(), config.impact().rows()) : null);
        holds.watch(impacts::held);
        tickets.whenOpened(impacts::held);
        return new Parts(
                recorder,
                reader,
                policies,
                holds,
                verdicts,
                keys,
                tickets,
                ticketWriter,
                issuers.isEmpty() ? null : new OidcTokenVerifier(issuers, Clock.systemUTC()),
                targets,
                signingKey,
                masks,
                new MaskWatch(vertx, targets, masks, policies),
                connections,
                impacts);
    }

    private static StatementReaderSettings reader(GatewayConfig config) {
        StatementReaderSettings defaults = StatementReaderSettings.DEFAULTS;
        return new StatementReaderSettings(
                defaults.workers(),
                defaults.waiting(),
                Math.toIntExact(config.limits().sql().bytes()),
                defaults.tokens(),
                defaults.depth(),
                defaults.exactCacheBytes(),
                defaults.templateCacheBytes());
    }

    Future<Void> close(Vertx vertx) {
        return vertx.executeBlocking(() -> {
            impacts.close();
            verdicts.close();
            keys.close();
            tickets.close();
            ticketWriter.close();
            recorder.close();
            reader.close();
            if (tokenVerifier != null) {
                tokenVerifier.close();
            }
            return null;
        }, false).compose(closed -> masks.close()).eventually(impactConnections::close);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval.kafka;

import dev.sluice.approval.register.ApprovalRegister;
import dev.sluice.approval.register.Expiry;
import dev.sluice.approval.register.Intake;
import dev.sluice.approval.register.Journal;
import dev.sluice.approval.register.Verdicts;
import dev.sluice.approval.webhook.Courier;
import dev.sluice.approval.webhook.Deliveries;
import dev.sluice.schemas.chain.SignedRecord;
import dev.sluice.schemas.event.Envelopes;
import dev.sluice.schemas.event.EventCodec;
import dev.sluice.schemas.kafka.EventFeed;
import dev.sluice.schemas.kafka.EventPublisher;
import dev.sluice.schemas.kafka.KafkaSettings;
import dev.sluice.schemas.kafka.PublisherSettings;
import dev.sluice.schemas.kafka.TopicCreator;
import dev.sluice.schemas.kafka.Topics;
import dev.sluice.schemas.signature.SigningKey;
import dev.sluice.schemas.signature.TrustedKeys;
import dev.sluice.schemas.signature.VerdictSigner;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One replica's part in Kafka: it reads the log, and with the others shares the reading of sessions and the sending of verdicts. */
public final class Replica implements AutoCloseable {
    private static final Duration TOPIC_TIMEOUT = Duration.ofSeconds(20);
    /** After how long without a sign of life a replica loses its share to the others. Kafka's own 45 s are long for people who wait. */
    private static final Duration SESSION_TIMEOUT = Duration.ofSeconds(10);

    private static final Duration LONGEST_UNACKNOWLEDGED = Duration.ofSeconds(5);

    /**
     * @param key signs verdicts and the log's records
     * @param trusted whose records count: this key's, and those of former and coming ones
     * @param group prefix of the names of the two consumer groups
     * @param replicationFactor of topics that are missing
     * @param instance name of this replica in the events that it writes
     * @param closedKept how many closed approvals stay readable
     * @param openBytes how much memory open approvals may take before no more are opened
     * @param closedBytes how much memory closed approvals may take before the older ones are kept without their statements
     * @param grantsOutliveCredentials whether a grant may be used when the credentials of those who gave it have ended
     */
    public record Settings(
            KafkaSettings kafka, SigningKey key, TrustedKeys trusted, String group, int replicationFactor, String instance, int closedKept, long openBytes, long closedBytes,
            boolean grantsOutliveCredentials) {}

    private final Settings settings;
    private final EventCodec codec = new EventCodec();
    private final Envelopes envelopes;
    private final ApprovalRegister register;
    private final EventPublisher publisher;
    private final Outbox outbox;
    private final Journal journal;
    private final Expiry expiry;
    private final Verdicts verdicts;
    private final EventFeed log;
    private volatile @Nullable EventFeed sessions;
    private volatile @Nullable EventFeed owned;

    private Replica(Settings settings, Deliveries deliveries, Clock clock) {
        var random = new SecureRandom();
        this.settings = settings;
        this.envelopes = new Envelopes(URI.create("/sluice/approval-service/" + settings.instance()), clock, random);
        this.register = new ApprovalRegister(settings.closedKept(), settings.closedBytes());
        this.publisher = EventPublisher.start(PublisherSettings.of(settings.kafka(), "sluice-approval-" + settings.instance()));
        this.outbox = new Outbox(publisher, codec);
        this.journal = event -> outbox.publish(Topics.APPROVALS, SignedRecord.sign(event, settings.key(), codec));
        this.expiry = new Expiry(register, journal, envelopes, clock, random);
        this.verdicts = new Verdicts(new VerdictSigner(settings.key()), settings.grantsOutliveCredentials());
        this.log = EventFeed.fromBeginning(
                settings.kafka(), "approval-log", List.of(Topics.APPROVALS), new ApprovalLog(codec, settings.trusted(), register, deliveries));
    }

    /** Creates the topics that are missing and begins to read the log. Blocks. */
    public static Replica open(Settings settings, Deliveries deliveries, Clock clock) {
        TopicCreator.createMissing(
                settings.kafka(), List.of(Topics.SESSIONS, Topics.APPROVALS, Topics.VERDICTS), settings.replicationFactor(), TOPIC_TIMEOUT);
        return new Replica(settings, deliveries, clock);
    }

    /** Completes when everything that was in the log at the start has been applied. */
    public CompletionStage<@Nullable Void> logRead() {
        return log.caughtUp();
    }

    /** Begins to take part in the shared work. Only for a replica that has read the log. */
    public void joinTheOthers() {
        var intake = new Intake(register, journal, envelopes, settings.openBytes());
        var kafka = withSessionTimeout(settings.kafka());
        sessions = EventFeed.inGroup(
                kafka, settings.group() + "-intake", List.of(Topics.SESSIONS), new SessionReader(codec, intake, verdicts, outbox, envelopes));
        owned = EventFeed.inGroup(
                kafka,
                settings.group() + "-verdicts",
                List.of(Topics.APPROVALS),
                new VerdictSender(codec, register, verdicts, verdict -> outbox.publish(Topics.VERDICTS, verdict), journal, envelopes));
    }

    private static KafkaSettings withSessionTimeout(KafkaSettings kafka) {
        var properties = new HashMap<>(kafka.properties());
        properties.putIfAbsent("session.timeout.ms", Long.toString(SESSION_TIMEOUT.toMillis()));
        return new KafkaSettings(kafka.bootstrapServers(), properties);
    }

    public ApprovalRegister register() {
        return register;
    }

    public Journal journal() {
        return journal;
    }

    /** Where what became of webhooks is appended. */
    public Courier.Outcomes webhookOutcomes() {
        return event -> outbox.publish(Topics.APPROVALS, SignedRecord.signWebhook(event, settings.key(), codec));
    }

    /** Whether this replica is the one that acts on approvals of this partition. */
    public boolean owns(int partition) {
        var feed = owned;
        return feed != null && feed.partitionsOf(Topics.APPROVALS).contains(partition);
    }

    public Envelopes envelopes() {
        return envelopes;
    }

    public Expiry expiry() {
        return expiry;
    }

    /** What keeps this replica from working, for readiness. A replica that has no share of the partitions works all the same. */
    public List<String> obstacles() {
        var obstacles = new ArrayList<String>();
        addTo(obstacles, "the log of approvals is not being read", log);
        addTo(obstacles, "held statements are not being read", sessions);
        addTo(obstacles, "verdicts are not being sent", owned);
        if (publisher.oldestUnacknowledged().compareTo(LONGEST_UNACKNOWLEDGED) > 0) {
            obstacles.add("Kafka has not acknowledged an event for " + publisher.oldestUnacknowledged().toSeconds() + " s");
        }
        return obstacles;
    }

    /** What has ended in this process for good, for liveness. */
    public List<String> ended() {
        return Stream.of(log, sessions, owned)
                .filter(Objects::nonNull)
                .filter(EventFeed::hasEnded)
                .map(feed -> feed.health().condition())
                .toList();
    }

    private static void addTo(List<String> obstacles, String what, @Nullable EventFeed feed) {
        if (feed != null && !feed.health().healthy()) {
            obstacles.add(what + ": " + feed.health().condition());
        }
    }

    /** Leaves the groups, so that the others take over at once, and sends what is still queued. Blocks for some seconds at most. */
    @Override
    public void close() {
        for (var feed : new EventFeed[] {sessions, owned, log}) {
            if (feed != null) {
                feed.close();
            }
        }
        publisher.close();
    }
}

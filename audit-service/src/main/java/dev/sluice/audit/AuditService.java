// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit;

import dev.sluice.audit.config.AuditConfig;
import dev.sluice.audit.http.RestInterface;
import dev.sluice.audit.kafka.Ingest;
import dev.sluice.audit.kafka.IngestProgress;
import dev.sluice.audit.kafka.KafkaAuditJournal;
import dev.sluice.audit.store.CustodyStore;
import dev.sluice.audit.store.Database;
import dev.sluice.audit.store.EvidenceStore;
import dev.sluice.audit.store.IngestStore;
import dev.sluice.audit.store.Migrations;
import dev.sluice.audit.store.ReportStore;
import dev.sluice.audit.store.Retention;
import dev.sluice.audit.store.SearchIndexes;
import dev.sluice.audit.store.SessionSearch;
import dev.sluice.audit.store.StatementSearch;
import dev.sluice.audit.verify.KeySource;
import dev.sluice.schemas.config.ConfigException;
import dev.sluice.schemas.event.Envelopes;
import dev.sluice.schemas.identity.OidcTokenVerifier;
import dev.sluice.schemas.kafka.KafkaSettings;
import dev.sluice.schemas.kafka.Topic;
import dev.sluice.schemas.kafka.TopicCreator;
import dev.sluice.schemas.kafka.Topics;
import dev.sluice.schemas.signature.SigningKey;
import dev.sluice.schemas.signature.TrustedKeys;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.ThreadingModel;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The audit-service as one deployable: consumes the topics into PostgreSQL and answers auditors over REST. */
public final class AuditService {
    private static final Logger LOGGER = LoggerFactory.getLogger(AuditService.class);
    private static final List<Topic> TOPICS = List.of(Topics.SESSIONS, Topics.RESULTS, Topics.APPROVALS, Topics.VERDICTS, Topics.AUDIT);
    private static final URI SOURCE = URI.create("/sluice/audit-service/" + UUID.randomUUID());
    private static final Duration TOPIC_DEADLINE = Duration.ofSeconds(30);

    private final Vertx vertx;
    private final AuditConfig config;
    private final Clock clock = Clock.systemUTC();
    private final IngestProgress progress = new IngestProgress();
    /** What to end, the latest first. */
    private final Deque<Supplier<Future<?>>> endings = new ArrayDeque<>();
    private int port;

    private AuditService(Vertx vertx, AuditConfig config) {
        this.vertx = vertx;
        this.config = config;
    }

    /**
     * Migrates the database, creates topics that are missing, starts reading them and opens the REST interface. The future fails with
     * the first of these that did not work, and nothing is left running then.
     */
    public static Future<AuditService> start(Vertx vertx, AuditConfig config) {
        var service = new AuditService(vertx, config);
        return Future.<AuditService>future(promise -> service.open().onComplete(promise)).recover(failure -> service.close().transform(_ -> Future.failedFuture(failure)));
    }

    private Future<AuditService> open() {
        Pool pool = Database.open(vertx, config.database());
        endings.push(pool::close);
        OidcTokenVerifier tokens = Issuers.verifier(config.oidc(), clock);
        endings.push(() -> vertx.executeBlocking(() -> {
            tokens.close();
            return "closed";
        }, false));
        var kafka = new KafkaSettings(config.kafka().bootstrapServers(), Objects.requireNonNull(config.kafka().properties()));
        SigningKey key = signingKey();
        KafkaAuditJournal journal = KafkaAuditJournal.start(kafka, new Envelopes(SOURCE, clock, new SecureRandom()), key);
        endings.push(() -> vertx.executeBlocking(() -> {
            journal.close();
            return "closed";
        }, false));
        var stores = new RestInterface.Stores(new EvidenceStore(pool), new SessionSearch(pool), new StatementSearch(pool), new CustodyStore(pool), new ReportStore(pool));
        var rest = new RestInterface(config, stores, journal::append, key, progress, tokens, clock);
        AuditConfig.Database database = config.database();
        DataSource source = Database.dataSource(database);
        return vertx.<Void>executeBlocking(() -> {
                    Migrations.apply(source, Objects.requireNonNull(database.schema()));
                    return null;
                }, false)
                .recover(failure -> Future.failedFuture(new IllegalStateException(
                        "the audit database " + database.database() + " on " + database.host() + ":" + database.port() + " cannot be used: " + failure.getMessage(), failure)))
                .compose(_ -> vertx.executeBlocking(() -> createTopics(kafka), false))
                .compose(_ -> vertx.executeBlocking(() -> startIngest(new IngestStore(source, Topics.SESSIONS.name(), auditKeys(key))), false))
                .compose(_ -> vertx.deployVerticle(rest, new DeploymentOptions().setThreadingModel(ThreadingModel.VIRTUAL_THREAD)))
                .map(deployment -> {
                    Upkeep upkeep = Upkeep.start(new SearchIndexes(source), new Retention(source, config.retention()), clock);
                    endings.push(() -> {
                        upkeep.close();
                        return Future.succeededFuture();
                    });
                    endings.push(() -> vertx.undeploy(deployment));
                    port = rest.port();
                    return this;
                });
    }

    private SigningKey signingKey() {
        Path file = config.signing().key();
        if (file == null) {
            LOGGER.atInfo().log("signing.key is not set: evidence bundles and the journal of accesses are signed with a key that ends with this process");
            return SigningKey.generate();
        }
        try {
            return SigningKey.loadOrCreate(file);
        } catch (IOException e) {
            throw new ConfigException("signing.key: " + file + " can neither be read nor made: " + e.getMessage());
        }
    }

    private TrustedKeys auditKeys(SigningKey own) {
        try {
            TrustedKeys others = KeySource.read(config.keys().audit());
            return others == null ? own.publicKeys() : own.publicKeys().and(others);
        } catch (IOException e) {
            throw new ConfigException("keys.audit: the public keys cannot be read: " + e.getMessage());
        }
    }

    private int createTopics(KafkaSettings kafka) {
        return TopicCreator.createMissing(kafka, TOPICS, Objects.requireNonNull(config.kafka().replicationFactor()), TOPIC_DEADLINE).size();
    }

    private Ingest startIngest(IngestStore store) {
        Ingest ingest = Ingest.start(config.kafka(), TOPICS.stream().map(Topic::name).toList(), store, progress, clock);
        endings.push(() -> Future.fromCompletionStage(ingest.close()));
        return ingest;
    }

    /** The port that the REST interface listens on. */
    public int port() {
        return port;
    }

    /** Stops reading, closes the REST interface and the database connections. Succeeds also when called twice. */
    public Future<Void> close() {
        Future<Void> all = Future.succeededFuture();
        while (!endings.isEmpty()) {
            Supplier<Future<?>> ending = endings.pop();
            all = all.transform(_ -> ending.get().transform(_ -> Future.<Void>succeededFuture()));
        }
        return all;
    }
}

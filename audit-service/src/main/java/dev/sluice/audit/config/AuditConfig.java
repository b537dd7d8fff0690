// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.config;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.sluice.schemas.config.ConfigException;
import dev.sluice.schemas.config.ConfigReader;
import java.net.URI;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Period;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The audit-service's configuration. A component that the file leaves out takes the default named at it; one without a default
 * must be present. Read it with {@link #READER}; build it directly when the service is embedded.
 *
 * @param listen where the REST interface listens
 * @param kafka where the events come from
 * @param database where they are kept
 * @param oidc who vouches for the callers of the REST interface
 * @param access which groups may read
 * @param keys the public keys that the evidence is checked against
 * @param retention how long evidence is kept in the database
 * @param signing what vouches for exports
 * @param limits how much callers may ask for
 */
public record AuditConfig(
        Listen listen, Kafka kafka, Database database, Oidc oidc, Access access, Keys keys, Retention retention, Signing signing, Limits limits) {
    /** Reads it from a file, overridden by environment variables. */
    public static final ConfigReader<AuditConfig> READER = new ConfigReader<>(AuditConfig.class, "SLUICE_AUDIT_");

    public AuditConfig {
        listen = listen == null ? Listen.DEFAULTS : listen;
        access = access == null ? Access.DEFAULTS : access;
        keys = keys == null ? Keys.NONE : keys;
        retention = retention == null ? Retention.DEFAULTS : retention;
        signing = signing == null ? Signing.NONE : signing;
        limits = limits == null ? Limits.DEFAULTS : limits;
        require("kafka", kafka);
        require("database", database);
        require("oidc", oidc);
    }

    /**
     * Bounds.
     *
     * @param streams replays that run at once on one instance, from 1 to 1,000, default 50
     * @param requestsPerMinute that one caller may make of one instance on average, from 1 to 60,000, default 6,000; a third of them at once
     */
    public record Limits(@Nullable Integer streams, @Nullable Integer requestsPerMinute) {
        static final Limits DEFAULTS = new Limits(null, null);

        public Limits {
            streams = streams == null ? Integer.valueOf(50) : streams;
            requestsPerMinute = requestsPerMinute == null ? Integer.valueOf(6_000) : requestsPerMinute;
            check(streams >= 1 && streams <= 1_000, "limits.streams", streams, "it is from 1 to 1000");
            check(requestsPerMinute >= 1 && requestsPerMinute <= 60_000, "limits.requestsPerMinute", requestsPerMinute, "it is from 1 to 60000");
        }
    }

    /** Address of the REST interface. Port 0 lets the system choose. Default {@code 127.0.0.1:8082}. */
    public record Listen(@Nullable String host, @Nullable Integer port) {
        static final Listen DEFAULTS = new Listen(null, null);

        public Listen {
            host = host == null ? "127.0.0.1" : host;
            port = port == null ? Integer.valueOf(8082) : port;
            check(port >= 0 && port <= 65535, "listen.port", port, "a port is from 0 to 65535");
        }
    }

    /**
     * The broker and how it is read.
     *
     * @param bootstrapServers {@code host:port}, several separated by commas
     * @param group consumer group that shares the partitions among instances, default {@code sluice-audit}
     * @param batchRecords most records in one database transaction, from 1 to 50,000, default 5,000
     * @param replicationFactor copies of a topic that this service creates because it is missing, default 1; 3 in production
     * @param readyLag more records than this behind the broker and the service reports itself not ready, default 100,000
     * @param properties further settings of Kafka's consumer as its manual names them, for example {@code security.protocol}
     */
    public record Kafka(
            String bootstrapServers,
            @Nullable String group,
            @Nullable Integer batchRecords,
            @Nullable Integer replicationFactor,
            @Nullable Long readyLag,
            @Nullable Map<String, String> properties) {
        private static final Set<String> OURS = Set.of(
                "bootstrap.servers", "group.id", "enable.auto.commit", "auto.offset.reset", "key.deserializer", "value.deserializer");

        public Kafka {
            require("kafka.bootstrapServers", bootstrapServers);
            group = group == null ? "sluice-audit" : group;
            batchRecords = batchRecords == null ? Integer.valueOf(5_000) : batchRecords;
            replicationFactor = replicationFactor == null ? Integer.valueOf(1) : replicationFactor;
            readyLag = readyLag == null ? Long.valueOf(100_000) : readyLag;
            properties = properties == null ? Map.of() : Map.copyOf(properties);
            check(batchRecords >= 1 && batchRecords <= 50_000, "kafka.batchRecords", batchRecords, "it is from 1 to 50000");
            check(replicationFactor >= 1 && replicationFactor <= 32_767, "kafka.replicationFactor", replicationFactor, "it is from 1 to 32767");
            check(readyLag >= 1, "kafka.readyLag", readyLag, "it is at least 1");
            for (String name : properties.keySet()) {
                check(!OURS.contains(name), "kafka.properties." + name, properties.get(name), "the audit-service sets this one itself");
            }
        }
    }

    /**
     * The PostgreSQL database that keeps the events. The service creates and migrates its own tables in {@code schema}.
     *
     * @param port default 5432
     * @param passwordFile file whose first line is the password; absent when the server asks for none
     * @param tls {@code disable} (default) or {@code verify-full}, with the certificate authorities in {@code caFile}
     * @param schema PostgreSQL schema of the tables, created if missing, default {@code sluice_audit}
     * @param connections most connections, from 2 to 200, default 8
     */
    public record Database(
            String host,
            @Nullable Integer port,
            String database,
            String user,
            @Nullable Path passwordFile,
            @Nullable Tls tls,
            @Nullable Path caFile,
            @Nullable String schema,
            @Nullable Integer connections) {
        /** How the connection is protected, in the words of libpq's {@code sslmode}. */
        public enum Tls {
            @JsonProperty("disable")
            DISABLE,
            @JsonProperty("verify-full")
            VERIFY_FULL
        }

        public Database {
            require("database.host", host);
            require("database.database", database);
            require("database.user", user);
            port = port == null ? Integer.valueOf(5432) : port;
            tls = tls == null ? Tls.DISABLE : tls;
            schema = schema == null ? "sluice_audit" : schema;
            connections = connections == null ? Integer.valueOf(8) : connections;
            check(port >= 1 && port <= 65535, "database.port", port, "a port is from 1 to 65535");
            check(connections >= 2 && connections <= 200, "database.connections", connections, "it is from 2 to 200");
            check(schema.matches("[a-z_][a-z0-9_]{0,62}"), "database.schema", schema, "use lower case letters, digits and _");
            check(tls == Tls.DISABLE || caFile != null, "database.caFile", caFile, "tls: verify-full needs the authorities' certificates");
        }
    }

    /** The token issuers that are trusted, at least one. */
    public record Oidc(List<Issuer> issuers) {
        public Oidc {
            require("oidc.issuers", issuers);
            issuers = List.copyOf(issuers);
            check(!issuers.isEmpty(), "oidc.issuers", issuers, "name at least one issuer");
        }
    }

    /**
     * One OIDC issuer.
     *
     * @param issuer exactly the {@code iss} of its tokens; {@code /.well-known/openid-configuration} is found below it
     * @param audience what the {@code aud} of a token must contain, default {@code sluice}
     * @param groupsClaim claim that lists the caller's groups, default {@code groups}
     * @param jwksUri the key set, when it is not to be taken from the discovery document
     * @param plainHttpAllowed whether {@code http:} is tolerated beyond the loopback interface, default false
     */
    public record Issuer(
            URI issuer, @Nullable String audience, @Nullable String groupsClaim, @Nullable URI jwksUri, @Nullable Boolean plainHttpAllowed) {
        public Issuer {
            require("oidc.issuers.issuer", issuer);
            audience = audience == null ? "sluice" : audience;
            groupsClaim = groupsClaim == null ? "groups" : groupsClaim;
            plainHttpAllowed = plainHttpAllowed == null ? Boolean.FALSE : plainHttpAllowed;
        }
    }

    /**
     * Groups that may read. Being in one of either list suffices.
     *
     * @param auditors may read what {@code targets} grants them, default {@code auditors}
     * @param admins may read everything and place legal holds, default {@code admins}
     * @param targets which targets the members of a group see, {@code *} for all. Absent: every auditor sees all. Once it is there, an auditor
     *     sees what the groups of their token are granted here, and no more
     */
    public record Access(@Nullable Set<String> auditors, @Nullable Set<String> admins, @Nullable Map<String, Set<String>> targets) {
        static final Access DEFAULTS = new Access(null, null, null);

        public Access {
            auditors = auditors == null ? Set.of("auditors") : Set.copyOf(auditors);
            admins = admins == null ? Set.of("admins") : Set.copyOf(admins);
            targets = targets == null ? null : Map.copyOf(targets);
        }
    }

    /**
     * How long a session is kept after its last record, as ISO 8601 periods: {@code P7Y}, {@code P90D}. A legal hold outlasts it.
     *
     * @param evidence of every target that is not named below, default {@code P7Y}
     * @param targets of single targets
     * @param results how long answers are kept that a policy has asked to keep, from the day of their record, default {@code P30D}
     * @param resultsOfTargets the same of single targets
     */
    public record Retention(
            @Nullable String evidence, @Nullable Map<String, String> targets, @Nullable String results, @Nullable Map<String, String> resultsOfTargets) {
        static final Retention DEFAULTS = new Retention(null, null, null, null);

        /** With the usual time for answers. */
        public Retention(@Nullable String evidence, @Nullable Map<String, String> targets) {
            this(evidence, targets, null, null);
        }

        public Retention {
            evidence = evidence == null ? "P7Y" : evidence;
            targets = targets == null ? Map.of() : Map.copyOf(targets);
            results = results == null ? "P30D" : results;
            resultsOfTargets = resultsOfTargets == null ? Map.of() : Map.copyOf(resultsOfTargets);
            period("retention.evidence", evidence);
            period("retention.results", results);
            targets.forEach((target, kept) -> period("retention.targets." + target, kept));
            resultsOfTargets.forEach((target, kept) -> period("retention.resultsOfTargets." + target, kept));
        }

        private static void period(String key, String text) {
            try {
                Period period = Period.parse(text);
                check(!period.isNegative() && period.toTotalMonths() * 28 + period.getDays() >= 1, key, text, "it is at least one day");
            } catch (DateTimeException _) {
                throw new ConfigException(key + ": " + text + " is not possible, write a period such as P7Y or P90D");
            }
        }
    }

    /**
     * What signs evidence bundles.
     *
     * @param key file of an Ed25519 key (JWK), made when it is missing. Absent: a key that ends with the process, good for trying out
     */
    public record Signing(@Nullable Path key) {
        static final Signing NONE = new Signing(null);
    }

    /**
     * Where the public keys (JSON Web Key Sets, RFC 7517) are: a file path, or an http or https URL. Without the gateway's key no
     * signature of a chain can be checked, without the approval-service's none of a grant: verification then names that as a finding.
     *
     * @param audit keys of the audit-service besides this instance's own, those of earlier times and of other instances: lifts of legal holds that
     *     none of them has signed do not count
     */
    public record Keys(@Nullable String gateway, @Nullable String approval, @Nullable String audit) {
        static final Keys NONE = new Keys(null, null);

        /** With no key of the audit-service besides its own. */
        public Keys(@Nullable String gateway, @Nullable String approval) {
            this(gateway, approval, null);
        }
    }

    private static void require(String key, @Nullable Object value) {
        if (value == null) {
            throw new ConfigException(key + ": missing, and it has no default");
        }
    }

    private static void check(boolean holds, String key, @Nullable Object value, String rule) {
        if (!holds) {
            throw new ConfigException(key + ": " + value + " is not possible, " + rule);
        }
    }
}

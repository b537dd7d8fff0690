// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval.config;

import dev.sluice.schemas.config.ConfigException;
import dev.sluice.schemas.config.ConfigReader;
import dev.sluice.schemas.identity.OidcSettings;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The approval-service's configuration. A component that the file leaves out takes the default named at it; one without a default
 * must be present. Read it with {@link #READER}; build it directly when the service is embedded.
 *
 * @param instance name of this replica in the events that it writes, default the host's name; letters, digits, {@code . _ -}
 * @param listen where the REST interface listens
 * @param kafka where holds come from and verdicts go to
 * @param oidc who vouches for the callers of the REST interface
 * @param signing the key that grants are signed with
 * @param access which groups see every approval
 * @param limits bounds on what one replica keeps and waits for
 * @param rates how much one caller may ask of one replica
 * @param webhooks who is told about approvals
 */
public record ApprovalConfig(
        @Nullable String instance,
        @Nullable Listen listen,
        Kafka kafka,
        Oidc oidc,
        Signing signing,
        @Nullable Access access,
        @Nullable Limits limits,
        @Nullable Rates rates,
        @Nullable WebhooksConfig webhooks) {
    /** Reads it from a file, overridden by environment variables. */
    public static final ConfigReader<ApprovalConfig> READER = new ConfigReader<>(ApprovalConfig.class, "SLUICE_APPROVAL_");

    public ApprovalConfig {
        instance = instance == null ? HostName.ofThisMachine() : instance;
        listen = listen == null ? Listen.DEFAULTS : listen;
        access = access == null ? Access.DEFAULTS : access;
        limits = limits == null ? Limits.DEFAULTS : limits;
        rates = rates == null ? Rates.DEFAULTS : rates;
        webhooks = webhooks == null ? WebhooksConfig.DEFAULTS : webhooks;
        require("kafka", kafka);
        require("oidc", oidc);
        require("signing", signing);
        check(instance.matches("[A-Za-z0-9._-]{1,200}"), "instance", instance, "use letters, digits and . _ -");
    }

    /** With the usual rates, telling nobody. */
    public ApprovalConfig(
            @Nullable String instance, @Nullable Listen listen, Kafka kafka, Oidc oidc, Signing signing, @Nullable Access access, @Nullable Limits limits) {
        this(instance, listen, kafka, oidc, signing, access, limits, null, null);
    }

    /**
     * Address of the REST interface. Port 0 lets the system choose. Default {@code 127.0.0.1:8081}, no TLS.
     *
     * @param certificateFile PEM chain; with {@code keyFile} it turns TLS on
     * @param keyFile PEM private key (PKCS #8)
     */
    public record Listen(@Nullable String host, @Nullable Integer port, @Nullable Path certificateFile, @Nullable Path keyFile) {
        static final Listen DEFAULTS = new Listen(null, null, null, null);

        public Listen {
            host = host == null ? "127.0.0.1" : host;
            port = port == null ? Integer.valueOf(8081) : port;
            check(port >= 0 && port <= 65535, "listen.port", port, "a port is from 0 to 65535");
            check(keyFile != null || certificateFile == null, "listen.keyFile", keyFile, "a certificate needs its key");
            check(certificateFile != null || keyFile == null, "listen.certificateFile", certificateFile, "a key needs its certificate");
        }

        /** An address without TLS. */
        public static Listen of(String host, int port) {
            return new Listen(host, port, null, null);
        }
    }

    /**
     * The broker and how it is used.
     *
     * @param bootstrapServers {@code host:port}, several separated by commas
     * @param group prefix of the two consumer groups that share work among replicas, default {@code sluice-approval}
     * @param replicationFactor copies of a topic that the service creates if it is missing, from 1 (default) to 15; 3 is usual in production
     * @param properties further settings of Kafka's clients as its manual names them, for example {@code security.protocol}
     * @param propertiesFile Java properties file with more of them: the place for passwords
     */
    public record Kafka(
            String bootstrapServers,
            @Nullable String group,
            @Nullable Integer replicationFactor,
            @Nullable Map<String, String> properties,
            @Nullable Path propertiesFile) {
        /** Settings of Kafka's clients that the service sets itself: what it promises rests on them. */
        static final Set<String> OURS = Set.of(
                "bootstrap.servers", "group.id", "enable.auto.commit", "auto.offset.reset", "key.deserializer", "value.deserializer", "acks");

        public Kafka {
            require("kafka.bootstrapServers", bootstrapServers);
            group = group == null ? "sluice-approval" : group;
            replicationFactor = replicationFactor == null ? Integer.valueOf(1) : replicationFactor;
            properties = properties == null ? Map.of() : Map.copyOf(properties);
            check(replicationFactor >= 1 && replicationFactor <= 15, "kafka.replicationFactor", replicationFactor, "it is from 1 to 15");
            for (String name : properties.keySet()) {
                check(!OURS.contains(name), "kafka.properties." + name, "it", "the approval-service sets this one itself");
            }
        }

        /** Brokers that need no further settings. */
        public static Kafka of(String bootstrapServers) {
            return new Kafka(bootstrapServers, null, null, null, null);
        }

        /** Names of properties only: values may be secrets. */
        @Override
        public String toString() {
            return "Kafka[" + bootstrapServers + ", group " + group + ", properties " + properties.keySet() + "]";
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
     * @param subjectClaim claim that names the caller, default {@code sub}
     * @param onBehalfOfClaim claim that names whom an agent acts for, default {@code on_behalf_of}; {@code act} (RFC 8693) is read without it
     * @param clockSkew tolerated difference of clocks, default 30 s, at most 5 min
     * @param jwksUri where its keys are, if not where its discovery document says
     * @param plainHttpAllowed whether plain HTTP is tolerated beyond the loopback interface, default false
     * @param userinfoUri its UserInfo endpoint (OpenID Connect Core 1.0, section 5.3), which is asked about the voters whenever somebody votes;
     *     absent where their tokens are believed as long as they are good
     * @param standing what becomes of votes whose voters it can't be asked about any more, default {@code strict} where there is a {@code userinfoUri}
     */
    public record Issuer(
            URI issuer,
            @Nullable String audience,
            @Nullable String groupsClaim,
            @Nullable String subjectClaim,
            @Nullable String onBehalfOfClaim,
            @Nullable Duration clockSkew,
            @Nullable URI jwksUri,
            @Nullable Boolean plainHttpAllowed,
            @Nullable URI userinfoUri,
            @Nullable Standing standing) {
        /** What becomes of a vote whose token this replica does not have, because another took it or it was taken before a restart. */
        public enum Standing {
            /** It counts by the token that it was cast with. */
            LENIENT,
            /** It lapses with the next vote, and has to be cast again. */
            STRICT
        }

        public Issuer {
            require("oidc.issuers.issuer", issuer);
            audience = audience == null ? "sluice" : audience;
            groupsClaim = groupsClaim == null ? "groups" : groupsClaim;
            subjectClaim = subjectClaim == null ? "sub" : subjectClaim;
            onBehalfOfClaim = onBehalfOfClaim == null ? OidcSettings.ON_BEHALF_OF : onBehalfOfClaim;
            clockSkew = clockSkew == null ? Duration.ofSeconds(30) : clockSkew;
            plainHttpAllowed = plainHttpAllowed == null ? Boolean.FALSE : plainHttpAllowed;
            // Who has the issuer asked wants it asked, also after a restart and whichever replica took the vote.
            standing = standing != null ? standing : userinfoUri == null ? Standing.LENIENT : Standing.STRICT;
            check(standing == Standing.LENIENT || userinfoUri != null, "oidc.issuers.standing", "strict", "nobody can be asked without a userinfoUri");
            check(userinfoUri == null || plainHttpAllowed || isSecret(userinfoUri), "oidc.issuers.userinfoUri", userinfoUri, "tokens are sent there: it must be https:, or on the loopback interface");
        }

        /** The usual claims and the default audience. */
        public static Issuer of(URI issuer) {
            return new Issuer(issuer, null, null, null, null, null, null, null, null, null);
        }

        private static boolean isSecret(URI address) {
            String host = address.getHost();
            return "https".equals(address.getScheme()) || "http".equals(address.getScheme()) && ("127.0.0.1".equals(host) || "[::1]".equals(host) || "localhost".equals(host));
        }
    }

    /**
     * The Ed25519 key that grants are signed with.
     *
     * @param keyFile private key as JWK (RFC 8037), readable by this process alone
     * @param createIfMissing whether a key is made when there is no such file, default false: replicas must share one key
     * @param retiredFile public JWK set of former keys that are still published, so that grants signed with them keep verifying
     * @param grantsOutliveCredentials whether a grant that is used later may be used when the tokens with which people gave it have ended, default false: what
     *     was approved runs on nobody's word whose credential is not good any more. The same in all replicas
     */
    public record Signing(Path keyFile, @Nullable Boolean createIfMissing, @Nullable Path retiredFile, @Nullable Boolean grantsOutliveCredentials) {
        public Signing {
            require("signing.keyFile", keyFile);
            createIfMissing = createIfMissing == null ? Boolean.FALSE : createIfMissing;
            grantsOutliveCredentials = grantsOutliveCredentials == null ? Boolean.FALSE : grantsOutliveCredentials;
        }

        /** Grants end with the credentials of those who gave them. */
        public Signing(Path keyFile, @Nullable Boolean createIfMissing, @Nullable Path retiredFile) {
            this(keyFile, createIfMissing, retiredFile, null);
        }
    }

    /** Groups that see every approval. Seeing gives no vote: that takes one of the hold's own groups. Default {@code admins}. */
    public record Access(@Nullable Set<String> admins) {
        static final Access DEFAULTS = new Access(null);

        public Access {
            admins = admins == null ? Set.of("admins") : Set.copyOf(admins);
        }
    }

    /**
     * Bounds.
     *
     * @param voteWait how long a voter waits for the vote to come back from the log before the answer is 202, default 10 s
     * @param streams most open event streams on one replica, from 1 to 10,000, default 200
     * @param closedApprovals most closed approvals kept in memory for reading once their verdicts are sent, default 10,000, which may be set to 1,000 or more; the
     *     log keeps all. Fewer are kept where an eighth of the heap is full before
     */
    public record Limits(@Nullable Duration voteWait, @Nullable Integer streams, @Nullable Integer closedApprovals) {
        static final Limits DEFAULTS = new Limits(null, null, null);
        private static final int LEAST_CLOSED = 1_000;

        public Limits {
            voteWait = voteWait == null ? Duration.ofSeconds(10) : voteWait;
            streams = streams == null ? Integer.valueOf(200) : streams;
            closedApprovals = closedApprovals == null ? Integer.valueOf(10_000) : closedApprovals;
            check(voteWait.compareTo(Duration.ofMillis(100)) >= 0 && voteWait.compareTo(Duration.ofMinutes(1)) <= 0,
                    "limits.voteWait", voteWait, "it is from 100ms to 1m");
            check(streams >= 1 && streams <= 10_000, "limits.streams", streams, "it is from 1 to 10000");
            check(closedApprovals >= LEAST_CLOSED, "limits.closedApprovals", closedApprovals, "it is at least " + LEAST_CLOSED);
        }
    }

    /**
     * Requests that one person may send to one replica, and one address without having proven who it is. Beyond them the answer is 429.
     *
     * @param requestsPerMinute on average, from 1 to 60,000, default 6,000
     * @param burst at once, from 1 to 10,000, default 2,000
     * @param failuresPerMinute requests of one address that prove nobody, from 1 to 60,000, default 60
     */
    public record Rates(@Nullable Integer requestsPerMinute, @Nullable Integer burst, @Nullable Integer failuresPerMinute) {
        static final Rates DEFAULTS = new Rates(null, null, null);

        public Rates {
            requestsPerMinute = requestsPerMinute == null ? Integer.valueOf(6_000) : requestsPerMinute;
            burst = burst == null ? Integer.valueOf(2_000) : burst;
            failuresPerMinute = failuresPerMinute == null ? Integer.valueOf(60) : failuresPerMinute;
            check(requestsPerMinute >= 1 && requestsPerMinute <= 60_000, "rates.requestsPerMinute", requestsPerMinute, "it is from 1 to 60000");
            check(burst >= 1 && burst <= 10_000, "rates.burst", burst, "it is from 1 to 10000");
            check(failuresPerMinute >= 1 && failuresPerMinute <= 60_000, "rates.failuresPerMinute", failuresPerMinute, "it is from 1 to 60000");
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

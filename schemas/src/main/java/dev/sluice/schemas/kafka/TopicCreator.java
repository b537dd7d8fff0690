// SPDX-License-Identifier: Apache-2.0
package dev.sluice.schemas.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.CreateTopicsResult;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.TopicExistsException;

/** Creates the topics that are missing, at the start of a service. */
public final class TopicCreator {
    private TopicCreator() {}

    /**
     * Creates what is missing and leaves what exists as it is. Two services may do so at the same time. Blocks.
     *
     * @param replicationFactor 1 for one broker; 3 in production, of which two must be in sync
     * @return names of the topics that this call has created
     * @throws TopicsUnavailable when Kafka does not answer within the timeout or refuses
     */
    public static Set<String> createMissing(KafkaSettings kafka, List<Topic> topics, int replicationFactor, Duration timeout) {
        if (replicationFactor < 1) {
            throw new IllegalArgumentException("replication factor is " + replicationFactor + ", it must be at least 1");
        }
        Map<String, Object> properties = ClientProperties.common(kafka);
        properties.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) timeout.toMillis());
        properties.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) Math.min(5_000, timeout.toMillis()));
        try (Admin admin = Admin.create(properties)) {
            Set<String> existing = admin.listTopics().names().get(timeout.toMillis(), TimeUnit.MILLISECONDS);
            List<NewTopic> missing = topics.stream()
                    .filter(topic -> !existing.contains(topic.name()))
                    .map(topic -> newTopic(topic, replicationFactor))
                    .toList();
            CreateTopicsResult result = admin.createTopics(missing);
            return missing.stream()
                    .map(NewTopic::name)
                    .filter(name -> created(result, name, kafka, replicationFactor, timeout))
                    .collect(Collectors.toUnmodifiableSet());
        } catch (TimeoutException e) {
            throw noAnswer(kafka, timeout, e);
        } catch (ExecutionException e) {
            throw unavailable(kafka, "the topics cannot be listed", replicationFactor, timeout, e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TopicsUnavailable("interrupted while creating topics", e);
        } catch (KafkaException e) {
            throw new TopicsUnavailable("Kafka client cannot be made for " + kafka.bootstrapServers() + ": " + deepest(e).getMessage(), e);
        }
    }

    private static NewTopic newTopic(Topic topic, int replicationFactor) {
        var settings = new HashMap<>(topic.settings());
        settings.put("min.insync.replicas", replicationFactor >= 3 ? "2" : "1");
        settings.put("unclean.leader.election.enable", "false");
        return new NewTopic(topic.name(), topic.partitions(), (short) replicationFactor).configs(settings);
    }

    private static boolean created(CreateTopicsResult result, String name, KafkaSettings kafka, int replicationFactor, Duration timeout) {
        try {
            result.values().get(name).get(timeout.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TopicExistsException) {
                return false;
            }
            throw unavailable(kafka, "topic " + name + " cannot be created", replicationFactor, timeout, e.getCause());
        } catch (TimeoutException e) {
            throw noAnswer(kafka, timeout, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TopicsUnavailable("interrupted while creating topics", e);
        }
    }

    private static TopicsUnavailable unavailable(KafkaSettings kafka, String what, int replicationFactor, Duration timeout, Throwable cause) {
        return switch (cause) {
            case org.apache.kafka.common.errors.TimeoutException e -> noAnswer(kafka, timeout, e);
            case InvalidReplicationFactorException e ->
                new TopicsUnavailable(what + " with replication factor " + replicationFactor + ": " + e.getMessage() + "; set the factor to what the cluster has brokers for", e);
            case AuthorizationException e ->
                new TopicsUnavailable(what + ": not authorized; allow this user to create topics, or create them beforehand", e);
            default -> new TopicsUnavailable(what + ": " + cause.getMessage(), cause);
        };
    }

    private static TopicsUnavailable noAnswer(KafkaSettings kafka, Duration timeout, Exception cause) {
        return new TopicsUnavailable("Kafka at " + kafka.bootstrapServers() + " did not answer within " + timeout.toSeconds() + " s; is it running, and is the address right?", cause);
    }

    private static Throwable deepest(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.schemas.kafka;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/** Which partitions a feed reads and from where. Touched by the feed's thread only. */
sealed interface FeedPosition {
    @Nullable String groupId();

    /** Positions a new consumer: the first, or one made after an error. */
    void take(Consumer<byte[], byte[]> consumer);

    boolean isTaken(Consumer<byte[], byte[]> consumer);

    boolean isCaughtUp(Consumer<byte[], byte[]> consumer);

    void handled(Consumer<byte[], byte[]> consumer, Map<TopicPartition, OffsetAndMetadata> next);

    /** Takes in partitions that were added meanwhile. */
    void widen(Consumer<byte[], byte[]> consumer);

    /** Kafka shares the partitions out and keeps the position. */
    record InGroup(String groupId, List<String> topics) implements FeedPosition {
        @Override
        public void take(Consumer<byte[], byte[]> consumer) {
            consumer.subscribe(topics);
        }

        @Override
        public boolean isTaken(Consumer<byte[], byte[]> consumer) {
            return !consumer.assignment().isEmpty();
        }

        @Override
        public boolean isCaughtUp(Consumer<byte[], byte[]> consumer) {
            return false;
        }

        @Override
        public void handled(Consumer<byte[], byte[]> consumer, Map<TopicPartition, OffsetAndMetadata> next) {
            consumer.commitSync(next);
        }

        @Override
        public void widen(Consumer<byte[], byte[]> consumer) {
            // The group does so by itself.
        }
    }

    /** All partitions; the position is kept here, so that a consumer made after an error goes on where the last one stood. */
    final class Everything implements FeedPosition {
        private final List<String> topics;
        private final boolean fromEnd;
        private final Map<TopicPartition, Long> next = new HashMap<>();
        private final Map<TopicPartition, Long> endsAtStart = new HashMap<>();
        private boolean taken;

        private Everything(List<String> topics, boolean fromEnd) {
            this.topics = topics;
            this.fromEnd = fromEnd;
        }

        static Everything fromBeginning(List<String> topics) {
            return new Everything(topics, false);
        }

        static Everything fromEnd(List<String> topics) {
            return new Everything(topics, true);
        }

        @Override
        public @Nullable String groupId() {
            return null;
        }

        @Override
        public void take(Consumer<byte[], byte[]> consumer) {
            Set<TopicPartition> partitions = partitions(consumer);
            consumer.assign(partitions);
            if (!taken) {
                endsAtStart.putAll(consumer.endOffsets(partitions));
                next.putAll(fromEnd ? endsAtStart : consumer.beginningOffsets(partitions));
                taken = true;
            }
            startAtBeginning(consumer, partitions);
            next.forEach(consumer::seek);
        }

        @Override
        public boolean isTaken(Consumer<byte[], byte[]> consumer) {
            return taken;
        }

        @Override
        public boolean isCaughtUp(Consumer<byte[], byte[]> consumer) {
            return taken && endsAtStart.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
        }

        @Override
        public void handled(Consumer<byte[], byte[]> consumer, Map<TopicPartition, OffsetAndMetadata> handled) {
            handled.forEach((partition, offset) -> next.put(partition, offset.offset()));
        }

        @Override
        public void widen(Consumer<byte[], byte[]> consumer) {
            Set<TopicPartition> partitions = partitions(consumer);
            if (!partitions.equals(consumer.assignment())) {
                consumer.assign(partitions);
                startAtBeginning(consumer, partitions);
            }
        }

        /** A partition that is new to us was added after the start: everything in it is. */
        private void startAtBeginning(Consumer<byte[], byte[]> consumer, Set<TopicPartition> partitions) {
            var unseen = new HashSet<>(partitions);
            unseen.removeAll(next.keySet());
            if (!unseen.isEmpty()) {
                next.putAll(consumer.beginningOffsets(unseen));
                unseen.forEach(partition -> consumer.seek(partition, next.get(partition)));
            }
        }

        private Set<TopicPartition> partitions(Consumer<byte[], byte[]> consumer) {
            var partitions = new HashSet<TopicPartition>();
            for (String topic : topics) {
                List<PartitionInfo> infos = consumer.partitionsFor(topic);
                if (infos == null || infos.isEmpty()) {
                    throw new UnknownTopicOrPartitionException("topic " + topic + " does not exist");
                }
                for (PartitionInfo info : infos) {
                    partitions.add(new TopicPartition(topic, info.partition()));
                }
            }
            return partitions;
        }
    }
}

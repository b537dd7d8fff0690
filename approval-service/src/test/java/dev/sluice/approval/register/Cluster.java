// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval.register;

import dev.sluice.approval.decider.Answer;
import dev.sluice.approval.decider.ApprovalCommand;
import dev.sluice.approval.decider.ApprovalDecider;
import dev.sluice.approval.decider.ApprovalState;
import dev.sluice.approval.decider.RecordedEvent;
import dev.sluice.approval.fixture.Holds;
import dev.sluice.schemas.Principal;
import dev.sluice.schemas.chain.ApprovalChain;
import dev.sluice.schemas.event.ApprovalEvent;
import dev.sluice.schemas.event.ApprovalEvent.ApprovalExpired;
import dev.sluice.schemas.event.ApprovalEvent.ApprovalLapsed;
import dev.sluice.schemas.event.ApprovalEvent.ApprovalRequested;
import dev.sluice.schemas.event.ApprovalEvent.ApprovalVoted;
import dev.sluice.schemas.event.ApprovalEvent.Vote;
import dev.sluice.schemas.event.EventIds;
import dev.sluice.schemas.event.EventTypes;
import dev.sluice.schemas.event.StatementEvent.GroupQuorum;
import dev.sluice.schemas.event.StatementEvent.StatementHeld;
import dev.sluice.schemas.event.VerdictEvent;
import dev.sluice.schemas.signature.SigningKey;
import dev.sluice.schemas.signature.VerdictSigner;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Three replicas on a Kafka of memory, all from one seed: two partitions with one approval each, replicas that lag, crash and start anew from
 * an empty memory, clocks that differ, appends that are repeated, groups that rebalance while the old owner works on unaware, and now and
 * then a replica with a fault that appends without asking its rules.
 */
final class Cluster {
    static final SigningKey KEY = SigningKey.generate();
    private static final int PARTITIONS = 2;
    private static final List<Principal> PEOPLE = List.of(
            Holds.person("bob", "dba"),
            Holds.person("carol", "owners"),
            Holds.person("dora", "dba", "owners"),
            Holds.person("dora", "dba"),
            Holds.person("erin", "staff"),
            Holds.person("alice", "dba", "owners"),
            Holds.personOf(Holds.ISSUER, "helper", "bob", "dba"),
            Holds.person("frank", "dba"),
            Holds.person("grace", "dba", "owners"));

    /** A record of the topic of verdicts. */
    record Sent(String id, VerdictEvent event) {}

    private final Random random;
    private final ApprovalDecider decider = new ApprovalDecider();
    private final List<StatementHeld> holds = new ArrayList<>();
    private final List<List<RecordedEvent>> log = new ArrayList<>();
    private final List<Sent> sent = new ArrayList<>();
    private final List<Replica> replicas = new ArrayList<>();
    private final int[] generation = new int[PARTITIONS];
    private final int[] committed = new int[PARTITIONS];
    private int fencedCommits;
    private int events;
    private Instant now = Holds.START;

    Cluster(long seed) {
        random = new Random(seed);
        for (int partition = 0; partition < PARTITIONS; partition++) {
            holds.add(randomHold("approval-" + partition));
            log.add(new ArrayList<>());
        }
        for (int number = 0; number < 3; number++) {
            replicas.add(new Replica(random.nextInt(-3, 4)));
        }
        for (int partition = 0; partition < PARTITIONS; partition++) {
            append(partition, now, new ApprovalRequested(holds.get(partition).approvalId(), holds.get(partition)));
            rebalance(partition);
        }
    }

    void live(int steps) {
        for (int step = 0; step < steps; step++) {
            now = now.plusMillis(random.nextInt(2_500));
            int partition = random.nextInt(PARTITIONS);
            var replica = replicas.get(random.nextInt(replicas.size()));
            switch (random.nextInt(16)) {
                case 0 -> rebalance(partition);
                case 1 -> replica.restart();
                case 2 -> appendUnasked(partition);
                case 3, 4, 5, 6 -> replica.work(partition, random.nextInt(4) == 0);
                case 7, 8 -> replica.read(partition, random.nextInt(6));
                default -> {
                    replica.read(partition, random.nextInt(12));
                    replica.command(partition);
                }
            }
        }
    }

    /** Everybody comes back, reads everything, and the owners do what is left to do. */
    void settle() {
        replicas.forEach(replica -> {
            if (random.nextBoolean()) {
                replica.restart();
            }
        });
        for (int partition = 0; partition < PARTITIONS; partition++) {
            for (var replica : replicas) {
                replica.read(partition, log.get(partition).size());
            }
            rebalance(partition);
            for (int round = 0; committed[partition] < log.get(partition).size() && round < 1_000; round++) {
                for (var replica : replicas) {
                    replica.work(partition, false);
                }
            }
        }
    }

    List<StatementHeld> holds() {
        return holds;
    }

    List<ApprovalState> states(String approvalId) {
        return replicas.stream().map(replica -> replica.register.stateOf(approvalId)).toList();
    }

    List<ApprovalChain> chains(String approvalId) {
        return replicas.stream().map(replica -> replica.register.chainOf(approvalId)).toList();
    }

    List<RecordedEvent> log(String approvalId) {
        return log.stream().flatMap(List::stream).filter(recorded -> recorded.event().approvalId().equals(approvalId)).toList();
    }

    List<Sent> sent() {
        return sent;
    }

    int fencedCommits() {
        return fencedCommits;
    }

    private void rebalance(int partition) {
        generation[partition]++;
        var owner = replicas.get(random.nextInt(replicas.size()));
        owner.generation[partition] = generation[partition];
        owner.position[partition] = committed[partition];
    }

    private void append(int partition, Instant at, ApprovalEvent event) {
        var recorded = new RecordedEvent("event-" + events++, at, event);
        for (int copies = random.nextInt(8) == 0 ? 2 : 1; copies > 0; copies--) {
            log.get(partition).add(recorded);
        }
    }

    /** What a replica with a fault in it might append. */
    private void appendUnasked(int partition) {
        var held = holds.get(partition);
        var who = anybody();
        append(partition, now, switch (random.nextInt(6)) {
            case 0 -> new ApprovalExpired(held.approvalId());
            case 1 -> new ApprovalRequested(held.approvalId(), randomHold(held.approvalId()));
            case 2 -> new ApprovalLapsed(held.approvalId(), who, null);
            default -> new ApprovalVoted(
                    held.approvalId(), who, Vote.APPROVE, null, random.nextInt(3) > 0 ? held.statementDigest() : "another", standing(now), null);
        });
    }

    private @Nullable Instant standing(Instant from) {
        return random.nextInt(3) == 0 ? null : from.plusSeconds(random.nextInt(-2, 60));
    }

    private Principal anybody() {
        return PEOPLE.get(random.nextInt(PEOPLE.size()));
    }

    private StatementHeld randomHold(String approvalId) {
        var requester = random.nextBoolean() ? Holds.REQUESTER : Holds.person(random.nextBoolean() ? "frank" : "grace", "dba", "owners");
        var plain = Holds.hold().id(approvalId).requester(requester).expires(Holds.START.plusSeconds(random.nextInt(20, 120)));
        // Of those that may go by their estimate some have none, one that makes no sense, or one that is too large.
        var hold = random.nextInt(4) > 0 ? plain : plain.automatic(10L, random.nextInt(4) == 0 ? null : Long.valueOf(random.nextInt(-1, 20)));
        return (switch (random.nextInt(6)) {
                    case 0 -> hold.approvers(random.nextInt(0, 3), "dba");
                    case 1 -> hold.approvers(random.nextInt(0, 4), "dba", "owners");
                    case 2 -> hold.all(new GroupQuorum("dba", 1), new GroupQuorum("owners", 1));
                    case 3 -> hold.all(new GroupQuorum("dba", 2), new GroupQuorum("owners", 1));
                    case 4 -> hold.approvers(1);
                    default -> hold.approvers(1, "owners", "staff");
                })
                .held();
    }

    private final class Replica {
        private final int skewSeconds;
        private final Verdicts verdicts = new Verdicts(new VerdictSigner(KEY), false);
        private final int[] read = new int[PARTITIONS];
        private final int[] generation = new int[PARTITIONS];
        private final int[] position = new int[PARTITIONS];
        private ApprovalRegister register = new ApprovalRegister(10, 1 << 24);

        Replica(int skewSeconds) {
            this.skewSeconds = skewSeconds;
        }

        /** Whatever it knew is gone, its share of the partitions too. */
        void restart() {
            register = new ApprovalRegister(10, 1 << 24);
            Arrays.fill(read, 0);
            Arrays.fill(generation, 0);
        }

        void read(int partition, int records) {
            var all = log.get(partition);
            for (int until = Math.min(all.size(), read[partition] + records); read[partition] < until; read[partition]++) {
                register.apply(all.get(read[partition]), all.get(read[partition]).id().getBytes(StandardCharsets.US_ASCII));
            }
        }

        void command(int partition) {
            var held = holds.get(partition);
            var at = now.plusSeconds(skewSeconds);
            var command = switch (random.nextInt(14)) {
                case 0 -> new ApprovalCommand.Withdraw("client went away");
                case 1, 2 -> new ApprovalCommand.Expire(at);
                case 3 -> new ApprovalCommand.Reconsider(anybody());
                default -> new ApprovalCommand.Cast(
                        anybody(),
                        random.nextInt(8) == 0 ? Vote.REJECT : Vote.APPROVE,
                        null,
                        random.nextInt(10) == 0 ? "another" : held.statementDigest(),
                        standing(at),
                        at);
            };
            if (decider.decide(register.stateOf(held.approvalId()), command) instanceof Answer.Accepted(var accepted)) {
                accepted.forEach(event -> append(partition, at, event));
            }
        }

        /** One turn of the owner, or of one that takes itself for it: sends what the next record leads to, then commits, unless it crashes in between. */
        void work(int partition, boolean crash) {
            if (generation[partition] == 0 || position[partition] >= read[partition]) {
                return;
            }
            var recorded = log.get(partition).get(position[partition]);
            var verdict = verdicts.answerTo(recorded.id(), register.stateOf(recorded.event().approvalId()));
            if (verdict != null) {
                sent.add(new Sent(EventIds.derived(recorded.id(), EventTypes.of(verdict), verdict.approvalId()).toString(), verdict));
            }
            if (crash) {
                restart();
            } else if (generation[partition] == Cluster.this.generation[partition]) {
                committed[partition] = ++position[partition];
            } else {
                fencedCommits++;
                generation[partition] = 0;
            }
        }
    }
}

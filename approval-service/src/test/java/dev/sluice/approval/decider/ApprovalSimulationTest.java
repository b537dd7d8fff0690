// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval.decider;

import static dev.sluice.approval.fixture.Holds.START;
import static dev.sluice.approval.fixture.Holds.hold;
import static dev.sluice.approval.fixture.Holds.person;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.schemas.Principal;
import dev.sluice.schemas.event.ApprovalEvent;
import dev.sluice.schemas.event.ApprovalEvent.ApprovalExpired;
import dev.sluice.schemas.event.ApprovalEvent.ApprovalVoted;
import dev.sluice.schemas.event.ApprovalEvent.ApprovalWithdrawn;
import dev.sluice.schemas.event.ApprovalEvent.Vote;
import dev.sluice.schemas.event.StatementEvent.StatementHeld;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * Replicas that lag behind the log, whose clocks differ, that append twice, and one that appends without asking the decider. Whatever they
 * do, the log folds to one state that keeps the promises; they are checked here against the raw log, not against the decider's own words.
 */
final class ApprovalSimulationTest {
    private static final String DIGEST = "digest-of-approval-1";
    private static final List<Principal> PEOPLE = List.of(
            person("bob", "dba"),
            person("carol", "owners"),
            person("dora", "dba", "owners"),
            person("dora", "dba"),
            person("erin", "staff"),
            person("alice", "dba", "owners"),
            person("frank", "dba"),
            person("grace", "dba", "owners"));

    private final ApprovalDecider decider = new ApprovalDecider();

    @Property(tries = 2_000)
    void theLogKeepsItsPromises(@ForAll long seed) {
        var random = new Random(seed);
        var held = randomHold(random);
        var log = new ArrayList<RecordedEvent>();
        var replicas = List.of(new Replica(random.nextInt(-3, 4)), new Replica(random.nextInt(-3, 4)), new Replica(0));
        var now = START;
        log.add(new RecordedEvent("event-0", now, new ApprovalEvent.ApprovalRequested(held.approvalId(), held)));

        for (int step = 0; step < 40; step++) {
            now = now.plusMillis(random.nextInt(2_500));
            var replica = replicas.get(random.nextInt(replicas.size()));
            replica.catchUp(log, random);
            var at = now.plusSeconds(replica.skewSeconds);
            var events = random.nextInt(10) == 0 ? unasked(random, held) : asked(replica.state, random, at);
            for (var event : events) {
                int copies = random.nextInt(8) == 0 ? 2 : 1;
                for (int copy = 0; copy < copies; copy++) {
                    log.add(new RecordedEvent("event-" + log.size(), at, event));
                }
            }
        }

        var states = replicas.stream().map(replica -> replica.readAll(log)).distinct().toList();
        assertThat(states).as("every replica reaches the same state").hasSize(1);
        checkPromises(held, log);
    }

    private List<ApprovalEvent> asked(ApprovalState state, Random random, Instant at) {
        var command = switch (random.nextInt(12)) {
            case 0 -> new ApprovalCommand.Withdraw("client went away");
            case 1, 2 -> new ApprovalCommand.Expire(at);
            default -> {
                var vote = random.nextInt(6) == 0 ? Vote.REJECT : Vote.APPROVE;
                yield new ApprovalCommand.Cast(anybody(random), vote, null, random.nextInt(8) == 0 ? "another" : DIGEST, at);
            }
        };
        return switch (decider.decide(state, command)) {
            case Answer.Accepted(var events) -> events;
            case Answer.Refused _ -> List.of();
        };
    }

    /** What a replica with a mistake in it might append. */
    private static List<ApprovalEvent> unasked(Random random, StatementHeld held) {
        return switch (random.nextInt(4)) {
            case 0 -> List.of(new ApprovalExpired(held.approvalId()));
            case 1 -> List.of(new ApprovalEvent.ApprovalRequested(held.approvalId(), held));
            default -> List.of(new ApprovalVoted(held.approvalId(), anybody(random), Vote.APPROVE, null, random.nextBoolean() ? DIGEST : "another"));
        };
    }

    private void checkPromises(StatementHeld held, List<RecordedEvent> log) {
        var state = decider.initial();
        int verdicts = 0;
        for (int position = 0; position < log.size(); position++) {
            var next = decider.evolve(state, log.get(position));
            if (next instanceof ApprovalState.Closed closed && !(state instanceof ApprovalState.Closed)) {
                verdicts++;
                checkClosing(held, log.subList(0, position + 1), closed);
            } else if (state instanceof ApprovalState.Closed) {
                assertThat(next).as("a verdict is final").isEqualTo(state);
            }
            state = next;
        }
        assertThat(verdicts).as("verdicts").isLessThanOrEqualTo(1);
    }

    private static void checkClosing(StatementHeld held, List<RecordedEvent> until, ApprovalState.Closed closed) {
        var last = until.getLast();
        var endedBefore = until.subList(0, until.size() - 1).stream()
                .anyMatch(recorded -> recorded.event() instanceof ApprovalWithdrawn
                        || (recorded.event() instanceof ApprovalExpired && !recorded.time().isBefore(held.expiresAt())));
        assertThat(endedBefore).as("closed although withdrawn or expired before").isFalse();
        if (closed.outcome() instanceof Outcome.Granted(var approvers)) {
            assertThat(last.time()).as("a grant after expiry").isBefore(held.expiresAt());
            var people = new HashSet<Person>();
            for (var approver : approvers) {
                assertThat(people.add(Person.of(approver))).as("%s counted twice", approver).isTrue();
                assertThat(approver.subject()).as("requester").isNotEqualTo(held.requester().subject());
                assertThat(approver.subject()).as("the human behind the requester").isNotEqualTo(held.requester().onBehalfOf());
                assertThat(approver.groups()).as("standing").containsAnyElementsOf(held.approverGroups());
            }
            assertThat(people).as("quorum").hasSizeGreaterThanOrEqualTo(Math.max(1, held.quorum()));
            assertThat(people).isSubsetOf(approversIn(until, held));
        }
    }

    private static Set<Person> approversIn(List<RecordedEvent> log, StatementHeld held) {
        var people = new HashSet<Person>();
        for (var recorded : log) {
            if (recorded.event() instanceof ApprovalVoted voted
                    && voted.vote() == Vote.APPROVE
                    && voted.shownDigest().equals(DIGEST)
                    && recorded.time().isBefore(held.expiresAt())) {
                people.add(Person.of(voted.voter()));
            }
        }
        return people;
    }

    private static StatementHeld randomHold(Random random) {
        var requester = random.nextBoolean() ? hold().requester() : person(random.nextBoolean() ? "frank" : "grace", "dba", "owners");
        var groups = switch (random.nextInt(4)) {
            case 0 -> new String[] {"dba"};
            case 1 -> new String[] {"owners"};
            case 2 -> new String[] {};
            default -> new String[] {"dba", "owners"};
        };
        return hold().requester(requester)
                .approvers(random.nextInt(0, 4), groups)
                .expires(START.plusSeconds(random.nextInt(5, 90)))
                .held();
    }

    private static Principal anybody(Random random) {
        return PEOPLE.get(random.nextInt(PEOPLE.size()));
    }

    private final class Replica {
        private final int skewSeconds;
        private ApprovalState state = decider.initial();
        private int read;

        Replica(int skewSeconds) {
            this.skewSeconds = skewSeconds;
        }

        void catchUp(List<RecordedEvent> log, Random random) {
            int until = read + random.nextInt(log.size() - read + 1);
            readThrough(log, until);
        }

        ApprovalState readAll(List<RecordedEvent> log) {
            readThrough(log, log.size());
            return state;
        }

        private void readThrough(List<RecordedEvent> log, int until) {
            while (read < until) {
                state = decider.evolve(state, log.get(read++));
            }
        }
    }
}

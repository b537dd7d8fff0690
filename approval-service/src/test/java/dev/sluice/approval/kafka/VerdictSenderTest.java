// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.approval.decider.ApprovalState;
import dev.sluice.approval.decider.RecordedEvent;
import dev.sluice.approval.fixture.Holds;
import dev.sluice.approval.fixture.SettableClock;
import dev.sluice.approval.register.ApprovalRegister;
import dev.sluice.approval.register.Verdicts;
import dev.sluice.schemas.chain.ApprovalChain;
import dev.sluice.schemas.event.ApprovalEvent;
import dev.sluice.schemas.event.ApprovalEvent.ApprovalRequested;
import dev.sluice.schemas.event.ApprovalEvent.ApprovalSealed;
import dev.sluice.schemas.event.ApprovalEvent.ApprovalVoted;
import dev.sluice.schemas.event.ApprovalEvent.Vote;
import dev.sluice.schemas.event.Envelopes;
import dev.sluice.schemas.event.EventCodec;
import dev.sluice.schemas.event.EventEnvelope;
import dev.sluice.schemas.event.VerdictEvent;
import dev.sluice.schemas.event.VerdictEvent.VerdictGranted;
import dev.sluice.schemas.kafka.ReceivedRecord;
import dev.sluice.schemas.signature.SigningKey;
import dev.sluice.schemas.signature.VerdictSigner;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A sender that comes to the approvals long after they have closed: behind more of them than are kept for reading. */
final class VerdictSenderTest {
    private static final SigningKey KEY = SigningKey.generate();
    private static final int KEPT = 2;
    private static final List<String> APPROVALS = IntStream.range(0, 20).mapToObj(number -> "approval-" + number).toList();

    private final EventCodec codec = new EventCodec();
    private final Clock clock = new SettableClock();
    private final Envelopes envelopes = new Envelopes(URI.create("/sluice/approval-service/test"), clock, new Random(1));
    private final ApprovalRegister register = new ApprovalRegister(KEPT, 1 << 20);
    private final List<ReceivedRecord> log = new ArrayList<>();
    private final List<VerdictEvent> sent = new ArrayList<>();
    private final List<ApprovalSealed> seals = new ArrayList<>();
    private boolean feedIsAway;

    private final VerdictSender sender = new VerdictSender(
            codec,
            register,
            new Verdicts(new VerdictSigner(KEY), false),
            verdict -> {
                if (feedIsAway) {
                    return CompletableFuture.failedFuture(new IllegalStateException("the feed is away"));
                }
                sent.add(verdict.data());
                return CompletableFuture.completedFuture(null);
            },
            event -> {
                append(event);
                return CompletableFuture.completedFuture(null);
            },
            envelopes);

    @Test
    void everyApprovalThatPeopleHaveGrantedGetsItsVerdict() throws Exception {
        APPROVALS.forEach(this::grant);

        sender.handle(List.copyOf(log));

        assertThat(sent).extracting(VerdictEvent::approvalId).containsExactlyElementsOf(APPROVALS);
        assertThat(sent).hasOnlyElementsOfType(VerdictGranted.class);
        assertThat(seals).extracting(ApprovalSealed::approvalId).containsExactlyElementsOf(APPROVALS);
        assertThat(seals).allSatisfy(seal -> assertThat(seal).isEqualTo(sealOver(seal.approvalId())));
    }

    @Test
    void whatIsSealedIsForgottenAndSentNoMore() throws Exception {
        APPROVALS.forEach(this::grant);
        var before = List.copyOf(log);
        sender.handle(before);
        sent.clear();
        seals.clear();

        assertThat(APPROVALS).filteredOn(id -> register.stateOf(id) instanceof ApprovalState.Closed).hasSize(KEPT);
        sender.handle(before);
        assertThat(sent).extracting(VerdictEvent::approvalId).containsExactlyElementsOf(APPROVALS.subList(APPROVALS.size() - KEPT, APPROVALS.size()));
        assertThat(seals).allSatisfy(seal -> assertThat(seal).isEqualTo(sealOver(seal.approvalId())));
    }

    @Test
    void nothingIsSealedBeforeKafkaHasTheVerdict() {
        APPROVALS.forEach(this::grant);
        feedIsAway = true;

        assertThatThrownBy(() -> sender.handle(List.copyOf(log))).isInstanceOf(ExecutionException.class).hasMessageContaining("the feed is away");
        assertThat(seals).isEmpty();
        assertThat(APPROVALS).allMatch(id -> register.stateOf(id) instanceof ApprovalState.Closed);
    }

    /** Where memory is short the statement goes first; what is signed rests on its digest and its terms. */
    @Test
    void theVerdictOnWhatIsKeptWithoutItsStatementIsTheSame() {
        var whole = new ApprovalRegister(KEPT, 1 << 24);
        var held = Holds.hold().query("DELETE FROM orders -- " + "x".repeat(10_000)).held();
        var requested = new RecordedEvent("e1", Holds.START, new ApprovalRequested(held.approvalId(), held));
        var voted = new RecordedEvent("e2", Holds.START, new ApprovalVoted(held.approvalId(), Holds.person("bob", "dba"), Vote.APPROVE, null, held.statementDigest(), null, null));
        var small = new ApprovalRegister(KEPT, 9_000);
        for (var register : List.of(whole, small)) {
            register.apply(requested, new byte[0]);
            register.apply(voted, new byte[0]);
        }
        var verdicts = new Verdicts(new VerdictSigner(KEY), false);

        assertThat(small.stateOf(held.approvalId())).isNotEqualTo(whole.stateOf(held.approvalId())).isInstanceOf(ApprovalState.Closed.class);
        assertThat(verdicts.answerTo("e2", small.stateOf(held.approvalId()))).isNotNull().isEqualTo(verdicts.answerTo("e2", whole.stateOf(held.approvalId())));
    }

    private void grant(String id) {
        var held = Holds.hold().id(id).expires(Instant.now().plusSeconds(600)).held();
        append(envelopes.of(id, "session-1", new ApprovalRequested(id, held)));
        append(envelopes.of(id, "session-1", new ApprovalVoted(id, Holds.person("bob", "dba"), Vote.APPROVE, null, held.statementDigest(), null, null)));
    }

    /** Writes it to the log, from which the register has it at once. */
    private void append(EventEnvelope<? extends ApprovalEvent> event) {
        var record = codec.encode(event);
        log.add(new ReceivedRecord("sluice.approvals", 0, log.size(), event.time(), event.subject(), record));
        register.apply(new RecordedEvent(event.id(), event.time(), event.data()), record);
        register.appliedThrough(0, log.size() - 1L);
        if (event.data() instanceof ApprovalSealed seal) {
            seals.add(seal);
        }
    }

    private ApprovalSealed sealOver(String id) {
        var chain = ApprovalChain.START;
        for (var record : log.stream().filter(record -> id.equals(record.key())).limit(2).toList()) {
            chain = chain.with(record.value());
        }
        return new ApprovalSealed(id, chain.records(), chain.hash(), null);
    }
}

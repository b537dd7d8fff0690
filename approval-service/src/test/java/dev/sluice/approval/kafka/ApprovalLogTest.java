// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.approval.fixture.Holds;
import dev.sluice.approval.fixture.SettableClock;
import dev.sluice.approval.register.ApprovalRegister;
import dev.sluice.approval.webhook.Deliveries;
import dev.sluice.schemas.chain.SignedRecord;
import dev.sluice.schemas.event.ApprovalEvent.ApprovalRequested;
import dev.sluice.schemas.event.Envelopes;
import dev.sluice.schemas.event.EventCodec;
import dev.sluice.schemas.event.EventEnvelope;
import dev.sluice.schemas.event.EventIds;
import dev.sluice.schemas.event.WebhookEvent;
import dev.sluice.schemas.event.WebhookEvent.WebhookDelivered;
import dev.sluice.schemas.event.WebhookEvent.WebhookFailed;
import dev.sluice.schemas.event.WebhookEvent.WebhookRequeued;
import dev.sluice.schemas.kafka.ReceivedRecord;
import dev.sluice.schemas.signature.SigningKey;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Somebody who can write to the topic and has no key wants a receiver not to be told. */
final class ApprovalLogTest {
    private static final SigningKey KEY = SigningKey.generate();
    private static final String APPROVAL = "approval-1";

    private final EventCodec codec = new EventCodec();
    private final SettableClock clock = new SettableClock();
    private final Envelopes envelopes = new Envelopes(URI.create("/sluice/approval-service/test"), clock, new Random(1));
    private final Deliveries deliveries = new Deliveries(List.of("chat"), Duration.ofDays(1), clock);
    private final ApprovalLog log = new ApprovalLog(codec, KEY.publicKeys(), new ApprovalRegister(10, 1 << 20), deliveries);
    private String message = "";
    private long offset;

    @BeforeEach
    void anApprovalIsAskedFor() {
        var requested = envelopes.of(APPROVAL, "session-1", new ApprovalRequested(APPROVAL, Holds.hold().id(APPROVAL).expires(clock.instant().plusSeconds(600)).held()));
        read(codec.encode(SignedRecord.sign(requested, KEY, codec)));
        message = "msg_" + EventIds.derived(requested.id(), "webhook", "chat");
        assertThat(deliveries.pending("chat")).isOne();
    }

    @Test
    void whatTheServiceHasSignedSettlesAMessage() {
        read(codec.encode(SignedRecord.signWebhook(delivered(), KEY, codec)));
        assertThat(deliveries.pending("chat")).isZero();
    }

    @Test
    void aDeliveryThatNobodySignedSettlesNothing() {
        read(codec.encode(delivered()));
        assertThat(deliveries.pending("chat")).isOne();
    }

    @Test
    void aDeliverySignedByAnotherKeySettlesNothing() {
        read(codec.encode(SignedRecord.signWebhook(delivered(), SigningKey.generate(), codec)));
        assertThat(deliveries.pending("chat")).isOne();
    }

    @Test
    void aSignedRecordThatWasChangedSettlesNothing() {
        var failed = envelope(new WebhookFailed(APPROVAL, "chat", message, 1, "no answer", clock.instant().plusSeconds(5)));
        String text = new String(codec.encode(SignedRecord.signWebhook(failed, KEY, codec)), StandardCharsets.UTF_8);
        read(text.replaceFirst(",\"nextAttemptAt\":\"[^\"]*\"", "").getBytes(StandardCharsets.UTF_8));
        assertThat(deliveries.deadLetters()).isEmpty();
    }

    @Test
    void nobodyAsksForAnotherDeliveryInAnAdminsName() {
        read(codec.encode(SignedRecord.signWebhook(envelope(new WebhookFailed(APPROVAL, "chat", message, 1, "no answer", null)), KEY, codec)));
        assertThat(deliveries.deadLetters()).hasSize(1);
        read(codec.encode(envelope(new WebhookRequeued(APPROVAL, "chat", message, Holds.person("ada", "admins")))));
        assertThat(deliveries.deadLetters()).hasSize(1);
    }

    private EventEnvelope<WebhookEvent> delivered() {
        return envelope(new WebhookDelivered(APPROVAL, "chat", message, 1, 200));
    }

    private EventEnvelope<WebhookEvent> envelope(WebhookEvent event) {
        return envelopes.of(APPROVAL, "session-1", event);
    }

    private void read(byte[] record) {
        log.handle(List.of(new ReceivedRecord("sluice.approvals", 0, offset++, clock.instant(), APPROVAL, record)));
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval.kafka;

import dev.sluice.approval.decider.RecordedEvent;
import dev.sluice.approval.register.ApprovalRegister;
import dev.sluice.approval.webhook.Deliveries;
import dev.sluice.schemas.chain.SignedRecord;
import dev.sluice.schemas.event.ApprovalEvent;
import dev.sluice.schemas.event.Decoded;
import dev.sluice.schemas.event.EventCodec;
import dev.sluice.schemas.event.EventEnvelope;
import dev.sluice.schemas.event.WebhookEvent;
import dev.sluice.schemas.kafka.ReceivedRecord;
import dev.sluice.schemas.kafka.RecordHandler;
import dev.sluice.schemas.signature.TrustedKeys;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Folds {@code sluice.approvals} into the register: what the approval-service has signed, and nothing else. */
public final class ApprovalLog implements RecordHandler {
    private static final Logger LOGGER = LoggerFactory.getLogger(ApprovalLog.class);

    private final EventCodec codec;
    private final TrustedKeys keys;
    private final ApprovalRegister register;
    private final Deliveries deliveries;

    public ApprovalLog(EventCodec codec, TrustedKeys keys, ApprovalRegister register, Deliveries deliveries) {
        this.codec = codec;
        this.keys = keys;
        this.register = register;
        this.deliveries = deliveries;
    }

    /** What a record says, and why it counts for nothing; null where it counts. */
    private record Read(ReceivedRecord received, @Nullable EventEnvelope<?> envelope, @Nullable String trouble) {}

    /** Signatures are checked on all processors, since that is nearly all the work of reading a long log; then the records are applied in their order. */
    @Override
    public void handle(List<ReceivedRecord> records) {
        for (var read : records.parallelStream().map(this::read).toList()) {
            if (read.trouble() != null) {
                passOver(read.received(), read.trouble());
            } else if (read.envelope() != null) {
                apply(read.received(), read.envelope());
            }
            register.appliedThrough(read.received().partition(), read.received().offset());
        }
    }

    /** What is not understood is passed over: no vote that can't be read counts. */
    private Read read(ReceivedRecord received) {
        var value = received.value();
        if (value == null) {
            return new Read(received, null, null);
        }
        return switch (codec.decode(value)) {
            case Decoded.Known(var envelope) -> new Read(received, envelope, switch (envelope.data()) {
                case ApprovalEvent event when event.approvalId().equals(received.key()) && event.approvalId().equals(envelope.subject()) ->
                    SignedRecord.verify(event, value, keys);
                case WebhookEvent event when event.approvalId().equals(received.key()) && event.approvalId().equals(envelope.subject()) ->
                    SignedRecord.verify(event, value, keys);
                default -> "it is no event of the approval that is its key";
            });
            case Decoded.UnknownType(_, var type, _) -> new Read(received, null, "this version does not know " + type);
            case Decoded.Malformed(var reason) -> new Read(received, null, reason);
        };
    }

    private void apply(ReceivedRecord received, EventEnvelope<?> envelope) {
        if (envelope.data() instanceof WebhookEvent event) {
            deliveries.apply(event, envelope.time());
        } else if (envelope.data() instanceof ApprovalEvent event && received.value() instanceof byte[] value) {
            var before = register.stateOf(event.approvalId());
            register.apply(new RecordedEvent(envelope.id(), envelope.time(), event), value);
            deliveries.changed(before, register.stateOf(event.approvalId()), envelope.id(), envelope.time(), received.partition());
        }
    }

    private static void passOver(ReceivedRecord received, String reason) {
        LOGGER.atWarn().addKeyValue("record", received.position()).addKeyValue("reason", reason).log("record passed over");
    }
}

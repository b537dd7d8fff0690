// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval.kafka;

import dev.sluice.approval.decider.RecordedEvent;
import dev.sluice.approval.register.ApprovalRegister;
import dev.sluice.approval.webhook.Deliveries;
import dev.sluice.schemas.chain.SignedRecord;
import dev.sluice.schemas.event.ApprovalEvent;
import dev.sluice.schemas.event.Decoded;
import dev.sluice.schemas.event.EventCodec;
import dev.sluice.schemas.event.WebhookEvent;
import dev.sluice.schemas.kafka.ReceivedRecord;
import dev.sluice.schemas.kafka.RecordHandler;
import dev.sluice.schemas.signature.TrustedKeys;
import java.util.List;
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

    @Override
    public void handle(List<ReceivedRecord> records) {
        for (var received : records) {
            apply(received);
            register.appliedThrough(received.partition(), received.offset());
        }
    }

    /** What is not understood is passed over: no vote that can't be read counts. */
    private void apply(ReceivedRecord received) {
        var value = received.value();
        if (value == null) {
            return;
        }
        switch (codec.decode(value)) {
            case Decoded.Known(var envelope) -> {
                switch (envelope.data()) {
                    case ApprovalEvent event when event.approvalId().equals(received.key()) && event.approvalId().equals(envelope.subject()) -> {
                        var trouble = SignedRecord.verify(event, value, keys);
                        if (trouble == null) {
                            var before = register.stateOf(event.approvalId());
                            register.apply(new RecordedEvent(envelope.id(), envelope.time(), event), value);
                            deliveries.changed(
                                    before, register.stateOf(event.approvalId()), envelope.id(), envelope.time(), received.partition());
                        } else {
                            passOver(received, trouble);
                        }
                    }
                    case WebhookEvent event when event.approvalId().equals(received.key()) -> deliveries.apply(event, envelope.time());
                    default -> passOver(received, "it is no event of the approval that is its key");
                }
            }
            case Decoded.UnknownType(_, var type, _) -> passOver(received, "this version does not know " + type);
            case Decoded.Malformed(var reason) -> passOver(received, reason);
        }
    }

    private static void passOver(ReceivedRecord received, String reason) {
        LOGGER.atWarn().addKeyValue("record", received.position()).addKeyValue("reason", reason).log("record passed over");
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.schemas.chain;

import dev.sluice.schemas.event.ApprovalEvent;
import dev.sluice.schemas.event.AuditEvent;
import dev.sluice.schemas.event.DomainEvent;
import dev.sluice.schemas.event.EventCodec;
import dev.sluice.schemas.event.EventEnvelope;
import dev.sluice.schemas.event.WebhookEvent;
import dev.sluice.schemas.signature.SignedClaims;
import dev.sluice.schemas.signature.SigningKey;
import dev.sluice.schemas.signature.TrustedKeys;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The signature of one record of {@code sluice.approvals} or {@code sluice.audit}: over the SHA-256 of its bytes with an empty signature in its place. So the id, the
 * time and everything else of the record is covered, and whoever can write to Kafka can neither make one nor change one.
 */
public final class SignedRecord {
    private static final String TYPE = "sluice-approval+jwt";
    private static final String AUDIT_TYPE = "sluice-audit+jwt";
    private static final String RECORD_HASH = "recordhash";

    private SignedRecord() {}

    /** The event with its signature. Takes some 100 microseconds. */
    public static EventEnvelope<ApprovalEvent> sign(EventEnvelope<? extends ApprovalEvent> event, SigningKey key, EventCodec codec) {
        byte[] unsigned = codec.encode(with(event, ""));
        return with(event, key.sign(TYPE, Map.of(RECORD_HASH, HashChain.hash(unsigned))));
    }

    /** As {@link #sign}, of what an auditor does. */
    public static EventEnvelope<AuditEvent> signAudit(EventEnvelope<AuditEvent> event, SigningKey key, EventCodec codec) {
        byte[] unsigned = codec.encode(event.with(event.data().withSignature("")));
        return event.with(event.data().withSignature(key.sign(AUDIT_TYPE, Map.of(RECORD_HASH, HashChain.hash(unsigned)))));
    }

    /** As {@link #sign}, of what became of telling a receiver. */
    public static EventEnvelope<WebhookEvent> signWebhook(EventEnvelope<? extends WebhookEvent> event, SigningKey key, EventCodec codec) {
        byte[] unsigned = codec.encode(around(event, event.data().withSignature("")));
        return around(event, event.data().withSignature(key.sign(TYPE, Map.of(RECORD_HASH, HashChain.hash(unsigned)))));
    }

    private static EventEnvelope<ApprovalEvent> with(EventEnvelope<? extends ApprovalEvent> event, String signature) {
        return around(event, event.data().withSignature(signature));
    }

    private static <E extends DomainEvent> EventEnvelope<E> around(EventEnvelope<?> event, E data) {
        return new EventEnvelope<>(
                event.specversion(),
                event.id(),
                event.source(),
                event.type(),
                event.subject(),
                event.time(),
                event.datacontenttype(),
                event.dataschema(),
                event.correlationid(),
                event.causationid(),
                event.sequence(),
                event.previoushash(),
                data);
    }

    /** As {@link TrustedKeys#verifyAhead}, for the signature of a record. */
    public static void verifyAhead(String jws, TrustedKeys keys) {
        keys.verifyAhead(TYPE, jws);
    }

    /**
     * Why the record is not what one of these keys has signed; null when it is.
     *
     * @param event what the record's bytes were decoded to
     * @param record its bytes as they lie in Kafka
     */
    public static @Nullable String verify(ApprovalEvent event, byte[] record, TrustedKeys keys) {
        return verify(TYPE, event.signature(), record, keys);
    }

    /** As {@link #verify(ApprovalEvent, byte[], TrustedKeys)}, of what an auditor does. */
    public static @Nullable String verify(AuditEvent event, byte[] record, TrustedKeys keys) {
        return verify(AUDIT_TYPE, event.signature(), record, keys);
    }

    /** As {@link #verify(ApprovalEvent, byte[], TrustedKeys)}, of what became of telling a receiver. */
    public static @Nullable String verify(WebhookEvent event, byte[] record, TrustedKeys keys) {
        return verify(TYPE, event.signature(), record, keys);
    }

    private static @Nullable String verify(String type, @Nullable String jws, byte[] record, TrustedKeys keys) {
        if (jws == null || jws.isEmpty()) {
            return "it is not signed";
        }
        String text = new String(record, StandardCharsets.ISO_8859_1);
        int at = text.indexOf(jws);
        if (at < 0 || text.indexOf(jws, at + 1) >= 0) {
            return "its signature does not stand in it exactly once";
        }
        byte[] unsigned = (text.substring(0, at) + text.substring(at + jws.length())).getBytes(StandardCharsets.ISO_8859_1);
        return switch (keys.verify(type, jws)) {
            case SignedClaims.Unproven(String reason) -> reason;
            case SignedClaims.Proven(var claims) -> HashChain.hash(unsigned).equals(claims.get(RECORD_HASH)) ? null : "it was changed after it was signed";
        };
    }
}

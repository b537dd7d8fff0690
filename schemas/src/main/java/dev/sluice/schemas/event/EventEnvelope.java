// SPDX-License-Identifier: Apache-2.0
package dev.sluice.schemas.event;

import java.net.URI;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * CloudEvents 1.0, structured mode: the record value on Kafka is this document. The attribute names are CloudEvents' own
 * (lower case letters and digits only) and its documented extensions {@code sequence} and {@code correlationid}/{@code causationid}.
 *
 * @param id UUIDv7, or derived from {@code causationid} for an event made in reaction to another
 * @param source the process that wrote it, {@code /sluice/<service>/<instance>}
 * @param type {@code dev.sluice.<context>.<past tense>.v1}
 * @param subject the key of the record: session id or approval id
 * @param correlationid the session id
 * @param causationid id of the event that this one answers
 * @param sequence position within the session, from 0 without gaps; absent outside session chains
 * @param previoushash SHA-256 (hex) of the previous record's bytes; 64 zeros for the first of a session; absent outside session chains
 */
public record EventEnvelope<E extends DomainEvent>(
        String specversion,
        String id,
        URI source,
        String type,
        String subject,
        Instant time,
        String datacontenttype,
        URI dataschema,
        String correlationid,
        @Nullable String causationid,
        @Nullable Long sequence,
        @Nullable String previoushash,
        E data) {
    /** The same envelope around other data of the same type. */
    public EventEnvelope<E> with(E other) {
        return new EventEnvelope<>(
                specversion, id, source, type, subject, time, datacontenttype, dataschema, correlationid, causationid, sequence, previoushash, other);
    }
}

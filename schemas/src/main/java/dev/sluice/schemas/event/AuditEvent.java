// SPDX-License-Identifier: Apache-2.0
package dev.sluice.schemas.event;

import dev.sluice.schemas.Principal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What auditors do with the evidence. Belongs to no session's chain: each process of the audit-service writes a chain of its own, its journal,
 * whose id is the records' key.
 */
public sealed interface AuditEvent extends DomainEvent {
    /** A compact JWS over the record's bytes without it. Absent in records of versions that did not sign them. */
    @Nullable String signature();

    /** The same event with another signature. */
    AuditEvent withSignature(String signature);

    /** One parameter of a request, as it was sent. */
    record RequestParameter(String name, String value) {}

    /**
     * Somebody who was proven has asked for evidence. Written before anything is answered.
     *
     * @param route path of the route with its variables by name, {@code /v1/sessions/{sessionId}}
     * @param sessionId the session that was asked for, absent where the request names none
     * @param reason why it was not permitted
     */
    record EvidenceAccessed(
            Principal caller,
            String clientAddress,
            String method,
            String route,
            @Nullable String sessionId,
            List<RequestParameter> parameters,
            boolean permitted,
            @Nullable String reason,
            @Nullable String signature)
            implements AuditEvent {
        public EvidenceAccessed {
            parameters = List.copyOf(parameters);
        }

        /** Not signed yet. */
        public EvidenceAccessed(
                Principal caller,
                String clientAddress,
                String method,
                String route,
                @Nullable String sessionId,
                List<RequestParameter> parameters,
                boolean permitted,
                @Nullable String reason) {
            this(caller, clientAddress, method, route, sessionId, parameters, permitted, reason, null);
        }

        @Override
        public EvidenceAccessed withSignature(String other) {
            return new EvidenceAccessed(caller, clientAddress, method, route, sessionId, parameters, permitted, reason, other);
        }
    }

    /** What a legal hold keeps from being deleted. */
    enum Subject { SESSION, PRINCIPAL, TARGET }

    /** From now on nothing is deleted that {@code kind} and {@code value} name, however old it is. */
    record LegalholdPlaced(String legalHoldId, Subject kind, String value, String reason, Principal placedBy, @Nullable String signature) implements AuditEvent {
        /** Not signed yet. */
        public LegalholdPlaced(String legalHoldId, Subject kind, String value, String reason, Principal placedBy) {
            this(legalHoldId, kind, value, reason, placedBy, null);
        }

        @Override
        public LegalholdPlaced withSignature(String other) {
            return new LegalholdPlaced(legalHoldId, kind, value, reason, placedBy, other);
        }
    }

    /** The ordinary retention counts again. */
    record LegalholdLifted(String legalHoldId, String reason, Principal liftedBy, @Nullable String signature) implements AuditEvent {
        /** Not signed yet. */
        public LegalholdLifted(String legalHoldId, String reason, Principal liftedBy) {
            this(legalHoldId, reason, liftedBy, null);
        }

        @Override
        public LegalholdLifted withSignature(String other) {
            return new LegalholdLifted(legalHoldId, reason, liftedBy, other);
        }
    }
}

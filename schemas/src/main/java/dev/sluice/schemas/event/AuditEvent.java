// SPDX-License-Identifier: Apache-2.0
package dev.sluice.schemas.event;

import dev.sluice.schemas.Principal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What auditors do with the evidence. Written by the audit-service; belongs to no session's chain. */
public sealed interface AuditEvent extends DomainEvent {
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
            @Nullable String reason)
            implements AuditEvent {
        public EvidenceAccessed {
            parameters = List.copyOf(parameters);
        }
    }

    /** What a legal hold keeps from being deleted. */
    enum Subject { SESSION, PRINCIPAL, TARGET }

    /** From now on nothing is deleted that {@code kind} and {@code value} name, however old it is. */
    record LegalholdPlaced(String legalHoldId, Subject kind, String value, String reason, Principal placedBy) implements AuditEvent {}

    /** The ordinary retention counts again. */
    record LegalholdLifted(String legalHoldId, String reason, Principal liftedBy) implements AuditEvent {}
}

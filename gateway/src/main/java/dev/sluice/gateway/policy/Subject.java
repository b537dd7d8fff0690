// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.policy;

import dev.sluice.schemas.Principal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Who asks, where, and when: everything that a rule may know beside the statement.
 *
 * @param target the registered target's name, {@code *} never: a wildcard target goes by the name that the client asked for
 * @param database the database on the server
 * @param role the PostgreSQL role that the statement would run as
 * @param application {@code application_name}, as the client gives it: a label, no proof
 * @param clientAddress numeric address of the client, without the port
 * @param inTransaction whether the session is inside a transaction block
 * @param now the time of the decision
 * @param purpose what the client says that the session is for: its own word, no proof
 */
public record Subject(
        Principal principal,
        String target,
        String database,
        String role,
        @Nullable String application,
        String clientAddress,
        boolean inTransaction,
        Instant now,
        @Nullable String purpose) {}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.net;

import dev.sluice.gateway.identity.AgentToken;
import dev.sluice.schemas.Principal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Who has proven to be whom.
 *
 * @param credentialEnds the first instant at which what it was proven with is no longer valid; null where it has no end
 * @param agentToken what it was proven with, if that was one
 */
record ProvenCaller(Principal principal, @Nullable Instant credentialEnds, @Nullable AgentToken agentToken) {}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.net;

import dev.sluice.schemas.Principal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Who has proven to be whom.
 *
 * @param credentialEnds the first instant at which what it was proven with is no longer valid; null where it has no end
 */
record ProvenCaller(Principal principal, @Nullable Instant credentialEnds) {}

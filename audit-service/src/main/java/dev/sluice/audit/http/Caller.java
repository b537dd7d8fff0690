// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.http;

import dev.sluice.audit.store.Visibility;
import dev.sluice.schemas.Principal;
import java.time.Instant;

/**
 * Who asks.
 *
 * @param principal proven by a token
 * @param reads whether one of the groups may read at all
 * @param admin whether one of the groups may administer
 * @param visibility which targets the caller sees
 * @param expiresAt until when the token proves all this
 */
record Caller(Principal principal, boolean reads, boolean admin, Visibility visibility, Instant expiresAt) {}

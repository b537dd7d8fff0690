// SPDX-License-Identifier: Apache-2.0
package dev.sluice.schemas.identity;

import dev.sluice.schemas.Principal;
import java.time.Instant;

/** What became of a token. The reasons never repeat the token or a part of it. */
public sealed interface TokenResult {
    /** Signature, issuer, audience and times hold. {@code expiresAt} is the token's own end, without clock skew. */
    record Verified(Principal principal, Instant expiresAt) implements TokenResult {}

    /** The token does not prove anything. Trying again with the same token is of no use. */
    record Rejected(String reason) implements TokenResult {}

    /** The issuer's keys could not be read, so nothing can be said about the token. Refuse the caller; later may be better. */
    record Unavailable(String reason) implements TokenResult {}
}

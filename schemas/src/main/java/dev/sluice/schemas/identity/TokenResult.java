// SPDX-License-Identifier: Apache-2.0
package dev.sluice.schemas.identity;

import dev.sluice.schemas.Principal;
import java.time.Instant;
import java.util.Set;

/** What became of a token. The reasons never repeat the token or a part of it. */
public sealed interface TokenResult {
    /**
     * Signature, issuer, audience and times hold.
     *
     * @param expiresAt the token's own end, without clock skew
     * @param otherNames what else the token calls its bearer, or the one that it acts for. People type such names; they may turn somebody away,
     *     and never open anything: some issuers let people choose them
     */
    record Verified(Principal principal, Instant expiresAt, Set<String> otherNames) implements TokenResult {
        public Verified {
            otherNames = Set.copyOf(otherNames);
        }

        /** The token calls its bearer nothing else. */
        public Verified(Principal principal, Instant expiresAt) {
            this(principal, expiresAt, Set.of());
        }
    }

    /** The token does not prove anything. Trying again with the same token is of no use. */
    record Rejected(String reason) implements TokenResult {}

    /** The issuer's keys could not be read, so nothing can be said about the token. Refuse the caller; later may be better. */
    record Unavailable(String reason) implements TokenResult {}
}

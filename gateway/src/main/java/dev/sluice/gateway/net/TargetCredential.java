// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.net;

import dev.sluice.gateway.config.Secret;
import org.jspecify.annotations.Nullable;

/** With what a session's upstream connection logs in. */
public sealed interface TargetCredential {
    /**
     * The client's own PostgreSQL login goes to the server, which decides; the gateway relays it and keeps nothing.
     *
     * @param catalog by which the gateway itself reads the catalog, and nothing else; null where it cannot
     */
    record Passthrough(@Nullable Stored catalog) implements TargetCredential {
        Passthrough() {
            this(null);
        }
    }

    /**
     * The gateway's login. It never reaches the client, a log or an event.
     *
     * @param user the server's role
     * @param password null where the server asks for none (trust, peer, client certificate)
     */
    record Stored(String user, @Nullable Secret password) implements TargetCredential {}
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.net;

import org.jspecify.annotations.Nullable;

/** Learns of every connection that named a user or broke the rules and did not become a session. */
@FunctionalInterface
public interface RefusalListener {
    /**
     * Called on the connection's event loop; must not block.
     *
     * @param user the startup packet's user, null if none was read
     * @param target name of the target, else the database name that was asked for; null if none was read
     * @param clientAddress as in {@link EstablishedSession#clientAddress()}
     * @param sqlState five characters
     * @param reason one sentence, free of secrets
     */
    void refused(@Nullable String user, @Nullable String target, String clientAddress, String sqlState, String reason);
}

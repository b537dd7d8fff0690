// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.net;

import dev.sluice.gateway.config.HoldManner;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A registered server.
 *
 * @param name what clients give as database name; {@value #ANY} takes every name that no other target has, as the database's name
 * @param host address of the server
 * @param port port of the server
 * @param database the database that the bare name leads to; null for the one called as the target. Not used for {@value #ANY}
 * @param tls towards the server
 * @param credential with what we log in
 * @param manner how its clients wait for people, as far as it says
 * @param connectTimeout for the TCP connection; TLS and authentication fall under the listener's startup timeout
 * @param allowsUnknownVersion whether masks are tried on a server of a major version that lineage does not know
 */
public record TargetSettings(
        String name,
        String host,
        int port,
        @Nullable String database,
        UpstreamTls tls,
        TargetCredential credential,
        HoldManner manner,
        Duration connectTimeout,
        boolean allowsUnknownVersion) {
    /** The name of the target that takes every other database name. */
    public static final String ANY = "*";

    /** PostgreSQL's own port, no TLS, 10 s to connect. */
    public TargetSettings(String name, String host, int port, @Nullable String database, TargetCredential credential) {
        this(name, host, port, database, UpstreamTls.DISABLED, credential, HoldManner.UNSAID, Duration.ofSeconds(10));
    }

    /** A server of a version that is known. */
    public TargetSettings(
            String name, String host, int port, @Nullable String database, UpstreamTls tls, TargetCredential credential, HoldManner manner, Duration connectTimeout) {
        this(name, host, port, database, tls, credential, manner, connectTimeout, false);
    }

    public TargetSettings {
        if (name.isEmpty() || name.indexOf('/') >= 0) {
            throw new IllegalArgumentException("the name of a target must not be empty or contain \"/\": \"" + name + "\"");
        }
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("port of target \"" + name + "\" must be 1 to 65535, not " + port);
        }
    }

    boolean isPassthrough() {
        return credential instanceof TargetCredential.Passthrough;
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.net;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * TLS towards a server, in libpq's words.
 *
 * @param mode what is asked and checked
 * @param rootCertificate PEM file of the authorities to trust; null for the JDK's. With {@code PREFER} and {@code REQUIRE} the chain is
 *     checked only if it is given, as libpq does
 * @param client certificate to prove ourselves with, null for none
 */
public record UpstreamTls(Mode mode, @Nullable Path rootCertificate, @Nullable TlsFiles client) {
    /** libpq's sslmode, without {@code allow}. */
    public enum Mode {
        /** Never TLS. */
        DISABLE,
        /** TLS if the server has it; protects from nobody who can alter the traffic. */
        PREFER,
        /** TLS or failure; the server's certificate is not checked unless a root certificate is given. */
        REQUIRE,
        /** TLS, and the chain must lead to a trusted authority. */
        VERIFY_CA,
        /** As {@link #VERIFY_CA}, and the certificate must be for the target's host name. */
        VERIFY_FULL
    }

    public static final UpstreamTls DISABLED = new UpstreamTls(Mode.DISABLE, null, null);

    boolean verifiesChain() {
        return switch (mode) {
            case DISABLE -> false;
            case PREFER, REQUIRE -> rootCertificate != null;
            case VERIFY_CA, VERIFY_FULL -> true;
        };
    }
}

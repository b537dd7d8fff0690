// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.config;

/** TLS towards a target, in the words of libpq's {@code sslmode}. */
public enum SslMode {
    /** Never TLS. */
    DISABLE,
    /** TLS if the server has it; whoever sits between can take it away. */
    PREFER,
    /** TLS or nothing; the certificate is not checked. */
    REQUIRE,
    /** TLS with a certificate of a known authority. */
    VERIFY_CA,
    /** TLS with a certificate of a known authority for this very host. */
    VERIFY_FULL
}

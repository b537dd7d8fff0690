// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.config;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** TLS towards clients. Without this section the gateway answers {@code N} to every request for TLS. */
public record TlsConfig(
        @Setting("PEM file with the certificate chain, the gateway's own first. Read again when it changes.") Path certificate,
        @Setting("PEM file with the private key of `certificate`. Read again when it changes.") Path key,
        @Setting("PEM file with the authorities whose client certificates are accepted. Absent: no client certificate is asked for.")
                @Nullable Path clientAuthority,
        @Setting(
                        value = "Whether a client must use TLS. Clients that do not are refused before they send a password.",
                        defaultValue = "true")
                boolean required) {}

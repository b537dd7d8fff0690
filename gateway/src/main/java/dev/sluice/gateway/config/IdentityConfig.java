// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.config;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who vouches for clients of targets with stored credentials. */
public record IdentityConfig(
        @Setting("OpenID Connect issuers whose tokens clients may send as password.") List<OidcConfig> oidc,
        @Setting("File with the hashes of agent tokens. Absent: no agent token is accepted. Read again when it changes; sessions whose token is revoked, removed or replaced end then.")
                @Nullable Path agentTokens) {
    public IdentityConfig {
        oidc = List.copyOf(oidc);
        if (oidc.stream().map(OidcConfig::issuer).distinct().count() < oidc.size()) {
            throw new InvalidSetting("oidc", "names one issuer twice");
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit;

import dev.sluice.audit.config.AuditConfig;
import dev.sluice.schemas.config.ConfigException;
import dev.sluice.schemas.identity.OidcSettings;
import dev.sluice.schemas.identity.OidcTokenVerifier;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;

/** The configured issuers as one verifier. */
final class Issuers {
    private static final Duration CLOCK_SKEW = Duration.ofSeconds(30);

    private Issuers() {}

    static OidcTokenVerifier verifier(AuditConfig.Oidc oidc, Clock clock) {
        try {
            return new OidcTokenVerifier(oidc.issuers().stream().map(Issuers::settings).toList(), clock);
        } catch (IllegalArgumentException e) {
            throw new ConfigException("oidc.issuers: " + e.getMessage());
        }
    }

    private static OidcSettings settings(AuditConfig.Issuer issuer) {
        return new OidcSettings(
                issuer.issuer(),
                Objects.requireNonNull(issuer.audience()),
                Objects.requireNonNull(issuer.groupsClaim()),
                "sub",
                CLOCK_SKEW,
                issuer.jwksUri(),
                Objects.requireNonNull(issuer.plainHttpAllowed()));
    }
}

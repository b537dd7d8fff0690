// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.config;

import dev.sluice.schemas.identity.OidcSettings;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One OpenID Connect issuer. */
public record OidcConfig(
        @Setting(
                        "The issuer, exactly as in the tokens' `iss`. Its discovery document is read from below it; https, except on loopback.")
                URI issuer,
        @Setting("What must be among the tokens' `aud`. Without it a token made for another service would open databases.") String audience,
        @Setting("Where the issuer's keys are. Absent: taken from its discovery document.") @Nullable URI jwksUrl,
        @Setting(value = "Claim with the caller's name.", defaultValue = "sub") String subjectClaim,
        @Setting(value = "Claim with the caller's groups, a list of strings or one string with spaces.", defaultValue = "groups")
                String groupsClaim,
        @Setting(value = "Claim with whom an agent acts for; `act` chains (RFC 8693) are read without it.", defaultValue = "on_behalf_of")
                String onBehalfOfClaim,
        @Setting(
                        value = "Signature algorithms accepted. Only asymmetric ones can be named.",
                        defaultValue = "RS256, PS256, ES256, ES384, EdDSA")
                List<String> algorithms,
        @Setting(value = "How far the issuer's clock may differ from ours.", defaultValue = "30s") Duration clockSkew) {
    public OidcConfig {
        Check.filled("audience", audience);
        Check.filled("subjectClaim", subjectClaim);
        Check.filled("groupsClaim", groupsClaim);
        Check.filled("onBehalfOfClaim", onBehalfOfClaim);
        Check.filled("algorithms", algorithms);
        Check.within("clockSkew", Duration.ZERO, Duration.ofMinutes(5), clockSkew);
        secure("issuer", issuer);
        if (jwksUrl != null) {
            secure("jwksUrl", jwksUrl);
        }
        algorithms = List.copyOf(algorithms);
        for (String algorithm : algorithms) {
            if (!OidcSettings.EVERY_ALGORITHM.contains(algorithm)) {
                throw new InvalidSetting("algorithms", "has '" + algorithm + "', which is not accepted" + Suggestion.among(OidcSettings.EVERY_ALGORITHM, algorithm));
            }
        }
    }

    private static void secure(String key, URI address) {
        String host = address.getHost();
        boolean loopback = host != null && (host.equals("localhost") || host.equals("[::1]") || host.startsWith("127."));
        if (host == null || !("https".equals(address.getScheme()) || ("http".equals(address.getScheme()) && loopback))) {
            throw new InvalidSetting(key, "must be an https address (http only on loopback), but is '" + address + "'");
        }
    }
}

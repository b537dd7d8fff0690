// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.config.GatewayConfig;
import dev.sluice.schemas.identity.OidcSettings;
import java.net.URI;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class SettingsTest {
    @Test
    void everythingThatIsSaidOfAnIssuerReachesTheVerifier() {
        GatewayConfig config = GatewayConfig.parse("gw.yaml", """
                targets: [{name: shop, database: shop, user: app}]
                identity:
                  oidc:
                    - issuer: https://id.example
                      audience: databases
                      jwksUrl: https://id.example/keys
                      subjectClaim: email
                      groupsClaim: roles
                      onBehalfOfClaim: agent_owner
                      algorithms: [EdDSA]
                      clockSkew: 5s
                """);
        assertThat(Settings.oidc(config))
                .containsExactly(new OidcSettings(
                        URI.create("https://id.example"), "databases", "roles", "email", Duration.ofSeconds(5), URI.create("https://id.example/keys"), false,
                        "agent_owner", Set.of("EdDSA")));
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.config;

import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** How verdicts of the approval-service are verified. With neither key nothing is ever released: holds only expire. */
public record ApprovalsConfig(
        @Setting("Address of the approval-service's public keys (a JWK set).") @Nullable URI jwksUrl,
        @Setting("File with the approval-service's public key or keys, PEM or a JWK set. Instead of `jwksUrl`.") @Nullable Path publicKey) {
    public ApprovalsConfig {
        Check.atMostOne("jwksUrl", jwksUrl, "publicKey", publicKey);
        if (jwksUrl != null && jwksUrl.getHost() == null) {
            throw new InvalidSetting("jwksUrl", "must be an http or https address, but is '" + jwksUrl + "'");
        }
    }
}

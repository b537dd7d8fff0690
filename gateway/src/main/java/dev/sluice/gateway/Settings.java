// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway;

import dev.sluice.gateway.config.GatewayConfig;
import dev.sluice.gateway.config.KafkaConfig;
import dev.sluice.gateway.config.OidcConfig;
import dev.sluice.gateway.kafka.RecorderSettings;
import dev.sluice.schemas.identity.OidcSettings;
import dev.sluice.schemas.kafka.KafkaSettings;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** From what the operator wrote to what each part wants to know. */
final class Settings {
    private static final long QUEUE_BYTES = 64L << 20;
    private static final int CHECKPOINT_EVERY = 1_000;

    private Settings() {}

    static KafkaSettings kafka(KafkaConfig config) {
        Map<String, String> properties = new HashMap<>();
        config.properties().forEach((name, value) -> properties.put(name, value.reveal()));
        return new KafkaSettings(String.join(",", config.bootstrapServers()), properties);
    }

    static RecorderSettings recorder(GatewayConfig config) {
        return new RecorderSettings(
                kafka(config.kafka()), config.instance(), config.kafka().recordingTimeout(), QUEUE_BYTES, CHECKPOINT_EVERY, Duration.ZERO, "none",
                (int) config.kafka().recordedText().bytes(), config.kafka().resultCompression().name().toLowerCase(Locale.ROOT));
    }

    static List<OidcSettings> oidc(GatewayConfig config) {
        return config.identity().oidc().stream().map(Settings::oidc).toList();
    }

    private static OidcSettings oidc(OidcConfig config) {
        return new OidcSettings(
                config.issuer(), config.audience(), config.groupsClaim(), config.subjectClaim(), config.clockSkew(), config.jwksUrl(), false,
                config.onBehalfOfClaim(), Set.copyOf(config.algorithms()));
    }
}

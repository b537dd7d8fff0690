// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.config;

import java.time.Duration;
import java.util.List;

/** How the servers are watched for sessions of the gateway's roles that are not the gateway's. */
public record WatchConfig(
        @Setting(
                        value = "How often each server with a stored login is asked for the sessions of that login. One that is seen twice and did not come"
                                + " through the gateway is recorded as `session.bypassed`. `0s`: never.",
                        defaultValue = "15s")
                Duration every,
        @Setting("Addresses, as the servers see them, of the other gateways with the same logins: sessions from there are theirs to watch.")
                List<String> gateways) {
    public WatchConfig {
        gateways = List.copyOf(gateways);
        Check.within("every", Duration.ZERO, Duration.ofHours(1), every);
    }
}

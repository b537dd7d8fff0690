// SPDX-License-Identifier: Apache-2.0
package dev.sluice.quickstart;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What to start.
 *
 * @param state folder for everything that is kept; made when missing
 * @param ephemeral delete {@code state} on close
 * @param listen where PostgreSQL clients connect
 * @param http the approval-service's address; audit-service, OpenID provider and the gateway's control API take the three ports above it
 * @param targets servers to guard; empty takes the sample shop
 * @param policy the policy file; null takes the quick start's own
 * @param tokenLifetime of the tokens in {@link Stack#credentials()} and of those that the provider hands out
 * @param gatewaySettings more settings of the gateway's configuration file, as YAML has them; they win over the stack's own
 * @param blockedAfter how long an event loop may be at one event before that is logged, with where it was
 */
public record StackOptions(
        Path state,
        boolean ephemeral,
        HostPort listen,
        HostPort http,
        List<Target> targets,
        @Nullable Path policy,
        Duration tokenLifetime,
        Map<String, Object> gatewaySettings,
        Duration blockedAfter) {
    /** What Vert.x itself takes for granted. */
    public static final Duration BLOCKED_AFTER = Duration.ofSeconds(2);

    public StackOptions {
        targets = List.copyOf(targets);
        gatewaySettings = Map.copyOf(gatewaySettings);
    }

    /** The sample shop on ports that the operating system chooses: what a test wants. */
    public static StackOptions forTests(Path state) {
        HostPort any = new HostPort("127.0.0.1", 0);
        return new StackOptions(state, false, any, any, List.of(), null, Duration.ofHours(1), Map.of(), Duration.ofMillis(200));
    }

    public StackOptions withPolicy(Path file) {
        return new StackOptions(state, ephemeral, listen, http, targets, file, tokenLifetime, gatewaySettings, blockedAfter);
    }

    public StackOptions withTargets(List<Target> servers) {
        return new StackOptions(state, ephemeral, listen, http, servers, policy, tokenLifetime, gatewaySettings, blockedAfter);
    }

    public StackOptions withGatewaySettings(Map<String, Object> settings) {
        return new StackOptions(state, ephemeral, listen, http, targets, policy, tokenLifetime, settings, blockedAfter);
    }
}

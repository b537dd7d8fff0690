// SPDX-License-Identifier: Apache-2.0
package dev.sluice.schemas;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A verified caller.
 *
 * @param subject who it is, unique within {@code issuer}
 * @param issuer who vouched for it: an OIDC issuer URL, {@code sluice:agent-tokens} or {@code postgresql:<target>} for a passed-through login
 * @param method how it was proven
 * @param groups group names, empty when the issuer names none
 * @param onBehalfOf for an agent, the human or service behind it
 */
public record Principal(String subject, String issuer, Method method, Set<String> groups, @Nullable String onBehalfOf) {
    /** How a caller was proven. */
    public enum Method { OIDC, AGENT_TOKEN, DATABASE }

    public Principal {
        groups = Set.copyOf(groups);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.http;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the policy's masks, those of all callers together, bind to one database.
 *
 * @param problem why they are not bound, so that statements of masked callers are refused there; null if they are
 * @param warnings masks that match nothing, and what is masked beyond what the policy names
 */
public record MaskStatus(String target, String database, @Nullable String problem, List<String> warnings) {
    public MaskStatus {
        warnings = List.copyOf(warnings);
    }
}

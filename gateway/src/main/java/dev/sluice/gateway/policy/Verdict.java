// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.policy;

import java.util.Set;

/**
 * An answer, and whether it is the last word.
 *
 * @param missing what rules had to do without: known, the answer might be milder. Never stricter
 */
public record Verdict(Decision decision, Set<Particulars.Unknown> missing) {
    public Verdict {
        missing = Set.copyOf(missing);
    }
}

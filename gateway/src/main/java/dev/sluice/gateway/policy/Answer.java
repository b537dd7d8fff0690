// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.policy;

import java.util.Set;

/** What became of a condition. */
public sealed interface Answer {
    /** It holds, or it does not. */
    record Known(boolean holds) implements Answer {}

    /** It depends on what is not known: one of these, or several. */
    record Open(Set<Particulars.Unknown> what) implements Answer {
        public Open {
            what = Set.copyOf(what);
        }
    }

    /** CEL has no answer: division by zero, an index past the end, too many steps. */
    record Failed(String message) implements Answer {}
}

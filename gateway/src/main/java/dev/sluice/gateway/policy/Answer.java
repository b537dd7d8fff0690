// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.policy;

/** What became of a condition. */
public sealed interface Answer {
    /** It holds, or it does not. */
    record Known(boolean holds) implements Answer {}

    /** It depends on what is not known. */
    record Open(Particulars.Unknown what) implements Answer {}

    /** CEL has no answer: division by zero, an index past the end, too many steps. */
    record Failed(String message) implements Answer {}
}

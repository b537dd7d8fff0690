// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.detection;

import org.jspecify.annotations.Nullable;

/**
 * One thing to look for.
 *
 * @param name how clients, the record and metrics call it
 * @param pattern what to look for if the kind is {@link DetectorKind#REGEX}; else null
 */
public record Detector(String name, DetectorKind kind, Action action, @Nullable TextPattern pattern) {
    /** What becomes of a match. Later ones are stricter. */
    public enum Action {
        /** It is counted and shown. */
        ALERT,
        /** It is counted and overwritten. */
        MASK,
        /** The statement ends with an error. */
        DENY
    }

    public Detector {
        if ((kind == DetectorKind.REGEX) != (pattern != null)) {
            throw new IllegalArgumentException("a pattern belongs to detectors of the kind regex, and to no others");
        }
    }

    /** One that comes with the gateway, under its own name. */
    public static Detector builtIn(DetectorKind kind, Action action) {
        return new Detector(kind.word(), kind, action, null);
    }
}

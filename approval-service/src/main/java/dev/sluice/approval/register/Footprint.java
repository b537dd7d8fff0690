// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval.register;

/** About how much memory a record takes that is kept. */
public final class Footprint {
    private Footprint() {}

    /**
     * Bytes: two for every character that it would take to write all of its values down, with their names, which come to about what the objects take around
     * them. Made from the whole record, so that no component is forgotten.
     */
    public static long bytesOf(Record kept) {
        return 2L * kept.toString().length();
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.masking;

/**
 * What COPY TO puts in one place of each row: the server does not say, lineage and catalog do.
 *
 * @param typeOid 0 where it is not known: then a masked value becomes NULL
 * @param typeModifier -1 for none
 */
public record CopyColumn(int typeOid, int typeModifier) {
    /** A column of which nothing is known. */
    public static final CopyColumn UNKNOWN = new CopyColumn(0, -1);
}

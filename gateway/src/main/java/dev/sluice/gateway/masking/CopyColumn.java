// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.masking;

/**
 * What COPY TO puts in one place of each row: the server does not say, lineage and catalog do.
 *
 * @param tableOid of the table or view that it is a column of; 0 for an expression
 * @param typeOid 0 where it is not known: then a masked value becomes NULL
 * @param typeModifier -1 for none
 */
public record CopyColumn(int tableOid, int typeOid, int typeModifier) {
    /** A column of which nothing is known. */
    public static final CopyColumn UNKNOWN = new CopyColumn(0, 0, -1);
}

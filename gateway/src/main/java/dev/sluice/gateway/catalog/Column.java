// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.catalog;

/**
 * A column of a relation; dropped columns are not listed.
 *
 * @param number attribute number, from 1; numbers of dropped columns are never used again
 * @param typeOid as declared: a domain's own OID
 * @param typeModifier -1 when the type has none
 * @param generated whether its values are computed from other columns: COPY leaves it out where it is not named
 */
public record Column(int number, String name, int typeOid, int typeModifier, boolean generated) {
    /** A column that is not generated. */
    public Column(int number, String name, int typeOid, int typeModifier) {
        this(number, name, typeOid, typeModifier, false);
    }
}

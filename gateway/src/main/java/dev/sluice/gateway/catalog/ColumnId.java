// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.catalog;

/**
 * A column by what stays when it or its table is renamed.
 *
 * @param relation the table's OID, unsigned 32 bits in an int
 * @param number its attribute number: from 1, negative for system columns
 */
public record ColumnId(int relation, int number) {
    @Override
    public String toString() {
        return Integer.toUnsignedString(relation) + "." + number;
    }
}

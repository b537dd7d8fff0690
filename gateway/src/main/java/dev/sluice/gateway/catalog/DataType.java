// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.catalog;

/**
 * A type, with what it is made of.
 *
 * @param category {@code pg_type.typcategory}: 'S' string, 'N' numeric, 'D' date or time, …
 * @param of by kind: a domain's base type, an array's element type, a range's or multirange's bound type, a composite's relation; else 0
 * @param typeModifier a domain's modifier of its base type, else -1
 */
public record DataType(int oid, String schema, String name, Kind kind, char category, int of, int typeModifier) {
    /** What {@code pg_type.typtype} says; arrays apart from other base types. */
    public enum Kind {
        BASE,
        ARRAY,
        DOMAIN,
        COMPOSITE,
        ENUM,
        RANGE,
        MULTIRANGE,
        PSEUDO
    }
}

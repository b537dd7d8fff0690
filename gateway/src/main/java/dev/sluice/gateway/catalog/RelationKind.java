// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.catalog;

/** What {@code pg_class.relkind} says. */
public enum RelationKind {
    TABLE('r'),
    PARTITIONED_TABLE('p'),
    FOREIGN_TABLE('f'),
    VIEW('v'),
    MATERIALIZED_VIEW('m'),
    SEQUENCE('S'),
    COMPOSITE_TYPE('c'),
    /** Where a table's large values are kept. */
    TOAST('t');

    private final char code;

    RelationKind(char code) {
        this.code = code;
    }

    /** The kind of a code in {@code pg_class}. */
    static RelationKind of(char code) {
        for (RelationKind kind : values()) {
            if (kind.code == code) {
                return kind;
            }
        }
        throw new IllegalArgumentException("no kind of relation that a statement can read: '" + code + "'");
    }
}

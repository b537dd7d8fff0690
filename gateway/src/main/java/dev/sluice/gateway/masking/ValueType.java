// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.masking;

import dev.sluice.gateway.catalog.Catalog;
import dev.sluice.gateway.catalog.DataType;
import org.jspecify.annotations.Nullable;

/**
 * The type of a column of a result, domains resolved.
 *
 * @param type null where it is not known: then NULL is all that can be shown
 * @param typeModifier -1 for none
 */
record ValueType(@Nullable DataType type, int typeModifier) {
    private static final int MODIFIER_HEADER = 4;
    private static final int MAX_DOMAINS = 64;

    static ValueType of(Catalog catalog, int oid, int typeModifier) {
        DataType type = catalog.type(oid);
        int modifier = typeModifier;
        for (int depth = 0; type != null && type.kind() == DataType.Kind.DOMAIN && depth < MAX_DOMAINS; depth++) {
            modifier = modifier < 0 ? type.typeModifier() : modifier;
            type = catalog.type(type.of());
        }
        return new ValueType(type, modifier);
    }

    int oid() {
        return type == null ? 0 : type.oid();
    }

    /** Whether a value is characters, the same in text and binary format. */
    boolean isText() {
        if (type == null || type.kind() != DataType.Kind.BASE) {
            return false;
        }
        return switch (type.oid()) {
            case Oids.TEXT, Oids.VARCHAR, Oids.BPCHAR, Oids.NAME, Oids.UNKNOWN -> true;
            case Oids.CHAR -> false;
            default -> type.category() == 'S' && !type.schema().equals("pg_catalog");
        };
    }

    /** Characters of varchar(n) and char(n), bits of bit(n); -1 for no limit. */
    int limit() {
        return switch (oid()) {
            case Oids.VARCHAR, Oids.BPCHAR -> typeModifier < MODIFIER_HEADER ? -1 : typeModifier - MODIFIER_HEADER;
            case Oids.BIT, Oids.VARBIT -> typeModifier;
            default -> -1;
        };
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval.display;

import java.util.Map;

/** Names of built-in types by OID (PostgreSQL, pg_type.dat), as {@code format_type} writes them. Their OIDs never change. */
final class BuiltInType {
    private static final Map<Integer, String> NAMES = Map.ofEntries(
            Map.entry(16, "boolean"),
            Map.entry(17, "bytea"),
            Map.entry(18, "\"char\""),
            Map.entry(19, "name"),
            Map.entry(20, "bigint"),
            Map.entry(21, "smallint"),
            Map.entry(23, "integer"),
            Map.entry(25, "text"),
            Map.entry(26, "oid"),
            Map.entry(114, "json"),
            Map.entry(142, "xml"),
            Map.entry(650, "cidr"),
            Map.entry(700, "real"),
            Map.entry(701, "double precision"),
            Map.entry(705, "unknown"),
            Map.entry(790, "money"),
            Map.entry(829, "macaddr"),
            Map.entry(869, "inet"),
            Map.entry(1000, "boolean[]"),
            Map.entry(1005, "smallint[]"),
            Map.entry(1007, "integer[]"),
            Map.entry(1009, "text[]"),
            Map.entry(1015, "character varying[]"),
            Map.entry(1016, "bigint[]"),
            Map.entry(1042, "character"),
            Map.entry(1043, "character varying"),
            Map.entry(1082, "date"),
            Map.entry(1083, "time without time zone"),
            Map.entry(1114, "timestamp without time zone"),
            Map.entry(1184, "timestamp with time zone"),
            Map.entry(1186, "interval"),
            Map.entry(1266, "time with time zone"),
            Map.entry(1560, "bit"),
            Map.entry(1562, "bit varying"),
            Map.entry(1700, "numeric"),
            Map.entry(2950, "uuid"),
            Map.entry(2951, "uuid[]"),
            Map.entry(3802, "jsonb"));

    private BuiltInType() {}

    static String nameOf(int oid) {
        return oid == 0 ? "unspecified" : NAMES.getOrDefault(oid, "oid " + Integer.toUnsignedString(oid));
    }
}

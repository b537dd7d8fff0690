// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.impact;

/** What is asked of the catalog, under a search_path that nobody else has chosen. Looks at no user's data. */
final class ImpactQueries {
    static final String RESOLVE = "SELECT pg_catalog.to_regclass($1::pg_catalog.text)::pg_catalog.oid::pg_catalog.int8";

    static final String TABLES = """
            SELECT c.oid::int8, quote_ident(n.nspname) || '.' || quote_ident(c.relname), c.relkind::text,
                CASE WHEN c.relkind IN ('r', 'm') THEN pg_total_relation_size(c.oid)
                     WHEN c.relkind = 'p' THEN (SELECT sum(pg_total_relation_size(t.relid))::int8 FROM pg_partition_tree(c.oid) t) END,
                CASE WHEN c.reltuples >= 0 AND c.relkind IN ('r', 'm', 'p') THEN c.reltuples::int8 END,
                EXISTS (SELECT FROM pg_rewrite r WHERE r.ev_class = c.oid AND r.ev_type <> '1'),
                EXISTS (SELECT FROM pg_policy p JOIN pg_depend d ON d.classid = 'pg_policy'::regclass AND d.objid = p.oid AND d.refclassid = 'pg_proc'::regclass
                        WHERE p.polrelid = c.oid),
                EXISTS (SELECT FROM pg_class t WHERE t.relpersistence = 't' AND t.relname = c.relname AND t.relkind IN ('r', 'v')),
                c.relrowsecurity
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE c.oid = ANY ($1::int8[]::oid[])
            """;

    /** More foreign keys than these are not followed. */
    static final int MOST_KEYS = 20_000;

    /** Every foreign key of the database that acts by itself or refuses; what partitions inherit as the referring side is told by their parents. */
    static final String FOREIGN_KEYS = """
            SELECT k.conname::text, k.conrelid::int8, k.conrelid::regclass::text, k.confrelid::int8, k.confrelid::regclass::text,
                k.confdeltype::text, k.confupdtype::text, k.conkey::int4[], k.confkey::int4[],
                CASE WHEN c.reltuples >= 0 THEN c.reltuples::int8 END, p.oid IS NOT NULL
            FROM pg_constraint k
            JOIN pg_class c ON c.oid = k.conrelid
            LEFT JOIN pg_constraint p ON p.oid = k.conparentid
            WHERE k.contype = 'f' AND (p.oid IS NULL OR p.confrelid <> k.confrelid)
            ORDER BY k.conrelid::regclass::text, k.conname
            LIMIT %d
            """.formatted(MOST_KEYS + 1);

    /** What a partition has from its table is told once, for the table; but not where it is disabled there. */
    static final String TRIGGERS = """
            SELECT t.tgrelid::int8, t.tgrelid::regclass::text, t.tgname::text, t.tgtype::int4, t.tgattr::int2[]::int4[], t.tgfoid::regprocedure::text
            FROM pg_trigger t
            LEFT JOIN pg_trigger p ON p.oid = t.tgparentid AND p.tgenabled IN ('O', 'A')
            WHERE (NOT t.tgisinternal OR (t.tgparentid <> 0 AND t.tgconstraint = 0)) AND t.tgenabled IN ('O', 'A')
                AND t.tgrelid = ANY ($1::int8[]::oid[]) AND (p.oid IS NULL OR p.tgrelid <> ALL ($1::int8[]::oid[]))
            ORDER BY t.tgrelid::regclass::text, t.tgname
            """;

    /** By which columns tables are partitioned; 0 for an expression. */
    static final String PARTITION_KEYS = """
            SELECT p.partrelid::int8, p.partattrs::int2[]::int4[] FROM pg_partitioned_table p WHERE p.partrelid = ANY ($1::int8[]::oid[])
            """;

    /**
     * A view, or a table: whether rules or triggers take the place of a change ($2 its bit in pg_trigger, $3 in pg_relation_is_updatable), whether
     * it can be made at all, a view's query. */
    static final String VIEW = """
            SELECT EXISTS (SELECT FROM pg_rewrite r WHERE r.ev_class = c.oid AND r.ev_type <> '1'),
                EXISTS (SELECT FROM pg_trigger t WHERE t.tgrelid = c.oid AND t.tgtype & 64 <> 0 AND t.tgtype & $2::int4 <> 0),
                pg_relation_is_updatable(c.oid, false) & $3::int4 <> 0,
                CASE WHEN c.relkind = 'v' THEN pg_get_viewdef(c.oid) END
            FROM pg_class c WHERE c.oid = $1::int8::oid
            """;

    /** What has to go with them or stands in the way, views on views included. */
    static final String DEPENDENTS = """
            WITH RECURSIVE dependent (classid, objid, refobjid, depth) AS (
                SELECT d.classid, d.objid, d.refobjid, 1 FROM pg_depend d
                WHERE d.refclassid = 'pg_class'::regclass AND d.refobjid = ANY ($1::int8[]::oid[]) AND d.deptype = 'n'
                    AND (cardinality($2::int4[]) = 0 OR d.refobjsubid = ANY ($2::int4[]))
                UNION
                SELECT d.classid, d.objid, d.refobjid, v.depth + 1 FROM dependent v
                JOIN pg_rewrite r ON v.classid = 'pg_rewrite'::regclass AND r.oid = v.objid
                JOIN pg_depend d ON d.refclassid = 'pg_class'::regclass AND d.refobjid = r.ev_class AND d.deptype = 'n'
                WHERE v.depth < 10)
            SELECT DISTINCT CASE WHEN r.oid IS NULL THEN pg_describe_object(v.classid, v.objid, 0) ELSE pg_describe_object('pg_class'::regclass, r.ev_class, 0) END,
                v.refobjid::regclass::text
            FROM dependent v
            LEFT JOIN pg_rewrite r ON v.classid = 'pg_rewrite'::regclass AND r.oid = v.objid
            WHERE r.oid IS NULL OR r.ev_class <> v.refobjid
            ORDER BY 2, 1
            LIMIT 200
            """;

    private ImpactQueries() {}
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.catalog;

/** The SQL that reads a catalog. Every name is qualified, and OIDs come as bigint: the manual calls them unsigned. */
final class CatalogQueries {
    /** One state of everything, and no way to change it; what a login's own settings would do to name lookup is undone. */
    static final String BEGIN = """
            BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
            SET LOCAL search_path = pg_catalog, pg_temp;
            SET LOCAL statement_timeout = '30s';
            SET LOCAL lock_timeout = '5s';
            SET LOCAL jit = off
            """;

    static final String COMMIT = "COMMIT";
    static final String ROLLBACK = "ROLLBACK";

    private static final String NOT_TEMPORARY = "(SELECT oid FROM pg_catalog.pg_class WHERE relpersistence = 't')";

    /**
     * A number for the state of the catalog. Where statements of every day touch a row (TRUNCATE changes pg_class) the columns that we read are
     * hashed, elsewhere which version of each row is there. Temporary objects are left out: sessions make and drop them all the time.
     */
    static final String VERSION = """
            SELECT current_setting('server_version_num')::int4 / 10000, current_database()::text, md5(concat_ws('/',
                (SELECT sum(hashtextextended(concat_ws('/', oid, relnamespace, relkind, relname), 0)) FROM pg_catalog.pg_class
                    WHERE relpersistence <> 't' AND relkind IN ('r', 'p', 'f', 'v', 'm', 'S', 'c')),
                (SELECT sum(hashtextextended(concat_ws('/', attrelid, attnum, atttypid, atttypmod, attisdropped, attgenerated, attname), 0)) FROM pg_catalog.pg_attribute
                    WHERE attnum > 0 AND attrelid NOT IN %1$s),
                (SELECT sum(hashtextextended(concat_ws('/', inhrelid, inhseqno, inhparent), 0)) FROM pg_catalog.pg_inherits
                    WHERE inhrelid NOT IN %1$s),
                (SELECT sum(hashtextextended(concat_ws('/', oid, xmin, ctid), 0)) FROM pg_catalog.pg_rewrite WHERE ev_class NOT IN %1$s),
                (SELECT sum(hashtextextended(concat_ws('/', oid, xmin, ctid), 0)) FROM pg_catalog.pg_proc),
                (SELECT sum(hashtextextended(concat_ws('/', oid, xmin, ctid), 0)) FROM pg_catalog.pg_type
                    WHERE typnamespace NOT IN (SELECT oid FROM pg_catalog.pg_namespace WHERE nspname ~ '^pg_temp_')),
                (SELECT sum(hashtextextended(concat_ws('/', oid, nspname), 0)) FROM pg_catalog.pg_namespace WHERE nspname !~ '^pg_(toast_)?temp_'),
                (SELECT sum(hashtextextended(concat_ws('/', oid, xmin, ctid), 0)) FROM pg_catalog.pg_operator),
                (SELECT sum(hashtextextended(concat_ws('/', oid, xmin, ctid), 0)) FROM pg_catalog.pg_cast),
                (SELECT sum(hashtextextended(concat_ws('/', oid, xmin, ctid), 0)) FROM pg_catalog.pg_amproc),
                (SELECT sum(hashtextextended(concat_ws('/', oid, tgrelid, tgfoid), 0)) FROM pg_catalog.pg_trigger
                    WHERE NOT tgisinternal AND tgrelid NOT IN %1$s),
                (SELECT sum(hashtextextended(concat_ws('/', oid, xmin, ctid), 0)) FROM pg_catalog.pg_attrdef WHERE adrelid NOT IN %1$s),
                (SELECT sum(hashtextextended(concat_ws('/', oid, conrelid, contypid, confrelid, conkey, confkey), 0)) FROM pg_catalog.pg_constraint
                    WHERE conrelid NOT IN %1$s),
                (SELECT sum(hashtextextended(concat_ws('/', indexrelid, indisunique, indisexclusion, indkey), 0)) FROM pg_catalog.pg_index
                    WHERE indrelid NOT IN %1$s),
                (SELECT sum(hashtextextended(concat_ws('/', classid, objid, refobjid), 0)) FROM pg_catalog.pg_depend WHERE deptype = 'e')))
            """.formatted(NOT_TEMPORARY);

    static final String RELATIONS = """
            SELECT c.oid::int8, n.nspname::text, c.relname::text, c.relkind::text, a.numbers, a.names, a.types, a.modifiers, i.parents, a.generated
            FROM pg_catalog.pg_class c
            JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            LEFT JOIN (
                SELECT attrelid, array_agg(attnum::int4 ORDER BY attnum) AS numbers, array_agg(attname::text ORDER BY attnum) AS names,
                    array_agg(atttypid::int8 ORDER BY attnum) AS types, array_agg(atttypmod ORDER BY attnum) AS modifiers,
                    array_agg(attgenerated <> '' ORDER BY attnum) AS generated
                FROM pg_catalog.pg_attribute WHERE attnum > 0 AND NOT attisdropped GROUP BY attrelid) a ON a.attrelid = c.oid
            LEFT JOIN (
                SELECT inhrelid, array_agg(inhparent::int8 ORDER BY inhseqno) AS parents
                FROM pg_catalog.pg_inherits GROUP BY inhrelid) i ON i.inhrelid = c.oid
            WHERE c.relkind IN ('r', 'p', 'f', 'v', 'm', 'S', 'c', 't')
            """;

    /**
     * What rules name, out of their stored trees. pg_depend would not do: it leaves out objects that came with PostgreSQL, such as pg_statistic
     * and the functions that take SQL text.
     */
    static final String RULES = """
            SELECT r.ev_class::int8,
                array_agg(DISTINCT m[2]::int8) FILTER (WHERE m[1] = 'relid') AS relations,
                array_agg(DISTINCT m[2]::int8) FILTER (WHERE m[1] <> 'relid') AS functions
            FROM pg_catalog.pg_rewrite r
            CROSS JOIN LATERAL regexp_matches(r.ev_action::text || r.ev_qual::text, ':(relid|funcid|opfuncid|aggfnoid|winfnoid|tsmhandler) (\\d+)', 'g') m
            GROUP BY r.ev_class
            """;

    /**
     * The columns that the queries of views name. PostgreSQL records none for a whole row ({@code varattno 0}), so views that have one in
     * their tree are left out.
     */
    static final String COLUMNS_READ = """
            SELECT r.ev_class::int8, array_agg(d.refobjid::int8), array_agg(d.refobjsubid)
            FROM pg_catalog.pg_rewrite r
            LEFT JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_rewrite'::regclass AND d.objid = r.oid
                AND d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjsubid > 0 AND d.refobjid <> r.ev_class
            WHERE r.oid >= %d
            GROUP BY r.ev_class
            HAVING bool_and(r.ev_action::text !~ ':varattno 0 ')
            """.formatted(Function.FIRST_OF_USERS);

    /** Since 14 a body may be kept as a tree; then prosrc is empty. */
    static String functions(int serverMajor) {
        String body = serverMajor >= 14 ? "coalesce(pg_get_function_sqlbody(p.oid), p.prosrc)" : "p.prosrc";
        return """
            SELECT p.oid::int8, n.nspname::text, p.proname::text, p.prokind::text, string_to_array(p.proargtypes::text, ' ')::int8[], l.lanname::text, p.provolatile::text,
                p.prosecdef, p.pronargdefaults > 0, e.extname::text, CASE WHEN p.oid >= %d THEN %s || coalesce(E'\\n' || p.probin, '') END
            FROM pg_catalog.pg_proc p
            JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
            JOIN pg_catalog.pg_language l ON l.oid = p.prolang
            LEFT JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'
                AND d.refclassid = 'pg_catalog.pg_extension'::regclass
            LEFT JOIN pg_catalog.pg_extension e ON e.oid = d.refobjid
            """.formatted(Function.FIRST_OF_USERS, body);
    }

    /** An array type is one that another type names as its array: oidvector and int2vector are not, and their text differs. */
    static String types(int serverMajor) {
        String multirange = serverMajor >= 14 ? "LEFT JOIN pg_catalog.pg_range m ON m.rngmultitypid = t.oid" : "";
        String multirangeOf = serverMajor >= 14 ? "WHEN t.typtype = 'm' THEN m.rngsubtype::int8" : "";
        return """
            SELECT t.oid::int8, n.nspname::text, t.typname::text, CASE WHEN e.oid IS NOT NULL THEN 'a' ELSE t.typtype::text END, t.typcategory::text,
                CASE WHEN e.oid IS NOT NULL THEN e.oid::int8 WHEN t.typtype = 'd' THEN t.typbasetype::int8 WHEN t.typtype = 'c' THEN t.typrelid::int8
                    WHEN t.typtype = 'r' THEN r.rngsubtype::int8 %s ELSE 0 END,
                t.typtypmod
            FROM pg_catalog.pg_type t
            JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
            LEFT JOIN pg_catalog.pg_type e ON e.typarray = t.oid
            LEFT JOIN pg_catalog.pg_range r ON r.rngtypid = t.oid
            %s
            """.formatted(multirangeOf, multirange);
    }

    static final String UNNAMED_FUNCTIONS = """
            SELECT oprcode::oid::int8 FROM pg_catalog.pg_operator WHERE oid >= %1$d AND oprcode::oid <> 0
            UNION SELECT castfunc::int8 FROM pg_catalog.pg_cast WHERE oid >= %1$d AND castfunc <> 0
            UNION SELECT amproc::oid::int8 FROM pg_catalog.pg_amproc WHERE oid >= %1$d
            UNION SELECT m[1]::int8 FROM pg_catalog.pg_constraint
                CROSS JOIN LATERAL regexp_matches(conbin::text, ':(?:funcid|opfuncid) (\\d+)', 'g') m WHERE contypid <> 0 AND m[1] <> '0'
            """.formatted(Function.FIRST_OF_USERS);

    /** One row for each thing that writing to a table sets off; what expressions call and name is read out of their stored trees. */
    static final String UPKEEP = """
            SELECT tgrelid::int8, 'function', tgfoid::int8, 0::int8, 0 FROM pg_catalog.pg_trigger WHERE NOT tgisinternal
            UNION SELECT e.relation::int8, 'function', m[1]::int8, 0, 0
                FROM (SELECT adrelid AS relation, adbin::text AS tree FROM pg_catalog.pg_attrdef
                    UNION ALL SELECT conrelid, conbin::text FROM pg_catalog.pg_constraint WHERE conrelid <> 0
                    UNION ALL SELECT indrelid, concat(indexprs::text, indpred::text) FROM pg_catalog.pg_index) e
                CROSS JOIN LATERAL regexp_matches(e.tree, ':(?:funcid|opfuncid) (\\d+)', 'g') m WHERE m[1] <> '0'
            UNION SELECT i.indrelid::int8, 'key', k::int8, 0, 0 FROM pg_catalog.pg_index i CROSS JOIN LATERAL unnest(i.indkey) k
                WHERE (i.indisunique OR i.indisexclusion) AND k <> 0
            UNION SELECT i.indrelid::int8, 'key', m[1]::int8, 0, 0 FROM pg_catalog.pg_index i
                CROSS JOIN LATERAL regexp_matches(concat(i.indexprs::text, i.indpred::text), ':varattno (\\d+)', 'g') m
                WHERE i.indisunique OR i.indisexclusion
            UNION SELECT conrelid::int8, 'key', k::int8, 0, 0 FROM pg_catalog.pg_constraint CROSS JOIN LATERAL unnest(conkey) k WHERE contype = 'f'
            UNION SELECT confrelid::int8, 'key', k::int8, 0, 0 FROM pg_catalog.pg_constraint CROSS JOIN LATERAL unnest(confkey) k WHERE contype = 'f'
            UNION SELECT d.adrelid::int8, 'made', d.adnum::int8, m[1]::int8, 0 FROM pg_catalog.pg_attrdef d
                JOIN pg_catalog.pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum AND a.attgenerated <> ''
                CROSS JOIN LATERAL regexp_matches(d.adbin::text, ':varattno (\\d+)', 'g') m
            UNION SELECT conrelid::int8, 'refers', u.k::int8, confrelid::int8, u.f::int4 FROM pg_catalog.pg_constraint
                CROSS JOIN LATERAL unnest(conkey, confkey) u (k, f) WHERE contype = 'f'
            UNION SELECT conrelid::int8, 'cascade', 0, confrelid::int8, 0 FROM pg_catalog.pg_constraint
                WHERE contype = 'f' AND (confdeltype IN ('c', 'n', 'd') OR confupdtype IN ('c', 'n', 'd'))
            UNION SELECT e.relation::int8, 'test', e.test::int8, m[1]::int8, 0
                FROM (SELECT conrelid AS relation, oid AS test, conbin::text AS tree FROM pg_catalog.pg_constraint WHERE conrelid <> 0
                    UNION ALL SELECT d.adrelid, d.oid, d.adbin::text FROM pg_catalog.pg_attrdef d
                        JOIN pg_catalog.pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum AND a.attgenerated <> ''
                    UNION ALL SELECT indrelid, indexrelid, concat(indexprs::text, indpred::text) FROM pg_catalog.pg_index
                    UNION ALL SELECT partrelid, partrelid, partexprs::text FROM pg_catalog.pg_partitioned_table) e
                CROSS JOIN LATERAL regexp_matches(e.tree, ':varattno (\\d+)', 'g') m
            UNION SELECT partrelid::int8, 'test', partrelid::int8, k::int8, 0 FROM pg_catalog.pg_partitioned_table CROSS JOIN LATERAL unnest(partattrs) k WHERE k <> 0
            UNION SELECT i.indrelid::int8, 'compare', i.indexrelid::int8, k::int8, 0 FROM pg_catalog.pg_index i CROSS JOIN LATERAL unnest(i.indkey) k
                WHERE (i.indisunique OR i.indisexclusion) AND k <> 0
            UNION SELECT i.indrelid::int8, 'compare', i.indexrelid::int8, m[1]::int8, 0 FROM pg_catalog.pg_index i
                CROSS JOIN LATERAL regexp_matches(i.indexprs::text, ':varattno (\\d+)', 'g') m WHERE i.indisunique OR i.indisexclusion
            UNION SELECT conrelid::int8, 'compare', oid::int8, k::int8, 0 FROM pg_catalog.pg_constraint CROSS JOIN LATERAL unnest(conkey) k WHERE contype = 'f'
            UNION SELECT confrelid::int8, 'compare', oid::int8, k::int8, 0 FROM pg_catalog.pg_constraint CROSS JOIN LATERAL unnest(confkey) k WHERE contype = 'f'
            """;

    private CatalogQueries() {}
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.masking;

import dev.sluice.gateway.catalog.Function;
import java.util.Set;

/** Which functions can be called without a masked value coming out that did not go in. */
final class Harmless {
    /**
     * Extensions of PostgreSQL's own distribution, and two that are everywhere, whose C functions compute with their arguments and read
     * nothing else. Only superusers create C functions, so belonging to the extension cannot be claimed by others.
     */
    private static final Set<String> EXTENSIONS = Set.of(
            "btree_gin", "btree_gist", "citext", "cube", "dict_int", "earthdistance", "fuzzystrmatch", "hstore", "intarray", "isn", "ltree", "pg_trgm",
            "pgcrypto", "postgis", "seg", "unaccent", "uuid-ossp", "vector");

    /** Functions of pg_catalog that read what their arguments name, or show what the server keeps about data. */
    static final Set<String> REVEALING = Set.of(
            "cursor_to_xml", "cursor_to_xmlschema", "database_to_xml", "database_to_xml_and_xmlschema", "database_to_xmlschema",
            "lo_export", "lo_from_bytea", "lo_get", "lo_import", "lo_open", "lo_put", "loread", "lowrite",
            "pg_logical_slot_get_binary_changes", "pg_logical_slot_get_changes", "pg_logical_slot_peek_binary_changes",
            "pg_logical_slot_peek_changes", "pg_ls_archive_statusdir", "pg_ls_dir", "pg_ls_logdir", "pg_ls_logicalmapdir", "pg_ls_logicalsnapdir",
            "pg_ls_replslotdir", "pg_ls_summariesdir", "pg_ls_tmpdir", "pg_ls_waldir", "pg_mcv_list_items", "pg_read_binary_file", "pg_read_file",
            "pg_stat_file", "pg_stat_get_activity", "pg_stat_get_backend_activity", "query_to_xml", "query_to_xml_and_xmlschema", "query_to_xmlschema",
            "schema_to_xml", "schema_to_xml_and_xmlschema", "schema_to_xmlschema", "table_to_xml", "table_to_xml_and_xmlschema", "table_to_xmlschema",
            "ts_rewrite", "ts_stat");

    private Harmless() {}

    static boolean isHarmless(Function function, Set<VouchedFunction> vouched) {
        if (function.builtIn()) {
            return !REVEALING.contains(function.name());
        }
        if (function.extension() != null && EXTENSIONS.contains(function.extension()) && !isWritten(function)) {
            return true;
        }
        return function.sourceHash() != null && vouched.contains(new VouchedFunction(function.schema(), function.name(), function.sourceHash()));
    }

    /** Whether its body is text that somebody other than a superuser may have written. */
    private static boolean isWritten(Function function) {
        return !function.language().equals("c") && !function.language().equals("internal");
    }
}

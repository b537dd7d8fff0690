// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.masking;

import dev.sluice.gateway.catalog.Catalog;
import dev.sluice.gateway.catalog.Function;
import dev.sluice.gateway.lineage.FunctionClasses;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which functions can be called without a masked value coming out that did not go in. */
final class Harmless {
    /**
     * Extensions of PostgreSQL's own distribution, and two that are everywhere, whose C functions compute with their arguments and read
     * nothing else. Only superusers create C functions, so belonging to the extension cannot be claimed by others.
     */
    private static final Set<String> EXTENSIONS = Set.of(
            "btree_gin", "btree_gist", "citext", "cube", "dict_int", "earthdistance", "fuzzystrmatch", "hstore", "intarray", "isn", "ltree", "moddatetime", "pg_trgm",
            "pgcrypto", "postgis", "seg", "unaccent", "uuid-ossp", "vector");

    /** A trigger that notes the time of a change and does nothing else. */
    private static final Pattern STAMP = Pattern.compile(
            "(?i)\\s*BEGIN\\s+(?:NEW\\.[a-z_][a-z0-9_]*\\s*:?=\\s*(?:(?<searched>now)\\s*\\(\\s*\\)|pg_catalog\\s*\\.\\s*now\\s*\\(\\s*\\)|current_timestamp)\\s*;\\s*)+RETURN\\s+NEW\\s*;\\s*END\\s*;?\\s*");

    private Harmless() {}

    /** A function of PostgreSQL itself, or of one of those extensions. */
    static boolean isPostgres(Function function) {
        if (function.builtIn()) {
            return switch (FunctionClasses.of(function)) {
                case PURE, SESSION_CONTROL -> true;
                case TAKES_SQL_OR_FILES, REVEALS_STATISTICS, READS_EVERYTHING, UNKNOWN -> false;
            };
        }
        return function.extension() != null && EXTENSIONS.contains(function.extension()) && !isWritten(function);
    }

    /** A function that somebody vouches for, or needs not. */
    static boolean isVouched(Function function, Set<VouchedFunction> vouched, Catalog catalog) {
        if (isStamp(function, catalog)) {
            return true;
        }
        return function.sourceHash() != null && vouched.contains(new VouchedFunction(function.schema(), function.name(), function.sourceHash()));
    }

    /** A name without a schema is looked up along the search path of whoever writes the row: there must be no other function of that name. */
    private static boolean isStamp(Function function, Catalog catalog) {
        if (!function.language().equals("plpgsql") || function.source() == null) {
            return false;
        }
        Matcher body = STAMP.matcher(function.source());
        return body.matches()
                && (body.group("searched") == null || catalog.functions().stream().allMatch(other -> other.builtIn() || !other.name().equals("now")));
    }

    /** Whether its body is text that somebody other than a superuser may have written. */
    private static boolean isWritten(Function function) {
        return !function.language().equals("c") && !function.language().equals("internal");
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.statement;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Gives the errors of libpg_query, which come as a message and a place, what the server's scanner and grammar raise them with besides. */
final class GrammarErrors {
    private static final String LIMIT_LIST = "LIMIT #,# syntax is not supported";
    private static final String PUBLICATION_LIST = "invalid publication object list";
    private static final String ROW_SECURITY_OPTION = "unrecognized row security option";

    private static final Map<String, String> HINTS = Map.of(
            LIMIT_LIST, "Use separate LIMIT and OFFSET clauses.",
            "missing argument", "Use NONE to denote the missing argument of a unary operator.",
            "UNENCRYPTED PASSWORD is no longer supported", "Remove UNENCRYPTED to store the password in encrypted form instead.");

    /** Messages with this in them are raised with this SQLSTATE; all others with 42601. */
    private record Raised(String part, String sqlState) {}

    private static final List<Raised> RAISED = List.of(
            new Raised(LIMIT_LIST, "42601"),
            new Raised("invalid byte sequence", "22021"),
            new Raised("invalid Unicode escape", "22025"),
            new Raised("invalid escape", "22025"),
            new Raised("unsafe use", "22025"),
            new Raised("must be at least", "22023"),
            new Raised("must be less than", "22023"),
            new Raised("must be in range", "22023"),
            new Raised("out of range", "22023"),
            new Raised("partition provided more than once", "42710"),
            new Raised("is reserved", "42939"),
            new Raised("cannot be used as a role name", "42939"),
            new Raised("frame start", "42P20"),
            new Raised("frame end", "42P20"),
            new Raised("not yet implemented", "0A000"),
            new Raised("not implemented", "0A000"),
            new Raised("not supported", "0A000"),
            new Raised("no longer supported", "0A000"),
            new Raised("is only supported for", "0A000"),
            new Raised("cannot include schema elements", "0A000"),
            new Raised("current database cannot be changed", "0A000"),
            new Raised("aggregates cannot have output arguments", "0A000"),
            new Raised("ordered-set aggregate with a VARIADIC", "0A000"),
            new Raised("constraints cannot be marked", "0A000"));

    private GrammarErrors() {}

    static @Nullable String hint(String message) {
        return message.startsWith(ROW_SECURITY_OPTION) ? "Only PERMISSIVE or RESTRICTIVE policies are supported currently." : HINTS.get(subject(message));
    }

    static @Nullable String detail(String message) {
        return subject(message).equals(PUBLICATION_LIST)
                ? "One of TABLE or TABLES IN SCHEMA must be specified before a standalone table or schema name."
                : null;
    }

    /** The message without the text that the scanner has added to some. */
    private static String subject(String message) {
        int near = message.indexOf(" at or near ");
        return near < 0 ? message : message.substring(0, near);
    }

    static Reading reading(WasmParser.Answer.Failure failure, String redactedSql) {
        String message = failure.message();
        if (message.startsWith("out of memory")) {
            return new Reading.Refused("53200", "the parser has no memory for the statement", redactedSql);
        }
        if (message.startsWith("stack depth limit exceeded")) {
            return new Reading.Refused("54001", "the statement is nested too deeply", redactedSql);
        }
        return new Reading.SyntaxError(sqlState(message), message, Math.max(failure.position(), 0), redactedSql);
    }

    private static String sqlState(String message) {
        for (Raised raised : RAISED) {
            if (message.contains(raised.part)) {
                return raised.sqlState;
            }
        }
        return "42601";
    }
}

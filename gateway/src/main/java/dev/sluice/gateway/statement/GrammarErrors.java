// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.statement;

/** Gives the errors of libpg_query, which come without one, the SQLSTATE that the server's scanner and grammar raise them with. */
final class GrammarErrors {
    private GrammarErrors() {}

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
        if (message.startsWith("invalid byte sequence")) {
            return "22021";
        }
        if (message.startsWith("invalid Unicode escape") || message.startsWith("invalid escape") || message.startsWith("unsafe use")) {
            return "22025";
        }
        if (message.contains("must be at least") || message.contains("must be less than") || message.contains("out of range")) {
            return "22023";
        }
        if (message.contains("not yet implemented") || message.contains("not supported") || message.contains("not implemented")) {
            return "0A000";
        }
        return "42601";
    }
}

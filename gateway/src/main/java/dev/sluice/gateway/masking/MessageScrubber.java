// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.masking;

import dev.sluice.gateway.wire.BackendMessage.Diagnostic;
import dev.sluice.gateway.wire.BackendMessage.ErrorResponse;
import io.vertx.core.buffer.Buffer;
import java.util.Map;
import java.util.Set;

/**
 * Errors and notices of statements that use a table with masked columns. PostgreSQL puts values into almost any of their texts ("Failing row
 * contains …"), so only what cannot hold one is kept: severity, SQLSTATE, and the position in the statement's own text. The sentence comes
 * from the SQLSTATE. Field codes are those of the manual's section "Error and Notice Message Fields".
 */
public final class MessageScrubber {
    private static final String HINT = "Details are left out because the statement uses masked columns.";

    /** Conditions that a client's author wants to tell apart, in PostgreSQL's words of its appendix on error codes. */
    private static final Map<String, String> SENTENCES = Map.ofEntries(
            Map.entry("00000", "a message of the statement is left out"),
            Map.entry("21000", "a subquery returned more than one row, or another cardinality was violated"),
            Map.entry("22001", "a value is too long for its type"),
            Map.entry("22003", "a number is out of range"),
            Map.entry("22007", "a value is no date or time of this format"),
            Map.entry("22008", "a date or time is out of range"),
            Map.entry("22012", "division by zero"),
            Map.entry("22P02", "a value is not valid for its type"),
            Map.entry("23502", "a column must not be null"),
            Map.entry("23503", "a foreign key constraint is violated"),
            Map.entry("23505", "a unique constraint is violated"),
            Map.entry("23514", "a check constraint is violated"),
            Map.entry("23P01", "an exclusion constraint is violated"),
            Map.entry("25006", "the transaction is read-only"),
            Map.entry("25P02", "current transaction is aborted, commands ignored until end of transaction block"),
            Map.entry("40001", "could not serialize access"),
            Map.entry("40P01", "deadlock detected"),
            Map.entry("42501", "permission denied"),
            Map.entry("42601", "syntax error"),
            Map.entry("42703", "a column does not exist"),
            Map.entry("42883", "a function or operator does not exist"),
            Map.entry("42P01", "a relation does not exist"),
            Map.entry("44000", "the row does not fit the view's check option"),
            Map.entry("55P03", "a lock is not available"),
            Map.entry("57014", "canceling statement due to timeout or user request"),
            Map.entry("57P01", "terminating connection due to administrator command"));

    private static final Set<String> SEVERITIES = Set.of("ERROR", "FATAL", "PANIC", "WARNING", "NOTICE", "DEBUG", "INFO", "LOG");

    private static final Map<String, String> CLASSES = Map.of(
            "01", "a warning of the statement is left out",
            "08", "connection exception",
            "22", "a value is not valid for what the statement does with it",
            "23", "an integrity constraint is violated",
            "25", "the statement is not allowed in this state of the transaction",
            "28", "the role is not authorized",
            "42", "the statement is not valid",
            "53", "insufficient resources",
            "54", "a limit of the server is exceeded",
            "57", "an operator intervened");

    private MessageScrubber() {}

    /** The message to send in place of the given one: an ErrorResponse for an ErrorResponse, a NoticeResponse for a NoticeResponse. */
    public static Buffer scrub(Diagnostic message) {
        String sqlState = message.sqlState().code();
        boolean error = message instanceof ErrorResponse;
        Buffer scrubbed = Buffer.buffer().appendByte((byte) (error ? 'E' : 'N')).appendInt(0);
        String severity = SEVERITIES.contains(message.severity()) ? message.severity() : error ? "ERROR" : "NOTICE";
        field(scrubbed, 'S', severity);
        field(scrubbed, 'V', severity);
        field(scrubbed, 'C', sqlState);
        field(scrubbed, 'M', sentence(sqlState, error));
        field(scrubbed, 'H', HINT);
        String position = message.fields().getOrDefault('P', "");
        if (!position.isEmpty() && position.length() <= 10 && position.chars().allMatch(digit -> digit >= '0' && digit <= '9')) {
            field(scrubbed, 'P', position);
        }
        scrubbed.appendByte((byte) 0);
        return scrubbed.setInt(1, scrubbed.length() - 1);
    }

    private static void field(Buffer message, char code, String text) {
        message.appendByte((byte) code).appendString(text).appendByte((byte) 0);
    }

    private static String sentence(String sqlState, boolean error) {
        String sentence = SENTENCES.get(sqlState);
        if (sentence == null) {
            sentence = CLASSES.get(sqlState.substring(0, 2));
        }
        return sentence != null ? sentence : error ? "the statement failed" : "a message of the statement is left out";
    }
}

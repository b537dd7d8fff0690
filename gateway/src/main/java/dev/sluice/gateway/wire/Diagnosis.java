// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.wire;

import org.jspecify.annotations.Nullable;

/**
 * The content of an ErrorResponse or NoticeResponse that the gateway writes. Texts may be made from a peer's data: a zero character in them
 * is replaced, since it would end the field early.
 *
 * @param severity how bad it is, and for an error what becomes of the connection
 * @param message one sentence
 * @param detail more about what happened
 * @param hint what to do about it
 * @param position 1-based place in the statement's text, in characters; 0 for none
 */
public record Diagnosis(
        Severity severity, SqlState sqlState, String message, @Nullable String detail, @Nullable String hint, int position) {
    /** PostgreSQL's severities, as far as the gateway uses them. */
    public enum Severity {
        /** The statement failed, the session lives on. */
        ERROR,
        /** The connection ends. */
        FATAL,
        WARNING,
        NOTICE,
        INFO
    }

    /** An ERROR with nothing but its message. */
    public static Diagnosis error(SqlState sqlState, String message) {
        return new Diagnosis(Severity.ERROR, sqlState, message, null, null, 0);
    }

    /** A FATAL with nothing but its message. */
    public static Diagnosis fatal(SqlState sqlState, String message) {
        return new Diagnosis(Severity.FATAL, sqlState, message, null, null, 0);
    }

    /** A NOTICE with SQLSTATE 00000. */
    public static Diagnosis notice(String message) {
        return new Diagnosis(Severity.NOTICE, SqlState.SUCCESSFUL_COMPLETION, message, null, null, 0);
    }

    public Diagnosis withDetail(String text) {
        return new Diagnosis(severity, sqlState, message, text, hint, position);
    }

    public Diagnosis withHint(String text) {
        return new Diagnosis(severity, sqlState, message, detail, text, position);
    }

    public Diagnosis at(int characterPosition) {
        return new Diagnosis(severity, sqlState, message, detail, hint, characterPosition);
    }
}

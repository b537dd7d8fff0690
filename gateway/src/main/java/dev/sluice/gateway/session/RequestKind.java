// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.session;

/** What the frontend asked for, and so what the backend owes it. Flush, copy data and Terminate are owed nothing. */
enum RequestKind {
    /** RowDescription, rows, completions …, then ReadyForQuery. */
    QUERY,
    /** FunctionCallResponse, then ReadyForQuery. */
    FUNCTION_CALL,
    PARSE,
    BIND,
    DESCRIBE,
    EXECUTE,
    CLOSE,
    /** ReadyForQuery. */
    SYNC;

    /** Whether an error skips what follows up to Sync, or is followed by this request's own ReadyForQuery. */
    boolean endsWithReadyForQuery() {
        return this == QUERY || this == FUNCTION_CALL || this == SYNC;
    }
}

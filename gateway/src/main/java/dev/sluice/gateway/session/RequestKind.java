// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.session;

import dev.sluice.gateway.wire.FrontendMessage;

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

    /** The kind of a message that runs a statement. */
    static RequestKind running(FrontendMessage message) {
        return switch (message) {
            case FrontendMessage.Execute execute -> EXECUTE;
            case FrontendMessage.FunctionCall call -> FUNCTION_CALL;
            default -> QUERY;
        };
    }

    /** Whether an error skips what follows up to Sync, or is followed by this request's own ReadyForQuery. */
    boolean endsWithReadyForQuery() {
        return this == QUERY || this == FUNCTION_CALL || this == SYNC;
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.session;

import dev.sluice.gateway.policy.Decision;
import dev.sluice.gateway.wire.BackendEncoder;
import dev.sluice.gateway.wire.FrontendEncoder;
import dev.sluice.gateway.wire.SqlState;
import dev.sluice.schemas.event.StatementEvent.StatementHeld;
import io.vertx.core.buffer.Buffer;
import java.util.List;

/** Everything that the gateway itself says to a client after startup, and the one thing that it says to a server. */
final class Words {
    /**
     * Not SQL, and meant not to be: the server answers it with a syntax error, which fails the open transaction as the refused statement would
     * have. Savepoints keep working, and the client may roll back to one as after any error. It names its reason for whoever reads the server's log.
     */
    private static final String ABORT = "refused by sluice: this text only fails the transaction of the refused statement";

    private static final String ABORT_STATEMENT = "sluice_refused";

    static final Buffer ABORTING_QUERY = FrontendEncoder.query(ABORT);
    /** Named, so that the client's unnamed statement stays. */
    static final Buffer ABORTING_PARSE = FrontendEncoder.parse(ABORT_STATEMENT, ABORT, List.of());

    static final Buffer FLUSH = FrontendEncoder.flush();
    static final Buffer TERMINATE = FrontendEncoder.terminate();

    private Words() {}

    static Refusal denied(Decision.Deny deny) {
        String hint = deny.hint();
        return new Refusal(
                SqlState.INSUFFICIENT_PRIVILEGE,
                "statement denied by rule " + deny.rule() + ": " + deny.reason(),
                "",
                hint == null ? "" : hint,
                0);
    }

    static Refusal notPrepared(String name) {
        String message = name.isEmpty() ? "unnamed prepared statement does not exist" : "prepared statement \"" + name + "\" does not exist";
        return Refusal.of(SqlState.INVALID_SQL_STATEMENT_NAME, message);
    }

    static Refusal noPortal(String name) {
        return Refusal.of(SqlState.INVALID_CURSOR_NAME, "portal \"" + name + "\" does not exist");
    }

    static Refusal notRecorded() {
        return new Refusal(
                SqlState.IO_ERROR,
                "the statement was not run because it cannot be recorded",
                "the event log does not acknowledge records",
                "try again; the session goes on by itself as soon as the event log answers",
                0);
    }

    static Refusal tooLong(long length) {
        return Refusal.of(SqlState.PROGRAM_LIMIT_EXCEEDED, "message of " + length + " bytes is over the gateway's limit");
    }

    static Refusal functionCall() {
        return new Refusal(
                SqlState.FEATURE_NOT_SUPPORTED,
                "the FunctionCall message is refused",
                "it names a function by number and carries no SQL that could be judged",
                "call the function in a SELECT",
                0);
    }

    static Refusal cancelled() {
        return Refusal.of(SqlState.QUERY_CANCELED, "canceling statement due to user request");
    }

    static Refusal holdEnded(String approvalId, SqlState sqlState, String reason) {
        return new Refusal(sqlState, "held statement was not released: " + reason, "approval " + approvalId, "", 0);
    }

    static Refusal pendingOverflow(long limit) {
        return new Refusal(
                SqlState.CONFIGURATION_LIMIT_EXCEEDED,
                "more than " + limit + " bytes were sent behind a held statement",
                "",
                "wait for the answer to the held statement before sending more",
                0);
    }

    static Buffer error(Refusal refusal) {
        return BackendEncoder.errorResponse("ERROR", refusal.sqlState(), refusal.message(), refusal.detail(), refusal.hint(), refusal.position());
    }

    static Buffer fatal(SqlState sqlState, String message) {
        return BackendEncoder.errorResponse("FATAL", sqlState, message, "", "", 0);
    }

    static Buffer held(StatementHeld held) {
        return BackendEncoder.noticeResponse(
                "NOTICE",
                SqlState.SUCCESSFUL_COMPLETION,
                "statement held by rule " + held.rule() + ": waiting for approval " + held.approvalId(),
                "approval by " + held.quorum() + " of " + String.join(", ", held.approverGroups()) + ", until " + held.expiresAt()
                        + (held.inTransaction() ? "; the open transaction keeps its locks meanwhile" : ""),
                "cancel the statement to withdraw it");
    }
}

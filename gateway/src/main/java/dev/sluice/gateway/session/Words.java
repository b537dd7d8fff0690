// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.session;

import dev.sluice.gateway.masking.MaskPlan;
import dev.sluice.gateway.masking.UnknownOrigin;
import dev.sluice.gateway.policy.Decision;
import dev.sluice.gateway.wire.BackendEncoder;
import dev.sluice.gateway.wire.Diagnosis;
import dev.sluice.gateway.wire.Diagnosis.Severity;
import dev.sluice.gateway.wire.FrontendEncoder;
import dev.sluice.gateway.wire.SqlState;
import dev.sluice.schemas.event.StatementEvent.StatementHeld;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Everything that the gateway itself says to a client after startup, and the one thing that it says to a server. */
final class Words {
    /**
     * Not SQL, and meant not to be: the server answers it with a syntax error, which fails the open transaction as the refused statement would
     * have. Savepoints keep working, and the client may roll back to one as after any error. It names its reason for whoever reads the server's log.
     */
    private static final String ABORT = "refused by sluice: this text only fails the transaction of the refused statement";

    private static final String ABORT_STATEMENT = "sluice_refused";

    /** Bytes; to search these takes some tens of milliseconds where each few of them have to be checked for a sign, and a few elsewhere. */
    static final int LONGEST_SEARCHED_COPY_DATA = 1 << 20;

    /** SQL, but no row has such a column: a server whose transaction has failed says so, any other raises an error that fails the transaction. */
    private static final String PROBE = "SELECT \"refused by sluice\"";

    static final Buffer PROBING_QUERY = FrontendEncoder.query(PROBE);
    static final Buffer PROBING_PARSE = FrontendEncoder.parse(ABORT_STATEMENT, PROBE, List.of());

    static final Buffer ABORTING_QUERY = FrontendEncoder.query(ABORT);
    /** Named, so that the client's unnamed statement stays. */
    static final Buffer ABORTING_PARSE = FrontendEncoder.parse(ABORT_STATEMENT, ABORT, List.of());

    /** In place of a Parse of the unnamed statement, which drops it whatever becomes of its text. */
    static final Buffer ABORTING_UNNAMED_PARSE = FrontendEncoder.parse("", ABORT, List.of());

    static final Buffer FLUSH = FrontendEncoder.flush();

    private Words() {}

    static Diagnosis denied(Decision.Deny deny) {
        return new Diagnosis(
                Severity.ERROR,
                SqlState.INSUFFICIENT_PRIVILEGE,
                "statement denied by rule " + deny.rule() + ": " + deny.reason(),
                null,
                deny.hint(),
                0);
    }

    static Diagnosis notPrepared(String name) {
        String message = name.isEmpty() ? "unnamed prepared statement does not exist" : "prepared statement \"" + name + "\" does not exist";
        return Diagnosis.error(SqlState.INVALID_SQL_STATEMENT_NAME, message);
    }

    static Diagnosis unclear(String name) {
        return Diagnosis.error(SqlState.INSUFFICIENT_PRIVILEGE, "it is not clear what EXECUTE \"" + name + "\" would run")
                .withDetail("the name is being given a new meaning, or stands for a statement that itself uses or changes names")
                .withHint("wait for the answer to PREPARE before EXECUTE, and send utility statements as they are");
    }

    static Diagnosis noPortal(String name) {
        return Diagnosis.error(SqlState.INVALID_CURSOR_NAME, "portal \"" + name + "\" does not exist");
    }

    static Diagnosis inFailedTransaction() {
        return Diagnosis.error(SqlState.IN_FAILED_SQL_TRANSACTION, "current transaction is aborted, commands ignored until end of transaction block");
    }

    static Diagnosis misplacedInCopy(byte tag) {
        return Diagnosis.error(SqlState.PROTOCOL_VIOLATION, "unexpected message type 0x%02X during COPY from stdin".formatted(tag));
    }

    static Diagnosis masked(MaskPlan.Refused refused) {
        return Diagnosis.error(SqlState.INSUFFICIENT_PRIVILEGE, "statement denied to protect masked columns: " + refused.reason()).withHint(refused.hint());
    }

    static Diagnosis withheld(UnknownOrigin unknown) {
        return Diagnosis.error(SqlState.INSUFFICIENT_PRIVILEGE, "the answer is withheld to protect masked columns: " + unknown.getMessage())
                .withDetail("the statement has run; none of its rows is shown")
                .withHint("send it again: the catalog is being read anew");
    }

    static Diagnosis writtenBack() {
        return masked(new MaskPlan.Refused("the data holds what a mask shows, in place of a value", "Copy only the columns that change."));
    }

    static Diagnosis tooLongToSearch(int length) {
        return Diagnosis.error(SqlState.PROGRAM_LIMIT_EXCEEDED, "a CopyData message of " + length + " bytes is too long to be searched for what masks have shown")
                .withHint("Send the data in messages of at most " + LONGEST_SEARCHED_COPY_DATA + " bytes; rows may go on in the next one.");
    }

    static Diagnosis notRecorded() {
        return Diagnosis.error(SqlState.IO_ERROR, "the statement was not run because it cannot be recorded")
                .withDetail("the event log does not acknowledge records")
                .withHint("try again; the session goes on by itself as soon as the event log answers");
    }

    static Diagnosis tooLong(long length) {
        return Diagnosis.error(SqlState.PROGRAM_LIMIT_EXCEEDED, "message of " + length + " bytes is over the gateway's limit");
    }

    static Diagnosis functionCall() {
        return Diagnosis.error(SqlState.FEATURE_NOT_SUPPORTED, "the FunctionCall message is refused")
                .withDetail("it names a function by number and carries no SQL that could be judged")
                .withHint("call the function in a SELECT");
    }

    static Diagnosis cancelled() {
        return Diagnosis.error(SqlState.QUERY_CANCELED, "canceling statement due to user request");
    }

    static Diagnosis holdEnded(String approvalId, SqlState sqlState, String reason) {
        return Diagnosis.error(sqlState, "held statement was not released: " + reason).withDetail("approval " + approvalId);
    }

    static Diagnosis notInTransaction(Decision.Hold hold) {
        return Diagnosis.error(SqlState.INSUFFICIENT_PRIVILEGE, "statement needs approval by rule " + hold.rule() + " and cannot wait for it inside a transaction")
                .withDetail("the transaction would keep its locks for as long as people take")
                .withHint("send the statement outside of a transaction block, where it waits for its approval");
    }

    /** @param name null where it is the portal itself of which it is not known what it runs */
    static Diagnosis notShown(String rule, @Nullable String name) {
        return Diagnosis.error(SqlState.INSUFFICIENT_PRIVILEGE, "statement needs approval by rule " + rule + " and cannot be shown to approvers")
                .withDetail(name == null ? "the gateway does not know its text" : "the gateway does not know the text that \"" + name + "\" stands for")
                .withHint("send the statement itself, without a name that stands for it");
    }

    static Diagnosis positioned(String rule) {
        return Diagnosis.error(SqlState.INSUFFICIENT_PRIVILEGE, "statement needs approval by rule " + rule + " and cannot be given a ticket")
                .withDetail("it works on the row at which a cursor stands, and that may be another one when the statement comes again")
                .withHint("name the row by its key, or wait for the approval (options='-c sluice.hold=wait')");
    }

    static Diagnosis unknownSurroundings(Decision.Hold hold) {
        return Diagnosis.error(SqlState.INSUFFICIENT_PRIVILEGE, "statement needs approval by rule " + hold.rule() + " and cannot be held")
                .withDetail("the server did not say under which role and search_path it would run, or what the objects look like that it names, and an approval is for these alone");
    }

    static Diagnosis noRoomForHold(Decision.Hold hold) {
        return Diagnosis.error(SqlState.CONFIGURATION_LIMIT_EXCEEDED, "statement needs approval by rule " + hold.rule() + " and as many are held already as the gateway allows")
                .withHint("try again when some of them have been decided");
    }

    static Diagnosis credentialEnded(Decision.Hold hold, Instant end) {
        return Diagnosis.error(SqlState.INSUFFICIENT_PRIVILEGE, "statement needs approval by rule " + hold.rule() + " and the credential of this session ended at " + end)
                .withHint("connect again with a new one");
    }

    static Diagnosis pendingOverflow(long limit) {
        return Diagnosis.error(SqlState.CONFIGURATION_LIMIT_EXCEEDED, "more than " + limit + " bytes were sent behind a held statement")
                .withHint("wait for the answer to the held statement before sending more");
    }

    /** For the machine that reads it as much as for people: what to do is in the hint, every name that it takes in the detail. */
    static Diagnosis pending(String approvalId, StatementHeld held, Instant expiresAt) {
        return Diagnosis.error(SqlState.APPROVAL_PENDING, "statement is waiting for approval and has not run: ticket " + approvalId)
                .withDetail("ticket " + approvalId + "; held by rule " + held.rule() + (held.reason() == null ? "" : " (" + held.reason() + ")") + "; approvers: "
                        + approvers(held) + "; expires " + expiresAt)
                .withHint("retry the identical statement after approval, on any connection, before it expires; it then runs once."
                        + " Do not change its text or parameters, and do not try another way: that would ask anew. SELECT sluice.pending() lists what waits");
    }

    static Diagnosis ticketEnded(String approvalId, String reason) {
        return Diagnosis.error(SqlState.INSUFFICIENT_PRIVILEGE, "statement has not run: " + reason)
                .withDetail("ticket " + approvalId + " is closed")
                .withHint("the same statement sent again asks for a new approval");
    }

    static Diagnosis ticketsUnavailable() {
        return Diagnosis.error(SqlState.IO_ERROR, "the statement was not run because it is not known whether it is approved")
                .withDetail("the event log does not answer")
                .withHint("try again");
    }

    static Diagnosis noRoomForTicket(Decision.Hold hold) {
        return Diagnosis.error(SqlState.CONFIGURATION_LIMIT_EXCEEDED, "statement needs approval by rule " + hold.rule() + " and as many tickets are open as the gateway allows")
                .withHint("try again when some of them have been decided");
    }

    static Diagnosis serverWouldNotWait(Decision.Hold hold, ServerTimeouts.Limit limit) {
        return Diagnosis.error(SqlState.INSUFFICIENT_PRIVILEGE, "statement needs approval by rule " + hold.rule() + " and the server would end the session before people could answer")
                .withDetail("the server's " + limit.parameter() + " is " + limit.value())
                .withHint("ask for a ticket (options='-c sluice.hold=return'), or set a longer " + limit.parameter());
    }

    static Diagnosis waitEnded(String approvalId) {
        return Diagnosis.error(SqlState.QUERY_CANCELED, "canceling statement due to user request")
                .withDetail("ticket " + approvalId + " stays open")
                .withHint("retry the identical statement after approval");
    }

    static Buffer error(Diagnosis refusal) {
        return BackendEncoder.errorResponse(refusal);
    }

    static Buffer fatal(SqlState sqlState, String message) {
        return BackendEncoder.errorResponse(Diagnosis.fatal(sqlState, message));
    }

    /** @param limit the server's own, if the hold ends because of it */
    static Buffer held(StatementHeld held, ServerTimeouts.@Nullable Limit limit) {
        String locks = (held.inTransaction() ? "; the open transaction keeps its locks meanwhile" : "")
                + (limit == null ? "" : "; no longer, because of the server's " + limit.parameter() + " of " + limit.value());
        return BackendEncoder.noticeResponse(
                Diagnosis.notice("statement held by rule " + held.rule() + ": waiting for approval " + held.approvalId())
                        .withDetail("approval by " + approvers(held) + ", until "
                                + held.expiresAt() + locks)
                        .withHint("cancel the statement to withdraw it"));
    }

    /** To a client that waits for a while. */
    static Buffer waiting(String approvalId, StatementHeld held, Instant expiresAt) {
        return BackendEncoder.noticeResponse(Diagnosis.notice("statement held by rule " + held.rule() + ": waiting for approval " + approvalId)
                .withDetail("approval by " + approvers(held) + ", until " + expiresAt + (held.inTransaction() ? "; the open transaction keeps its locks meanwhile" : ""))
                .withHint("if the wait ends first, send the identical statement again after approval"));
    }

    private static String approvers(StatementHeld held) {
        var quorums = held.quorums();
        return quorums == null
                ? held.quorum() + " of " + String.join(", ", held.approverGroups())
                : quorums.stream().map(part -> part.count() + " of " + part.group()).collect(Collectors.joining(" and "));
    }
}

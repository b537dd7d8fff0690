// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.session;

import dev.sluice.gateway.masking.MaskingFailed;
import dev.sluice.gateway.wire.BackendEncoder;
import dev.sluice.gateway.wire.BackendMessage;
import dev.sluice.gateway.wire.Diagnosis;
import dev.sluice.gateway.wire.SqlState;
import dev.sluice.gateway.wire.TransactionStatus;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Takes the server's messages, each as the answer to the head of the ledger. One that answers nothing ends the session. */
final class BackendSide {
    private final Conversation conversation;
    private final FrontendSide frontend;
    private final Judge judge;
    private final CutAnswers cutAnswers;
    /** The server's own last words have been passed on: none of ours are needed. */
    private boolean serverSaidGoodbye;

    BackendSide(Conversation conversation, FrontendSide frontend, Judge judge) {
        this.conversation = conversation;
        this.frontend = frontend;
        this.judge = judge;
        this.cutAnswers = new CutAnswers(conversation, frontend);
    }

    void receive(BackendMessage message) {
        try {
            answer(message);
        } catch (MaskingFailed failed) {
            conversation.disagreed(failed);
            frontend.holds().withdrawForGood("an answer could not be masked");
            conversation.end(Words.fatal(SqlState.INTERNAL_ERROR, "the answer is withheld: " + failed.getMessage()), "an answer could not be masked");
        }
    }

    private void answer(BackendMessage message) {
        if (conversation.ledger.head() instanceof Owed head && head.inquiry instanceof Inquiry inquiry && inquiry.takes(message)) {
            if (inquiry.isComplete()) {
                conversation.ledger.settleHead();
                conversation.leave(head);
                frontend.answered(inquiry);
            }
            if (conversation.ledger.head() instanceof Owed described && described.withheld != null) {
                cutAnswers.withhold(described, described.withheld);
            }
            return;
        }
        if (cutAnswers.takes(message)) {
            conversation.giveSynthesized();
            return;
        }
        switch (message) {
            case BackendMessage.DataRows rows -> {
                Owed head = expectRunning(message);
                if (head != null && head.execution != null) {
                    head.execution.rows(rows.started());
                    MaskedAnswer masked = head.masked;
                    if (masked == null) {
                        give(head, rows.raw(), rows.endsWhole());
                    } else {
                        give(head, masked.rows(rows), masked.endsWhole(rows));
                    }
                }
            }
            case BackendMessage.CopyOutData data -> {
                Owed head = expectRunning(message);
                if (head != null) {
                    MaskedAnswer masked = head.masked;
                    if (masked == null) {
                        give(head, data.raw(), data.endsWhole());
                    } else {
                        give(head, masked.copied(data), masked.endsWhole(data));
                    }
                }
            }
            case BackendMessage.CopyOutResponse response -> {
                if (conversation.ledger.head() instanceof Owed head && head.masked != null) {
                    head.masked.copiesOut(response);
                }
                if (conversation.ledger.head() instanceof Owed head && head.searched != null) {
                    head.searched.copiesOut(response);
                }
                part(message, response.raw());
            }
            case BackendMessage.CopyDone done -> {
                if (conversation.ledger.head() instanceof Owed head && head.masked != null) {
                    head.masked.copyDone();
                }
                part(message, done.raw());
            }
            case BackendMessage.CopyInResponse response -> {
                part(message, response.raw());
                conversation.copying = conversation.ledger.head() instanceof Owed head ? head.execution : null;
            }
            case BackendMessage.RowDescription description -> {
                if (conversation.ledger.head() instanceof Owed head && head.kind == RequestKind.QUERY) {
                    head.described(description);
                    if (head.withheld != null) {
                        cutAnswers.withhold(head, head.withheld);
                        return;
                    }
                    if (head.execution != null && head.execution.tape != null) {
                        head.execution.tape.described(Description.asGiven(description.columns()));
                    }
                    conversation.answer(head, description.raw());
                } else {
                    if (conversation.ledger.head() instanceof Owed head && head.description != null) {
                        head.description.is(description.columns());
                    }
                    settles(message, RequestKind.DESCRIBE);
                }
            }
            case BackendMessage.NoData noData -> settles(message, RequestKind.DESCRIBE);
            case BackendMessage.ParameterDescription description -> {
                if (conversation.ledger.head() instanceof Owed head && head.kind == RequestKind.DESCRIBE) {
                    conversation.answer(head, description.raw());
                } else {
                    unexpected(message);
                }
            }
            case BackendMessage.ParseComplete complete -> settles(message, RequestKind.PARSE);
            case BackendMessage.BindComplete complete -> settles(message, RequestKind.BIND);
            case BackendMessage.CloseComplete complete -> settles(message, RequestKind.CLOSE);
            case BackendMessage.PortalSuspended suspended -> settles(message, RequestKind.EXECUTE);
            case BackendMessage.CommandComplete complete -> completes(complete, complete.tag());
            case BackendMessage.EmptyQueryResponse empty -> completes(empty, null);
            case BackendMessage.FunctionCallResponse response -> {
                if (conversation.ledger.head() instanceof Owed head && head.kind == RequestKind.FUNCTION_CALL) {
                    conversation.answer(head, response.raw());
                } else {
                    unexpected(message);
                }
            }
            case BackendMessage.ErrorResponse error -> failed(error);
            case BackendMessage.ReadyForQuery ready -> ready(ready);
            case BackendMessage.NoticeResponse notice -> {
                Owed head = conversation.ledger.head();
                passBetween(shown(head, head == null ? notice.raw() : head.shown(notice)));
            }
            case BackendMessage.NotificationResponse notification -> passBetween(SearchedAnswer.notification(notification.raw(), judge.detections()));
            case BackendMessage.ParameterStatus parameter -> {
                conversation.settings.reported(parameter.name(), parameter.value());
                passBetween(parameter.raw());
            }
            case BackendMessage.CopyBothResponse both -> unexpected(message);
            case BackendMessage.Authentication authentication -> unexpected(message);
            case BackendMessage.BackendKeyData keyData -> unexpected(message);
            case BackendMessage.NegotiateProtocolVersion negotiate -> unexpected(message);
        }
        conversation.giveSynthesized();
    }

    /** Part of the rows of an answer, as masks have left them: whole messages, or as the server cut them. */
    private void give(Owed head, Buffer rows, boolean endsWhole) {
        SearchedAnswer searched = head.searched;
        if (searched == null) {
            conversation.answer(head, rows, endsWhole);
            return;
        }
        Buffer shown = searched.give(rows);
        if (shown.length() > 0) {
            conversation.answer(head, shown, searched.endsWhole());
        }
        if (searched.denies()) {
            cutAnswers.cut(head, searched);
        }
    }

    void closed() {
        frontend.holds().withdrawForGood("the database server closed the connection");
        Buffer words = serverSaidGoodbye ? null : Words.fatal(SqlState.CONNECTION_FAILURE, "the database server closed the connection unexpectedly");
        conversation.end(words, "the database server closed the connection");
    }

    private @Nullable Owed expectRunning(BackendMessage message) {
        Owed head = conversation.ledger.head();
        if (head != null && head.handling == Owed.Handling.FORWARD && (head.kind == RequestKind.QUERY || head.kind == RequestKind.EXECUTE)) {
            return head;
        }
        unexpected(message);
        return null;
    }

    private void part(BackendMessage message, Buffer bytes) {
        Owed head = expectRunning(message);
        if (head != null) {
            conversation.answer(head, bytes);
        }
    }

    private void settles(BackendMessage message, RequestKind kind) {
        Owed head = conversation.ledger.head();
        boolean asked = head != null && head.handling == Owed.Handling.SWALLOW && kind == RequestKind.DESCRIBE;
        if (head == null || head.kind != kind || head.handling != Owed.Handling.FORWARD && !asked) {
            unexpected(message);
            return;
        }
        conversation.ledger.settleHead();
        if (asked) {
            // We wanted to know whether it is an error.
            conversation.leave(head);
            return;
        }
        head.settleNext();
        conversation.answer(head, message.raw());
        conversation.leave(head);
    }

    private void completes(BackendMessage message, @Nullable String tag) {
        Owed head = expectRunning(message);
        if (head == null || head.execution == null) {
            return;
        }
        if (head.own != null) {
            List<Buffer> rows = OwnRows.of(head.own, conversation);
            rows.forEach(row -> conversation.answer(head, row));
            head.execution.rows(rows.size());
            completes(head, BackendEncoder.commandComplete("SELECT " + rows.size()), "SELECT " + rows.size());
        } else {
            completes(head, message.raw(), tag);
        }
    }

    private void completes(Owed head, Buffer message, @Nullable String tag) {
        if (tag != null && head.execution != null) {
            head.execution.tag(tag);
        }
        head.settleNext();
        if (head.masked != null) {
            head.masked.completed();
        }
        if (head.searched != null) {
            head.searched.completed();
        }
        if (head.kind == RequestKind.EXECUTE) {
            conversation.ledger.settleHead();
            conversation.answer(head, message);
            conversation.leave(head);
        } else {
            conversation.answer(head, message);
        }
    }

    private void failed(BackendMessage.ErrorResponse error) {
        Owed head = conversation.ledger.head();
        if (error.endsConnection()) {
            serverSaidGoodbye = true;
            if (head != null && head.execution != null) {
                head.execution.failed(error.sqlState().code());
            }
            conversation.tell(shown(head, error.raw()), conversation.acknowledged);
            return;
        }
        if (head == null) {
            unexpected(error);
            return;
        }
        if (head.inquiry instanceof Inquiry inquiry && inquiry.synced) {
            inquiry.failed(error);
            return;
        }
        Buffer objection = head.inquiry instanceof TreeInquiry tree ? frontend.masks().objectedInSeries(tree, error) : error.raw();
        conversation.copying = null;
        head.failRest();
        boolean swallowed = head.handling == Owed.Handling.SWALLOW;
        boolean inFailedTransaction = error.sqlState().equals(SqlState.IN_FAILED_SQL_TRANSACTION);
        SqlState state = swallowed && head.sqlState != null && !inFailedTransaction ? head.sqlState : error.sqlState();
        if (head.execution != null) {
            head.execution.failed(state.code());
        }
        Buffer words = swallowed && head.words != null ? head.words : head.shown(error, objection);
        if (!swallowed) {
            words = shown(head, words);
        }
        if (head.execution != null && head.execution.refusal instanceof Diagnosis refusal) {
            words = Words.error(refusal);
        }
        if (swallowed && inFailedTransaction) {
            words = Words.error(Words.inFailedTransaction());
        }
        if (head.kind.endsWithReadyForQuery()) {
            conversation.answer(head, words);
            return;
        }
        conversation.ledger.settleHead();
        conversation.answer(head, words);
        conversation.leave(head);
        conversation.ledger.discardToSync(skipped -> conversation.abandon(skipped, state));
        if (conversation.ledger.isSettled()) {
            frontend.pipelineFailed();
        }
    }

    /** An error or a notice as the client may see it, also where it answers no statement: a Bind plans, and may evaluate what reads tables. */
    private Buffer shown(@Nullable Owed head, Buffer message) {
        return head == null || head.searched == null ? SearchedAnswer.diagnostic(message, judge.detections()) : head.searched.message(message);
    }

    private void ready(BackendMessage.ReadyForQuery ready) {
        Owed head = conversation.ledger.head();
        if (head == null || !head.kind.endsWithReadyForQuery()) {
            unexpected(ready);
            return;
        }
        conversation.status = ready.status();
        conversation.copying = null;
        if (ready.status() == TransactionStatus.IDLE) {
            conversation.names.transactionEnded();
        }
        conversation.ledger.settleHead();
        if (ready.status() == TransactionStatus.IDLE) {
            frontend.masks().isIdle();
        }
        head.failRest();
        // Not part of the statement's digest: it reports the session's state, not the statement's answer.
        conversation.leave(head);
        Owed unsettling = conversation.unsettling;
        if (unsettling != null && unsettling.isGone()) {
            // What it has changed was reported right before this.
            conversation.unsettling = null;
        }
        if (conversation.catalogTouched) {
            // Others see it once it is committed; this session's own statements are resolved by the server in any case.
            conversation.perform(new Effect.CatalogChanged());
            conversation.catalogTouched = ready.status() != TransactionStatus.IDLE;
        }
        if (head.inquiry instanceof Inquiry inquiry) {
            frontend.answered(inquiry);
        } else {
            conversation.tell(ready.raw(), head.mark);
        }
    }

    /** The protocol lets a server send it at any time, even in the middle of an answer. It belongs to no statement. */
    private void passBetween(Buffer bytes) {
        Owed head = conversation.ledger.head();
        conversation.tell(bytes, head == null ? conversation.acknowledged : head.mark);
    }

    private void unexpected(BackendMessage message) {
        String name = message.getClass().getSimpleName();
        frontend.holds().withdrawForGood("protocol violation by the database server");
        conversation.end(
                Words.fatal(SqlState.PROTOCOL_VIOLATION, "the database server sent an unexpected " + name), "protocol violation by the database server: " + name);
    }
}

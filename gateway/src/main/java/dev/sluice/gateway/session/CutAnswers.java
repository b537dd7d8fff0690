// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.session;

import dev.sluice.gateway.wire.BackendMessage;
import dev.sluice.gateway.wire.Diagnosis;
import dev.sluice.gateway.wire.SqlState;
import dev.sluice.gateway.wire.TransactionStatus;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * Ends an answer for the client in its middle, as if the statement had failed there: an error, and an open transaction that has failed. The server
 * knows nothing of it and goes on; the rest of its answer is dropped. Where statements behind it are on their way already, or more than one is
 * answered, the session ends, because what has been sent cannot be taken back.
 */
final class CutAnswers {
    private static final Buffer NOTHING = Buffer.buffer();

    private final Conversation conversation;
    private final FrontendSide frontend;
    /** Its ReadyForQuery must not say that the transaction goes on. */
    private @Nullable Owed failing;

    CutAnswers(Conversation conversation, FrontendSide frontend) {
        this.conversation = conversation;
        this.frontend = frontend;
    }

    /** A detector denies what would come next of this answer. */
    void cut(Owed head, SearchedAnswer searched) {
        searched.cut();
        cut(head, searched.isSingle(), searched.refusal(), "a detector has denied an answer");
    }

    /** Nobody knows where the rows come from that would come next. The catalog is read again, so that the next statement meets a newer one. */
    void withhold(Owed head, Diagnosis reason) {
        conversation.perform(new Effect.CatalogChanged());
        cut(head, head.masked != null && head.masked.isSingle(), reason, "an answer could not be masked");
    }

    private void cut(Owed head, boolean single, Diagnosis refusal, String reason) {
        if (head.execution != null) {
            head.execution.failed(SqlState.INSUFFICIENT_PRIVILEGE.code());
        }
        boolean alone = head.kind == RequestKind.QUERY ? single && conversation.ledger.holdsOnly(head) : conversation.ledger.endsSeries(head);
        if (!alone) {
            frontend.holds().withdrawForGood(reason);
            conversation.end(Words.fatal(SqlState.INSUFFICIENT_PRIVILEGE, refusal.message()), reason);
        } else {
            // What comes behind it meets a transaction that has failed.
            frontend.holdBehind(head);
        }
    }

    /** Takes what belongs to an answer that has been cut. */
    boolean takes(BackendMessage message) {
        Owed head = conversation.ledger.head();
        if (head != null && head == failing && message instanceof BackendMessage.ReadyForQuery ready) {
            failing = null;
            return failsTransaction(head, ready);
        }
        Diagnosis refusal = head == null ? null : refusal(head);
        return head != null && refusal != null && takes(head, refusal, message);
    }

    /** Null where the answer has not been cut. */
    private static @Nullable Diagnosis refusal(Owed head) {
        SearchedAnswer searched = head.searched;
        return head.withheld != null ? head.withheld : searched != null && searched.isCut() ? searched.refusal() : null;
    }

    private boolean takes(Owed head, Diagnosis refusal, BackendMessage message) {
        return switch (message) {
            case BackendMessage.DataRows rows -> true;
            case BackendMessage.CopyOutData data -> true;
            case BackendMessage.CopyDone done -> true;
            case BackendMessage.NoticeResponse notice -> true;
            case BackendMessage.CommandComplete complete -> completed(head, refusal);
            case BackendMessage.PortalSuspended suspended -> completed(head, refusal);
            case BackendMessage.ErrorResponse error when !error.endsConnection() -> failed(head, refusal);
            case BackendMessage.ReadyForQuery ready when head.kind == RequestKind.QUERY -> {
                conversation.answer(head, Words.error(refusal));
                yield failsTransaction(head, ready);
            }
            default -> false;
        };
    }

    private boolean completed(Owed head, Diagnosis refusal) {
        head.settleNext();
        if (head.kind == RequestKind.EXECUTE) {
            refuse(head, refusal);
            failing = conversation.ledger.head();
            if (failing == null) {
                abort(Words.ABORTING_PARSE, RequestKind.PARSE, head);
                frontend.pipelineFailed();
            } else {
                frontend.holdBehind(failing);
            }
        }
        return true;
    }

    private boolean failed(Owed head, Diagnosis refusal) {
        head.failRest();
        conversation.copying = null;
        if (head.kind == RequestKind.EXECUTE) {
            refuse(head, refusal);
            conversation.ledger.discardToSync(skipped -> conversation.abandon(skipped, SqlState.INSUFFICIENT_PRIVILEGE));
            if (conversation.ledger.isSettled()) {
                frontend.pipelineFailed();
            }
        }
        return true;
    }

    private void refuse(Owed head, Diagnosis refusal) {
        conversation.ledger.settleHead();
        conversation.answer(head, Words.error(refusal));
        conversation.leave(head);
    }

    /** Has the server fail the transaction before the client hears how it stands. False where none is open: then the server's word is right. */
    private boolean failsTransaction(Owed head, BackendMessage.ReadyForQuery ready) {
        if (ready.status() != TransactionStatus.IN_TRANSACTION) {
            return false;
        }
        conversation.status = ready.status();
        conversation.ledger.settleHead();
        head.failRest();
        conversation.leave(head);
        abort(Words.ABORTING_QUERY, RequestKind.QUERY, head);
        return true;
    }

    private void abort(Buffer request, RequestKind kind, Owed cut) {
        Owed aborting = Owed.swallowed(kind, cut.mark, null, NOTHING, SqlState.INSUFFICIENT_PRIVILEGE);
        conversation.send(request, 0, null, aborting);
        frontend.holdBehind(aborting);
    }
}

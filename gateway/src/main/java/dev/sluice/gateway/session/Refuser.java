// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.session;

import dev.sluice.gateway.wire.BackendEncoder;
import dev.sluice.gateway.wire.Diagnosis;
import dev.sluice.gateway.wire.FrontendMessage;
import dev.sluice.gateway.wire.SqlState;
import dev.sluice.gateway.wire.TransactionStatus;
import io.vertx.core.buffer.Buffer;

/**
 * Answers what does not run as PostgreSQL answers what fails: an ErrorResponse, the rest of the pipeline skipped up to Sync, and the open
 * transaction aborted. Where a transaction is or may be open, the server is sent a text that fails in place of the refused message, and
 * its error is replaced by ours: the transaction's state stays the server's, savepoints included. Otherwise the server hears nothing.
 */
final class Refuser {
    private final Conversation conversation;
    private final Pipeline pipeline;

    Refuser(Conversation conversation, Pipeline pipeline) {
        this.conversation = conversation;
        this.pipeline = pipeline;
    }

    void refuse(FrontendMessage message, Diagnosis refusal) {
        refuse(message, refusal, conversation.lastMark());
    }

    /** The words leave once {@code mark} is acknowledged. */
    void refuse(FrontendMessage message, Diagnosis refusal, long mark) {
        boolean simple = message instanceof FrontendMessage.Query || message instanceof FrontendMessage.FunctionCall;
        refuse(message, simple, refusal, mark);
    }

    /** Refuses what has no content that could be read, by the kind that its tag names. */
    void refuseUnread(FrontendMessage message, byte tag, Diagnosis refusal) {
        switch (tag) {
            case 'Q', 'F' -> refuse(message, true, refusal, conversation.lastMark());
            case 'P', 'B', 'D', 'E', 'C' -> refuse(message, false, refusal, conversation.lastMark());
            case 'd' -> {}
            default -> conversation.end(Words.fatal(SqlState.PROTOCOL_VIOLATION, refusal.message()), "protocol violation by the client");
        }
    }

    private void refuse(FrontendMessage message, boolean simple, Diagnosis refusal, long mark) {
        Buffer words = Words.error(refusal);
        RequestKind kind = simple ? RequestKind.QUERY : RequestKind.PARSE;
        if (serverIsIdle()) {
            if (simple) {
                words = Buffer.buffer().appendBuffer(words).appendBuffer(BackendEncoder.readyForQuery(conversation.status));
            }
            conversation.ledger.expect(Owed.synthesized(kind, mark, null, words, refusal.sqlState()));
            conversation.giveSynthesized();
        } else {
            long parses = pipeline.recordParses(null);
            pipeline.send(parses, Math.max(parses, mark));
            Buffer failing = simple ? Words.ABORTING_QUERY : Words.ABORTING_PARSE;
            conversation.send(failing, 0, message, Owed.swallowed(kind, mark, null, words, refusal.sqlState()));
        }
        if (!simple) {
            conversation.skipping = true;
        }
    }

    private boolean serverIsIdle() {
        return conversation.ledger.isSettled()
                && pipeline.isEmpty()
                && !conversation.unsynced
                && conversation.status != TransactionStatus.IN_TRANSACTION;
    }
}

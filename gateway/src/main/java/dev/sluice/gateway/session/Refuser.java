// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.session;

import dev.sluice.gateway.wire.BackendEncoder;
import dev.sluice.gateway.wire.Diagnosis;
import dev.sluice.gateway.wire.FrontendEncoder;
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
    private static final String UNNAMED = "";

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

    /** Passes on what the server has said of the statement already, when it was only asked about it. */
    void refuse(FrontendMessage message, Buffer objection, SqlState sqlState, long mark) {
        boolean simple = message instanceof FrontendMessage.Query || message instanceof FrontendMessage.FunctionCall;
        refuse(message, simple, objection, sqlState, mark);
    }

    /**
     * Refuses a statement that uses a name of which we know nothing. Before a server would look the name up, it may have other objections: the
     * portal has gone, the transaction has failed. It is asked for these. Nothing else is in flight.
     */
    void refuseUnclear(FrontendMessage message, Diagnosis refusal, long mark) {
        if (message instanceof FrontendMessage.Execute execute) {
            Diagnosis noPortal = Words.noPortal(execute.portal());
            conversation.send(FrontendEncoder.describe(FrontendMessage.Kind.PORTAL, execute.portal()), 0, null,
                    Owed.swallowed(RequestKind.DESCRIBE, mark, null, Words.error(noPortal), noPortal.sqlState()));
            conversation.send(Words.PROBING_PARSE, 0, message, Owed.swallowed(RequestKind.PARSE, mark, null, Words.error(refusal), refusal.sqlState()));
            conversation.skipping = true;
        } else {
            conversation.send(Words.PROBING_QUERY, 0, message, Owed.swallowed(RequestKind.QUERY, mark, null, Words.error(refusal), refusal.sqlState()));
        }
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
        refuse(message, simple, Words.error(refusal), refusal.sqlState(), mark);
    }

    private void refuse(FrontendMessage message, boolean simple, Buffer error, SqlState sqlState, long mark) {
        Buffer words = error;
        RequestKind kind = simple ? RequestKind.QUERY : RequestKind.PARSE;
        if (serverIsIdle() && !(dropsUnnamed(message) && conversation.names.statements.isTaken(UNNAMED))) {
            if (simple) {
                words = Buffer.buffer().appendBuffer(words).appendBuffer(BackendEncoder.readyForQuery(conversation.status));
            }
            conversation.ledger.expect(Owed.synthesized(kind, mark, null, words, sqlState));
            conversation.giveSynthesized();
        } else {
            long parses = pipeline.recordParses(null);
            pipeline.send(parses, Math.max(parses, mark));
            conversation.send(failing(message, simple), 0, message, Owed.swallowed(kind, mark, null, words, sqlState));
        }
        if (!simple) {
            conversation.skipping = true;
        }
    }

    private static Buffer failing(FrontendMessage message, boolean simple) {
        if (simple) {
            return Words.ABORTING_QUERY;
        }
        return dropsUnnamed(message) ? Words.ABORTING_UNNAMED_PARSE : Words.ABORTING_PARSE;
    }

    /** A server drops the unnamed prepared statement before it reads the text that is to replace it, and at every simple query. */
    private static boolean dropsUnnamed(FrontendMessage message) {
        return message instanceof FrontendMessage.Query || message instanceof FrontendMessage.Parse parse && parse.statement().equals(UNNAMED);
    }

    private boolean serverIsIdle() {
        return conversation.ledger.isSettled()
                && pipeline.isEmpty()
                && !conversation.unsynced
                && conversation.status != TransactionStatus.IN_TRANSACTION;
    }
}

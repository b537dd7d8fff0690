// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.session;

import dev.sluice.gateway.wire.Diagnosis;
import dev.sluice.gateway.wire.FrontendEncoder;
import dev.sluice.gateway.wire.FrontendMessage;

/** Takes the client's messages while the server waits for COPY data. */
final class CopyIn {
    private static final String WRITTEN_BACK = "a value is what a mask shows";

    private final Conversation conversation;
    private final Barrier barrier;

    CopyIn(Conversation conversation, Barrier barrier) {
        this.conversation = conversation;
        this.barrier = barrier;
    }

    void take(FrontendMessage message, Execution into) {
        switch (message) {
            case FrontendMessage.CopyData data when into.isTooLongToSearch(data.raw()) -> refuse(into, Words.tooLongToSearch(data.raw().length()), "a message of COPY data is too long");
            case FrontendMessage.CopyData data when into.writesBack(data.raw()) -> refuse(into, Words.writtenBack(), WRITTEN_BACK);
            case FrontendMessage.CopyDone done when into.endsWritingBack() -> refuse(into, Words.writtenBack(), WRITTEN_BACK);
            case FrontendMessage.CopyData data -> {
                into.copied(data.raw());
                conversation.send(data.raw(), 0, data, null);
            }
            case FrontendMessage.CopyDone done -> {
                ends();
                conversation.send(done.raw(), 0, done, null);
            }
            case FrontendMessage.CopyFail fail -> {
                ends();
                conversation.send(fail.raw(), 0, fail, null);
            }
            // As the server does in COPY mode.
            case FrontendMessage.Flush flush -> {}
            case FrontendMessage.Sync sync -> {}
            case FrontendMessage.Oversized oversized -> fail(Words.tooLong(oversized.length()).message());
            case FrontendMessage.Malformed malformed -> fail(malformed.reason());
            case FrontendMessage.Query query -> misplaced(query, RequestKind.QUERY);
            case FrontendMessage.FunctionCall call -> misplaced(call, RequestKind.FUNCTION_CALL);
            case FrontendMessage.Parse parse -> misplaced(parse, RequestKind.PARSE);
            case FrontendMessage.Bind bind -> misplaced(bind, RequestKind.BIND);
            case FrontendMessage.Execute execute -> misplaced(execute, RequestKind.EXECUTE);
            case FrontendMessage.Describe describe -> misplaced(describe, RequestKind.DESCRIBE);
            case FrontendMessage.Close close -> misplaced(close, RequestKind.CLOSE);
            case FrontendMessage.PasswordMessage password -> misplaced(password, RequestKind.PARSE);
            case FrontendMessage.Terminate terminate -> throw new IllegalStateException("handled before");
        }
    }

    /** The server is told that the copy has failed, and the client why. */
    private void refuse(Execution into, Diagnosis refusal, String reason) {
        into.refusal = refusal;
        fail(reason);
    }

    private void ends() {
        conversation.copying = null;
        barrier.copyEnded();
    }

    /** The offending message is used up by the error, as in PostgreSQL. */
    private void fail(String reason) {
        ends();
        conversation.send(FrontendEncoder.copyFail(reason), 0, null, null);
    }

    /**
     * A server that waits for COPY data looks at no more than the tag of anything else, raises an error and closes the connection. It is sent
     * the tag alone: should it have left COPY by an error that has not arrived here yet, it must not run what has not been judged.
     */
    private void misplaced(FrontendMessage message, RequestKind kind) {
        conversation.copying = null;
        byte tag = message.raw().getByte(0);
        Diagnosis diagnosis = Words.misplacedInCopy(tag);
        Owed owed = Owed.swallowed(kind, 0, null, Words.error(diagnosis), diagnosis.sqlState());
        conversation.send(FrontendEncoder.withoutBody(tag), 0, message, owed);
        conversation.skipping = !kind.endsWithReadyForQuery();
        barrier.holdForCopy(owed);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.session;

import dev.sluice.gateway.wire.FrontendMessage;
import org.jspecify.annotations.Nullable;

/**
 * A request whose answer must be here before what comes after it can be judged or sent: it may change how text is read, what a name stands
 * for or whether a transaction is open, or it opens COPY data.
 */
final class Barrier {
    private final Conversation conversation;
    private @Nullable Owed before;
    private boolean holdsAll;
    /** Without Sync or Flush the server would keep the answer that we wait for. It sends CopyInResponse and errors at once. */
    private boolean needsFlush;

    Barrier(Conversation conversation) {
        this.conversation = conversation;
    }

    /** Nothing passes before {@code request} is answered. */
    void holdAll(Owed request) {
        raise(request, true, true);
    }

    /** The request copies from the client: nothing passes before the server asks for the data, or raises an error. It does either at once. */
    void holdForCopy(Owed request) {
        raise(request, true, false);
    }

    /** Nothing is judged before {@code request} is answered; what needs no judgement passes. */
    void holdJudged(Owed request) {
        raise(request, false, true);
    }

    private void raise(Owed request, boolean all, boolean flush) {
        before = request;
        holdsAll = all;
        needsFlush = flush;
    }

    /** An Execute copies once, and the server keeps its answer until Sync or Flush: these must not wait for it. A text may copy again. */
    void copyEnded() {
        if (before != null && before.kind == RequestKind.EXECUTE) {
            holdsAll = false;
            needsFlush = true;
        }
    }

    boolean holdsBack(FrontendMessage message) {
        Owed waitedFor = before;
        if (waitedFor == null || conversation.copying != null || message instanceof FrontendMessage.Terminate) {
            return false;
        }
        if (waitedFor.isGone()) {
            before = null;
            return false;
        }
        if (!holdsAll && !isJudged(message)) {
            return false;
        }
        if (needsFlush && conversation.unsynced) {
            conversation.send(Words.FLUSH, 0, null, null);
            needsFlush = false;
        }
        return true;
    }

    private static boolean isJudged(FrontendMessage message) {
        return message instanceof FrontendMessage.Query
                || message instanceof FrontendMessage.Parse
                || message instanceof FrontendMessage.Execute
                || message instanceof FrontendMessage.FunctionCall;
    }
}

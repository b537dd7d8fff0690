// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.session;

import dev.sluice.gateway.statement.Reading;
import dev.sluice.gateway.wire.FrontendMessage;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Parse, Bind, Describe and Close messages that wait for the Execute, Sync or Flush behind them. The server would answer none of them
 * earlier, so nothing is lost, and one record covers a Parse together with its Execute: no statement is sent before it is recorded.
 */
final class Pipeline {
    /** {@code parsed} is set for a Parse that no record covers yet. */
    private record Deferred(FrontendMessage message, Owed owed, @Nullable Judged parsed) {}

    /** What a message costs beside its own bytes. */
    static final int MESSAGE_BYTES = 256;

    private final Conversation conversation;
    private List<Deferred> deferred = new ArrayList<>();
    private long bytes;

    Pipeline(Conversation conversation) {
        this.conversation = conversation;
    }

    void defer(FrontendMessage message, Owed owed, @Nullable Judged parsed) {
        deferred.add(new Deferred(message, owed, parsed));
        bytes += message.raw().length() + MESSAGE_BYTES;
    }

    /** Memory that waits here, about. */
    long bytes() {
        return bytes;
    }

    boolean isEmpty() {
        return deferred.isEmpty();
    }

    /** Records every Parse that the record of {@code executed} will not cover. Returns the last mark made, 0 for none. */
    long recordParses(Reading.@Nullable Understood executed) {
        long mark = 0;
        for (Deferred entry : deferred) {
            Judged parsed = entry.parsed;
            if (parsed != null && parsed.text() != executed) {
                mark = conversation.record(StatementRecords.decided(conversation.context, conversation.nextStatementId(), parsed, conversation.status));
            }
        }
        return mark;
    }

    /** Sends what waits, not before {@code sendMark} is acknowledged; its answers leave not before {@code answerMark} is. */
    void send(long sendMark, long answerMark) {
        List<Deferred> sent = deferred;
        if (sent.isEmpty()) {
            return;
        }
        deferred = new ArrayList<>();
        bytes = 0;
        for (Deferred entry : sent) {
            entry.owed.mark = answerMark;
            conversation.send(entry.message.raw(), sendMark, entry.message, entry.owed);
            conversation.unsynced = true;
        }
    }

    /** They are to be judged again. */
    List<FrontendMessage> takeBack() {
        List<FrontendMessage> messages = deferred.stream().map(Deferred::message).toList();
        discard();
        return messages;
    }

    /** The server would discard them: an error has been raised in this pipeline. */
    void discard() {
        deferred.forEach(entry -> entry.owed.failRest());
        deferred.clear();
        bytes = 0;
    }
}

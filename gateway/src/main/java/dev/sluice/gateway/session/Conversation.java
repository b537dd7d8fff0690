// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.session;

import dev.sluice.gateway.lineage.Disagreement;
import dev.sluice.gateway.masking.MaskingFailed;
import dev.sluice.gateway.wire.FrontendMessage;
import dev.sluice.gateway.wire.SqlState;
import dev.sluice.gateway.wire.TransactionStatus;
import dev.sluice.schemas.event.ResultEvent;
import dev.sluice.schemas.event.StatementEvent;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The state that both sides of a session share, and the few ways to act on it. */
final class Conversation {
    final SessionContext context;
    final SessionNames names = new SessionNames();
    final SessionSettings settings;
    final ReplyLedger ledger = new ReplyLedger();
    final SendGate sendGate = new SendGate();
    final ReleaseGate releaseGate = new ReleaseGate();

    Moment now;
    TransactionStatus status;
    /** An error has been raised in extended query: the client's messages are discarded up to Sync. */
    boolean skipping;
    /** Extended-query messages have been sent since the last Sync: an implicit transaction may be open. */
    boolean unsynced;
    /** An Execute has been sent since the last Sync: the implicit transaction has begun to do something. */
    boolean executedInSeries;
    /** The last request in flight that may change how text is read. The server reports such changes right before ReadyForQuery. */
    @Nullable Owed unsettling;
    /** What takes COPY data from the client, while the server waits for it. */
    @Nullable Execution copying;
    /** Objects of the database have been changed in a transaction whose end has not been told of. */
    boolean catalogTouched;
    /** False while nothing may run because it could not be recorded. */
    boolean recording = true;
    boolean draining;
    boolean closed;

    long acknowledged;
    /** Statements whose record is not acknowledged, in the order of their marks. */
    private final ArrayDeque<Owed> awaiting = new ArrayDeque<>();
    private long lastMark;
    /** The mark of the last part of an answer that is to be kept. */
    private long keptMark;
    private long transactionSince;
    private long statements;
    private List<Effect> effects = new ArrayList<>();

    Conversation(SessionContext context, Map<String, String> parameterStatus, TransactionStatus status, Moment start) {
        this.context = context;
        this.settings = new SessionSettings(parameterStatus);
        this.status = status;
        this.now = start;
    }

    List<Effect> takeEffects() {
        List<Effect> taken = effects;
        effects = new ArrayList<>();
        return taken;
    }

    /** Tells of an answer that does not fit what its statement was resolved to. */
    void disagreed(MaskingFailed failed) {
        Disagreement disagreement = failed.disagreement();
        if (disagreement != null) {
            perform(new Effect.Disagreed(disagreement));
        }
    }

    void perform(Effect effect) {
        effects.add(effect);
    }

    String nextStatementId() {
        return context.sessionId() + "-" + ++statements;
    }

    long statements() {
        return statements;
    }

    /** Appends to the session's record; the returned mark opens gates once it is acknowledged. */
    long record(StatementEvent event) {
        String trace = context.traceparent();
        boolean follows = trace != null && event instanceof StatementEvent.StatementDecided decided && decided.traceparent() == null;
        perform(new Effect.Record(follows ? ((StatementEvent.StatementDecided) event).in(trace) : event, ++lastMark));
        return lastMark;
    }

    long lastMark() {
        return lastMark;
    }

    /** When the transaction began that is open now: not later than the server says. */
    long transactionSince() {
        return transactionSince;
    }

    /** Sends a request and expects its answer. {@code message} is what the bytes came from, null for bytes of our own. */
    void send(Buffer bytes, long mark, @Nullable FrontendMessage message, @Nullable Owed owed) {
        if (status == TransactionStatus.IDLE && !unsynced && ledger.isSettled()) {
            transactionSince = now.nanos();
        }
        if (owed != null) {
            ledger.expect(owed);
            if (owed.execution != null && owed.mark > acknowledged) {
                awaiting.addLast(owed);
            }
        }
        sendGate.pass(bytes, mark, message, owed, unsynced, acknowledged, now.nanos(), this::toBackend);
    }

    /** Asks the server a question of our own. */
    <I extends Inquiry> I ask(I inquiry) {
        send(inquiry.question(), 0, null, Owed.asked(inquiry));
        return inquiry;
    }

    /** Asks a question of our own for a statement that is about to be sent. What the server objects to is told to the client. */
    void ask(Inquiry inquiry, long sendMark, long answerMark) {
        Owed asked = Owed.asked(inquiry);
        asked.mark = answerMark;
        send(inquiry.question(), sendMark, null, asked);
    }

    /** Gives the client part of the answer to {@code owed}: one or several whole messages. */
    void answer(Owed owed, Buffer bytes) {
        answer(owed, bytes, true);
    }

    /** @param endsWhole whether the bytes end where a message ends */
    void answer(Owed owed, Buffer bytes, boolean endsWhole) {
        Execution execution = owed.execution;
        if (execution != null) {
            boolean begins = execution.tape != null && execution.tape.isBetweenMessages();
            execution.delivered(bytes);
            if (execution.tape != null) {
                if (owed.kind == RequestKind.EXECUTE && begins && endsExecute(bytes)) {
                    execution.tape.finish();
                }
                // So much as one chunk may be with the client before Kafka has it, and the end of the answer not before it has all.
                owed.mark = Math.max(owed.mark, keptMark);
            }
        }
        releaseGate.pass(bytes, endsWhole, owed.mark, acknowledged, this::toFrontend);
    }

    private static boolean endsExecute(Buffer bytes) {
        return switch (bytes.length() == 0 ? 0 : bytes.getByte(0)) {
            case 'C', 'E', 'I', 's' -> true;
            default -> false;
        };
    }

    /** Part of an answer is to be kept. */
    void keep(ResultEvent.ResultRecorded result) {
        keptMark = ++lastMark;
        perform(new Effect.RecordResult(result, keptMark));
    }

    void tell(Buffer bytes, long mark) {
        releaseGate.pass(bytes, true, mark, acknowledged, this::toFrontend);
    }

    /** Our own words between the server's messages. They wait while a message of the server's is only half through. */
    void say(Buffer words, long mark) {
        releaseGate.say(words, mark, acknowledged, this::toFrontend);
    }

    /** Whether a transaction is open, as far as is known before everything that is in flight has been answered. */
    boolean inTransaction() {
        return status != TransactionStatus.IDLE || executedInSeries;
    }

    /** Whether everything that may change how text is read has been answered and reported. */
    boolean settingsAreCertain() {
        boolean quiet = ledger.isSettled() && !unsynced;
        return quiet || (unsettling == null && !settings.everDeviated());
    }

    /** Kafka has everything up to {@code mark}. */
    void acknowledge(long mark) {
        acknowledged = mark;
        for (Owed first = awaiting.peekFirst(); first != null && first.mark <= mark; first = awaiting.peekFirst()) {
            awaiting.removeFirst();
            if (first.execution != null) {
                first.execution.stations.recorded(now.nanos());
            }
        }
        sendGate.open(acknowledged, now.nanos(), this::toBackend);
        releaseGate.open(acknowledged, this::toFrontend);
    }

    /** The answers at the head of the ledger that are ours alone are due now. */
    void giveSynthesized() {
        Owed head = ledger.head();
        while (head != null && head.handling == Owed.Handling.SYNTHESIZE) {
            ledger.settleHead();
            if (head.words != null) {
                answer(head, head.words);
            }
            leave(head);
            head = ledger.head();
        }
    }

    /** An entry has its whole answer. */
    void leave(Owed entry) {
        entry.gone();
        Execution execution = entry.execution;
        catalogTouched |= entry.changesCatalog;
        if (execution != null) {
            if (execution.tape != null) {
                execution.tape.finish();
                entry.mark = Math.max(entry.mark, keptMark);
            }
            record(execution.completed(now.nanos(), status));
        }
    }

    /** An entry will never be answered: its request was discarded, or the connection ends. */
    void abandon(Owed entry, SqlState reason) {
        entry.failRest();
        if (entry.execution != null) {
            entry.execution.abandoned(reason);
        }
        leave(entry);
    }

    /** The last words to the client, then the end of both sides. Words in the way of unacknowledged records are dropped, not released. */
    void end(@Nullable Buffer lastWords, String reason) {
        if (closed) {
            return;
        }
        closed = true;
        ledger.discardAll(entry -> abandon(entry, SqlState.CONNECTION_FAILURE));
        releaseGate.discard();
        sendGate.takeBack();
        if (lastWords != null && !releaseGate.isWithinMessage()) {
            toFrontend(lastWords);
        }
        perform(new Effect.CloseBoth(reason));
    }

    /** Whether an answer waits for its own record, which does not get through. */
    boolean keepsInVain() {
        return !recording && keptMark > acknowledged && !releaseGate.isEmpty();
    }

    private void toBackend(Buffer bytes) {
        perform(new Effect.ToBackend(bytes));
    }

    private void toFrontend(Buffer bytes) {
        perform(new Effect.ToFrontend(bytes));
    }
}

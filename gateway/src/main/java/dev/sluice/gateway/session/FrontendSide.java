// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.session;

import dev.sluice.gateway.statement.Reading;
import dev.sluice.gateway.wire.Diagnosis;
import dev.sluice.gateway.wire.FrontendMessage;
import dev.sluice.gateway.wire.SqlState;
import dev.sluice.schemas.event.StatementEvent;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Takes the client's messages one after the other: judged, recorded, sent, held or refused. */
final class FrontendSide {
    /** Kafka has answered lately: reads may be on their way while they are being recorded. Otherwise they wait, so that they can still be refused. */
    private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Conversation conversation;
    private final Judge judge;
    private final Pipeline pipeline;
    private final Refuser refuser;
    private final Holds holds;
    private final Barrier barrier;
    private final CopyIn copyIn;
    private final MaskResolution masks;
    private final Answering answering;
    private final Estimates estimates;
    private final NamedRequests names;
    private final Inbox pending = new Inbox();
    private long takenNanos;
    private long judgedNanos;
    /** What is being read; absent when the answer is of no use any more. */
    private @Nullable FrontendMessage reading;
    private boolean readingIsOpen;
    private long acknowledgedNanos;

    FrontendSide(Conversation conversation, Judge judge) {
        this.conversation = conversation;
        this.judge = judge;
        this.pipeline = new Pipeline(conversation);
        this.refuser = new Refuser(conversation, pipeline);
        this.holds = new Holds(conversation, refuser, this::run);
        this.barrier = new Barrier(conversation);
        this.copyIn = new CopyIn(conversation, barrier);
        this.answering = new Answering(conversation, judge);
        this.masks = new MaskResolution(conversation, judge, refuser, answer -> act(judge.resolved(answer)));
        this.estimates = new Estimates(conversation, judge, this::act);
        this.names = new NamedRequests(conversation, judge, pipeline, refuser, answering, masks, this::act, this::waitForMeaning);
    }

    Holds holds() {
        return holds;
    }

    MaskResolution masks() {
        return masks;
    }

    /** Nothing of the client's passes before {@code request} is answered. */
    void holdBehind(Owed request) {
        barrier.holdAll(request);
    }

    /** The server has answered a question of our own. */
    void answered(Inquiry inquiry) {
        switch (inquiry) {
            case SurroundingsInquiry surroundings -> holds.answered(surroundings);
            case ObjectsInquiry objects -> holds.answered(objects);
            case TreeInquiry tree -> masks.answered(tree);
            case EstimateInquiry estimate -> estimates.answered(estimate);
            // Its answer is noted where it is needed.
            case PortalInquiry portal -> {}
        }
    }

    long pendingBytes() {
        return pending.bytes();
    }

    boolean isIdle() {
        return pending.isEmpty() && reading == null && !masks.isOpen() && !estimates.isOpen() && !holds.isHolding() && pipeline.isEmpty() && conversation.sendGate.isEmpty();
    }

    void receive(FrontendMessage message) {
        pending.add(message, conversation.now.nanos());
        if (holds.isHolding() && pending.bytes() > conversation.context.pendingLimit()) {
            holds.overflow();
        }
    }

    void proceed() {
        masks.proceed();
        estimates.proceed();
        while (!conversation.closed && !readingIsOpen && !masks.isOpen() && !estimates.isOpen() && !holds.isHolding()) {
            FrontendMessage message = pending.first();
            if (message == null || mustWait(message)) {
                return;
            }
            pending.take();
            takenNanos = conversation.now.nanos();
            take(message);
        }
    }

    void acknowledged() {
        acknowledgedNanos = conversation.now.nanos();
    }

    void hasRead(Reading answer) {
        FrontendMessage message = reading;
        reading = null;
        readingIsOpen = false;
        if (message != null && !conversation.skipping) {
            judged(message, answer);
        }
    }

    /** An error in extended query whose Sync has not been sent yet: the server discards everything up to it, and so do we. */
    void pipelineFailed() {
        conversation.skipping = true;
        pipeline.discard();
        masks.discard();
        estimates.discard();
        holds.withdrawForGood("an error before it in the same pipeline");
    }

    /** What has not been sent goes back to be judged again, now that it cannot be recorded. */
    void takeBackUnsent() {
        if (!conversation.sendGate.isEmpty() || !pipeline.isEmpty()) {
            holds.stalled();
        }
        takeBack(SqlState.IO_ERROR);
    }

    /** The client wants what it waits for no more. Returns false when that is not here: the server has it. */
    boolean cancel() {
        Owed head = conversation.ledger.head();
        boolean unjudged = reading != null || masks.isOpen() || estimates.isOpen();
        if (head != null && !conversation.sendGate.keeps(head) || head == null && !unjudged) {
            return false;
        }
        takeBack(SqlState.QUERY_CANCELED);
        FrontendMessage cancelled = pending.first();
        if (cancelled == null || cancelled instanceof FrontendMessage.Sync || cancelled instanceof FrontendMessage.Flush) {
            return true;
        }
        pending.take();
        // It has not run: that may be told whether or not Kafka hears of it.
        refuser.refuse(cancelled, Words.cancelled(), conversation.acknowledged);
        return true;
    }

    private void takeBack(SqlState reason) {
        if (reading != null) {
            pending.putBack(List.of(reading));
            reading = null;
        }
        pending.putBack(masks.takeBack());
        pending.putBack(estimates.takeBack());
        SendGate.TakenBack back = conversation.sendGate.takeBack();
        conversation.ledger.withdrawLast(back.owed(), entry -> conversation.abandon(entry, reason));
        if (!back.messages().isEmpty()) {
            conversation.unsynced = back.unsynced();
            conversation.skipping &= back.discarded();
        }
        pending.putBack(pipeline.takeBack());
        pending.putBack(back.messages());
    }

    private boolean mustWait(FrontendMessage message) {
        if (conversation.sendGate.waitingBytes() > conversation.context.pendingLimit()) {
            return true;
        }
        return barrier.holdsBack(message)
                || !conversation.skipping && conversation.copying == null && !conversation.unsynced && pipeline.isEmpty() && mayBeMisread(message);
    }

    /** Whether the server may read the text differently from us, as far as is known now. */
    private boolean mayBeMisread(FrontendMessage message) {
        if (conversation.settingsAreCertain()) {
            return false;
        }
        String sql = switch (message) {
            case FrontendMessage.Query query -> query.sql();
            case FrontendMessage.Parse parse -> parse.sql();
            default -> "";
        };
        return !SessionSettings.isPlain(sql);
    }

    private void take(FrontendMessage message) {
        if (pipeline.bytes() > conversation.context.pendingLimit()) {
            sendPipeline();
        }
        if (message instanceof FrontendMessage.Terminate) {
            conversation.send(message.raw(), 0, null, null);
            conversation.end(null, "the client ended the session");
        } else if (conversation.skipping && !(message instanceof FrontendMessage.Sync)) {
            return;
        } else if (conversation.copying instanceof Execution into) {
            copyIn.take(message, into);
        } else {
            takeRequest(message);
        }
    }

    private void takeRequest(FrontendMessage message) {
        switch (message) {
            case FrontendMessage.Query query -> {
                sendPipeline();
                read(query, query.sql(), query.validUtf8());
            }
            case FrontendMessage.Parse parse -> {
                if (conversation.names.statements.size() >= SessionNames.MAX_NAMES) {
                    refuser.refuse(parse, Diagnosis.error(SqlState.CONFIGURATION_LIMIT_EXCEEDED, "more than " + SessionNames.MAX_NAMES + " prepared statements"));
                } else {
                    read(parse, parse.sql(), parse.validUtf8());
                }
            }
            case FrontendMessage.Bind bind -> names.bind(bind);
            case FrontendMessage.Execute execute -> names.execute(execute);
            case FrontendMessage.Describe describe -> pipeline.defer(describe, answering.taping.described(Owed.forward(RequestKind.DESCRIBE, 0), describe), null);
            case FrontendMessage.Close close -> {
                Settlement settlement = switch (close.kind()) {
                    case STATEMENT -> conversation.names.statements.remove(close.name());
                    case PORTAL -> conversation.names.portals.remove(close.name());
                };
                pipeline.defer(close, Owed.forward(RequestKind.CLOSE, 0, settlement), null);
            }
            case FrontendMessage.Flush flush -> {
                sendPipeline();
                conversation.send(flush.raw(), 0, flush, null);
            }
            case FrontendMessage.Sync sync -> {
                sendPipeline();
                conversation.send(sync.raw(), 0, sync, masks.syncs(Owed.forward(RequestKind.SYNC, 0)));
                conversation.names.seriesEnded();
                conversation.skipping = false;
                conversation.unsynced = false;
                conversation.executedInSeries = false;
            }
            case FrontendMessage.FunctionCall call -> {
                sendPipeline();
                act(judge.judgeFunctionCall(call));
            }
            // PostgreSQL discards COPY data that comes when no COPY runs: the client sends it until it learns of an error.
            case FrontendMessage.CopyData data -> {}
            case FrontendMessage.CopyDone done -> {}
            case FrontendMessage.CopyFail fail -> {}
            case FrontendMessage.Oversized oversized -> refuser.refuseUnread(oversized, oversized.tag(), Words.tooLong(oversized.length()));
            case FrontendMessage.Malformed malformed ->
                refuser.refuseUnread(malformed, malformed.tag(), Diagnosis.error(malformed.sqlState(), malformed.reason()));
            case FrontendMessage.PasswordMessage password -> conversation.end(
                    Words.fatal(SqlState.PROTOCOL_VIOLATION, "invalid frontend message type 112"), "protocol violation by the client");
            case FrontendMessage.Terminate terminate -> throw new IllegalStateException("handled before");
        }
    }

    private void read(FrontendMessage message, String sql, boolean validUtf8) {
        if (!validUtf8) {
            judged(message, new Reading.Refused(SqlState.CHARACTER_NOT_IN_REPERTOIRE.code(), "the statement's text is not valid UTF-8", sql));
        } else if (mayBeMisread(message)) {
            judged(message, new Reading.Refused(SqlState.FEATURE_NOT_SUPPORTED.code(),
                    "this text cannot be judged in one pipeline with a statement that may change how text is read; send it after a Sync", sql));
        } else if (!conversation.settings.readable(sql)) {
            judged(message, new Reading.Refused(SqlState.FEATURE_NOT_SUPPORTED.code(),
                    "this text cannot be judged under client_encoding " + conversation.settings.value("client_encoding")
                            + " and standard_conforming_strings " + conversation.settings.value("standard_conforming_strings"), sql));
        } else {
            reading = message;
            readingIsOpen = true;
            conversation.perform(new Effect.Read(sql));
        }
    }

    private void judged(FrontendMessage message, Reading answer) {
        StatementEvent.Protocol protocol =
                message instanceof FrontendMessage.Parse ? StatementEvent.Protocol.PARSE : StatementEvent.Protocol.SIMPLE;
        act(judge.judge(message, protocol, Source.of(message), answer, List.of()));
    }

    private void act(Judge.Answer judgement) {
        Judge.Answer answer = Lengths.within(judgement);
        Judged judged = answer.judged();
        judgedNanos = conversation.now.nanos();
        if (!conversation.recording) {
            refuseUnrecordable(judged);
        } else if (judged.undecided() instanceof Undecided undecided && undecided.masked()) {
            if (!masks.takes(answer)) {
                act(judge.resolved(answer));
            }
        } else if (estimates.takes(answer)) {
            return;
        } else if (answer instanceof Judge.Answer.Refused refused) {
            long mark = conversation.record(StatementRecords.decided(conversation.context, conversation.nextStatementId(), judged, conversation.status));
            refuser.refuse(judged.message(), refused.refusal(), mark);
        } else if (answer instanceof Judge.Answer.Unclear unclear) {
            unclear(unclear);
        } else if (masks.takes(answer)) {
            return;
        } else if (judged.message() instanceof FrontendMessage.Parse parse) {
            // A statement that must be held is held when it is executed, with its parameters.
            var prepared = new Prepared(judged.text(), judged.source());
            Settlement settlement = conversation.names.statements.announceInSeries(parse.statement(), prepared);
            pipeline.defer(parse, Owed.forward(RequestKind.PARSE, 0, settlement), judged);
        } else if (answer instanceof Judge.Answer.Held held) {
            Owed last = conversation.ledger.last();
            if (last != null && !conversation.executedInSeries) {
                // What is in flight decides whether a transaction is open: judge it again when all is answered.
                waitsFor(last, judged.message());
            } else {
                // Its Parse and Bind stay here until it is released: the server plans nothing and locks nothing for a held statement.
                pipeline.recordParses(judged.text());
                holds.hold(judged, held.hold());
            }
        } else {
            String statementId = conversation.nextStatementId();
            pipeline.recordParses(judged.text());
            run(judged, statementId, conversation.record(StatementRecords.decided(conversation.context, statementId, judged, conversation.status)));
        }
    }

    /** What is on its way may make it clear. */
    private void unclear(Judge.Answer.Unclear unclear) {
        sendPipeline();
        Owed last = conversation.ledger.last();
        if (last != null) {
            waitsFor(last, unclear.judged().message());
        } else {
            long mark = conversation.record(StatementRecords.decided(conversation.context, conversation.nextStatementId(), unclear.judged(), conversation.status));
            refuser.refuseUnclear(unclear.judged().message(), unclear.refusal(), mark);
        }
    }

    /** A name may stand for many things: the server's answers to what is on its way will tell for which. */
    private void waitForMeaning(FrontendMessage message) {
        sendPipeline();
        waitsFor(Objects.requireNonNull(conversation.ledger.last(), "a name with several meanings has one that is on its way"), message);
    }

    /** The message is judged once all up to {@code request} is answered. */
    private void waitsFor(Owed request, FrontendMessage message) {
        pending.putBack(List.of(message));
        barrier.holdAll(request);
    }

    /** Sends a statement that may run. {@code mark} is that of its record. */
    private void run(Judged judged, String statementId, long mark) {
        Reading.Understood text = judged.reading();
        boolean overlaps = Judge.onlyReads(text) && mayOverlap();
        long sendMark = overlaps ? 0 : mark;
        pipeline.send(sendMark, mark);
        var execution = new Execution(statementId, conversation.now.nanos(), new Stations(pending.arrivedNanos(), takenNanos, judgedNanos, conversation.now.nanos()));
        Owed owed = Owed.running(RequestKind.running(judged.message()), mark, execution, conversation.names.changes(judged));
        answering.prepare(judged, execution, owed, sendMark);
        owed.changesCatalog = Judge.changesCatalog(text);
        masks.runs(judged, execution, owed);
        conversation.send(judged.message().raw(), sendMark, judged.message(), owed);
        if (judged.message() instanceof FrontendMessage.Execute) {
            conversation.unsynced = true;
            conversation.executedInSeries = true;
        }
        if (Judge.unsettles(text) || Judge.endsTransaction(text)) {
            conversation.unsettling = owed;
        }
        if (Judge.copiesIn(text)) {
            barrier.holdForCopy(owed);
        } else if (Judge.unsettles(text)) {
            barrier.holdJudged(owed);
        }
    }

    private void sendPipeline() {
        long mark = pipeline.recordParses(null);
        boolean fresh = mayOverlap();
        pipeline.send(fresh ? 0 : mark, mark);
    }

    private void refuseUnrecordable(Judged judged) {
        Judge.Answer.Refused refused = Judge.refuse(judged, "recording", Words.notRecorded());
        conversation.record(StatementRecords.decided(conversation.context, conversation.nextStatementId(), refused.judged(), conversation.status));
        refuser.refuse(judged.message(), refused.refusal(), conversation.acknowledged);
    }

    private boolean mayOverlap() {
        return conversation.context.overlapsReads() && conversation.now.nanos() - acknowledgedNanos < FRESH_NANOS;
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.session;

import dev.sluice.gateway.wire.FrontendMessage;
import dev.sluice.gateway.wire.TransactionStatus;
import dev.sluice.schemas.event.StatementEvent;
import java.util.List;
import java.util.function.Consumer;

/** Bind and Execute, which name what an earlier message has given. */
final class NamedRequests {
    private final Conversation conversation;
    private final Judge judge;
    private final Pipeline pipeline;
    private final Refuser refuser;
    private final Answering answering;
    private final MaskResolution masks;
    private final Consumer<Judge.Answer> judged;
    private final Consumer<FrontendMessage> unclear;

    /**
     * @param judged takes what Execute runs
     * @param unclear takes a request whose name has too many meanings to be judged by all of them
     */
    NamedRequests(
            Conversation conversation, Judge judge, Pipeline pipeline, Refuser refuser, Answering answering, MaskResolution masks, Consumer<Judge.Answer> judged,
            Consumer<FrontendMessage> unclear) {
        this.conversation = conversation;
        this.judge = judge;
        this.pipeline = pipeline;
        this.refuser = refuser;
        this.answering = answering;
        this.masks = masks;
        this.judged = judged;
        this.unclear = unclear;
    }

    void bind(FrontendMessage.Bind bind) {
        List<Prepared> candidates = conversation.names.statements.candidates(bind.statement());
        if (candidates.isEmpty() && judge.enforces()) {
            refuser.refuse(bind, Words.notPrepared(bind.statement()));
            return;
        }
        if (candidates.size() == NamedReadings.MANY) {
            unclear.accept(bind);
            return;
        }
        SessionNames.bound(conversation.names.portals);
        Prepared prepared = SessionNames.either(candidates);
        var portal = new Portal(
                prepared.reading(),
                prepared.source().boundTo(bind.resultFormats(), masks.context()),
                StatementRecords.parameters(bind.parameters(), prepared.source().parameterTypes()),
                prepared.description());
        pipeline.defer(bind, Owed.forward(RequestKind.BIND, 0, conversation.names.binds(bind.portal(), portal)), null);
    }

    void execute(FrontendMessage.Execute execute) {
        List<Portal> candidates = conversation.names.portals(execute.portal());
        if (candidates.isEmpty() && judge.enforces()) {
            if (!isSettled()) {
                // What is on its way may fail, and then it is the transaction that the server refuses the portal for.
                unclear.accept(execute);
            } else if (conversation.status == TransactionStatus.FAILED) {
                // A Bind or a Query that fails may leave its portal behind, which the server then refuses for the transaction's sake.
                refuser.refuseUnclear(execute, Words.noPortal(execute.portal()), conversation.lastMark());
            } else {
                refuser.refuse(execute, Words.noPortal(execute.portal()));
            }
        } else if (candidates.size() >= NamedReadings.MANY) {
            unclear.accept(execute);
        } else {
            Portal portal = SessionNames.eitherPortal(candidates);
            answering.taping.executes(portal);
            judged.accept(judge.judge(execute, StatementEvent.Protocol.EXECUTE, portal.source(), portal.reading(), portal.parameters()));
        }
    }

    private boolean isSettled() {
        return conversation.ledger.isSettled() && pipeline.isEmpty();
    }
}

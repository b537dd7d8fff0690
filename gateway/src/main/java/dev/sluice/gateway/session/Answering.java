// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.session;

import dev.sluice.gateway.statement.TransactionControl;
import dev.sluice.gateway.wire.FrontendMessage;

/** Puts between the server's answer to a statement and the client what has to stand there: masks, detectors, the gateway's own rows, the tape. */
final class Answering {
    final Taping taping;
    private final Conversation conversation;
    private final Judge judge;

    Answering(Conversation conversation, Judge judge) {
        this.conversation = conversation;
        this.judge = judge;
        this.taping = new Taping(conversation, judge);
    }

    /** The statement is sent next, not before {@code sendMark} is acknowledged. */
    void prepare(Judged judged, Execution execution, Owed owed, long sendMark) {
        execution.tape = taping.tape(judged, execution.statementId);
        owed.own = OwnFunction.of(judged.source().sql());
        owed.masked = MaskedAnswer.of(judged, conversation.context);
        if (owed.own == null) {
            owed.searched = SearchedAnswer.of(judged, judge.detections(), owed.masked, conversation.context);
        }
        execution.searched = owed.searched;
        boolean looksAtRows = owed.own == null && owed.masked != null && !steersTransaction(judged) || owed.searched != null;
        if (looksAtRows && judged.message() instanceof FrontendMessage.Execute execute) {
            conversation.ask(new PortalInquiry(execute.portal(), owed::described), sendMark, owed.mark);
        }
    }

    private static boolean steersTransaction(Judged judged) {
        return judged.reading().statements().stream().allMatch(facts -> facts.transactionControl() != TransactionControl.NONE);
    }
}

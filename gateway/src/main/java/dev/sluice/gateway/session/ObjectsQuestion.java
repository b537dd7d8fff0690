// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.session;

/** The question about the objects of the session's one held statement: asked when the hold begins, prepared as long as it lasts, asked again at its end. */
final class ObjectsQuestion {
    private final Conversation conversation;
    private boolean prepared;

    ObjectsQuestion(Conversation conversation) {
        this.conversation = conversation;
    }

    ObjectsInquiry ask(Judged judged) {
        prepared = false;
        return conversation.ask(ObjectsInquiry.about(!conversation.unsynced, judged.reading().statements()));
    }

    /** The server has answered the first time. */
    void answered() {
        prepared = true;
    }

    ObjectsInquiry askAgain(Judged judged) {
        if (!prepared) {
            return ask(judged);
        }
        prepared = false;
        return conversation.ask(ObjectsInquiry.again(!conversation.unsynced));
    }

    /**
     * There will be no second time: the statement has been refused. Where the server has to hear of that too it is left as it is: behind an error in
     * extended query nothing would be closed up to the client's Sync. What stays prepared is in nobody's way, and gives way to the next question.
     */
    void forget() {
        if (prepared && !conversation.unsynced && conversation.ledger.isSettled()) {
            prepared = false;
            conversation.ask(ObjectsInquiry.no(true));
        }
    }
}

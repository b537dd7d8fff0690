// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.session;

import dev.sluice.gateway.policy.Policy;
import dev.sluice.gateway.policy.ResultLimit;
import dev.sluice.gateway.wire.FrontendMessage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds out whether an answer is to be taken down, and what is known of its columns. Costs nothing where the policy keeps no answers. */
final class Taping {
    private final Conversation conversation;
    private final Judge judge;
    /** What the one Execute that is being judged will run. */
    private @Nullable Portal executing;

    Taping(Conversation conversation, Judge judge) {
        this.conversation = conversation;
        this.judge = judge;
    }

    /** The answer to Describe is remembered by what it describes. */
    Owed described(Owed owed, FrontendMessage.Describe describe) {
        if (conversation.context.policy().get().keepsResults()) {
            List<Description> candidates = switch (describe.kind()) {
                case STATEMENT -> conversation.names.statements.candidates(describe.name()).stream().map(Prepared::description).toList();
                case PORTAL -> conversation.names.portals.candidates(describe.name()).stream().map(Portal::description).toList();
            };
            owed.description = candidates.size() == 1 ? candidates.getFirst() : null;
        }
        return owed;
    }

    void executes(Portal portal) {
        executing = portal;
    }

    /** Null where nothing of the answer is kept. */
    @Nullable ResultTape tape(Judged judged, String statementId) {
        Portal portal = judged.message() instanceof FrontendMessage.Execute ? executing : null;
        executing = null;
        Policy policy = conversation.context.policy().get();
        ResultLimit limit = policy.keepsResults() ? policy.results(judged.reading(), judge.subject(), Judge.particulars(judged)) : ResultLimit.NONE;
        if (limit.isNone()) {
            return null;
        }
        return new ResultTape(
                statementId,
                limit,
                conversation.context.resultChunk(),
                portal == null ? null : () -> portal.description().in(portal.source().resultFormats()),
                conversation::keep);
    }
}

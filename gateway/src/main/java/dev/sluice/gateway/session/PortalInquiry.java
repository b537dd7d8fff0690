// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.session;

import dev.sluice.gateway.wire.BackendMessage;
import dev.sluice.gateway.wire.FrontendEncoder;
import dev.sluice.gateway.wire.FrontendMessage.Kind;
import io.vertx.core.buffer.Buffer;

/** Has the server describe a portal right before its Execute, whose rows come without a description. What it objects to, it objects to in the Execute too. */
final class PortalInquiry extends Inquiry {
    private final Buffer question;
    private final SearchedAnswer answer;
    private boolean complete;

    PortalInquiry(String portal, SearchedAnswer answer) {
        super(false);
        this.question = FrontendEncoder.describe(Kind.PORTAL, portal);
        this.answer = answer;
    }

    @Override
    Buffer question() {
        return question;
    }

    @Override
    boolean takes(BackendMessage message) {
        return switch (message) {
            case BackendMessage.RowDescription description -> {
                answer.described(description);
                complete = true;
                yield true;
            }
            case BackendMessage.NoData none -> {
                complete = true;
                yield true;
            }
            default -> false;
        };
    }

    @Override
    boolean isComplete() {
        return complete;
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.session;

import dev.sluice.gateway.wire.BackendMessage;
import dev.sluice.gateway.wire.FrontendEncoder;
import dev.sluice.gateway.wire.FrontendMessage.Kind;
import io.vertx.core.buffer.Buffer;
import java.util.function.Consumer;

/** Has the server describe a portal right before its Execute, whose rows come without a description. What it objects to, it objects to in the Execute too. */
final class PortalInquiry extends Inquiry {
    private final Buffer question;
    private final Consumer<BackendMessage.RowDescription> described;
    private boolean complete;

    /** @param described hears the description; nobody does where the portal gives no rows */
    PortalInquiry(String portal, Consumer<BackendMessage.RowDescription> described) {
        super(false);
        this.question = FrontendEncoder.describe(Kind.PORTAL, portal);
        this.described = described;
    }

    @Override
    Buffer question() {
        return question;
    }

    @Override
    boolean takes(BackendMessage message) {
        return switch (message) {
            case BackendMessage.RowDescription description -> {
                described.accept(description);
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

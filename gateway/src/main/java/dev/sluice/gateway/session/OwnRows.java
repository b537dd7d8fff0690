// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.session;

import dev.sluice.gateway.config.HoldManner;
import dev.sluice.gateway.hold.WaitingStatement;
import dev.sluice.gateway.policy.Policy;
import dev.sluice.gateway.wire.BackendEncoder;
import dev.sluice.schemas.Principal;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What {@link OwnFunction} returns, as it is at that moment. All of it is text, which is the same in both formats. */
final class OwnRows {
    private OwnRows() {}

    static List<Buffer> of(OwnFunction function, Conversation conversation) {
        return switch (function) {
            case STATUS -> List.of(status(conversation));
            case WHOAMI -> List.of(whoami(conversation.context));
            case PENDING -> pending(conversation.context.gateway().waiting().get());
        };
    }

    private static Buffer status(Conversation conversation) {
        SessionContext context = conversation.context;
        Policy policy = context.policy().get();
        HoldManner manner = context.holds().manner();
        return row(
                context.gateway().source(),
                context.sessionId(),
                context.target(),
                context.database(),
                policy.version(),
                word(policy.mode()),
                word(manner.mode()),
                word(manner.inTransaction()),
                Boolean.toString(conversation.recording));
    }

    private static Buffer whoami(SessionContext context) {
        Principal principal = context.principal();
        return row(
                principal.subject(),
                principal.issuer(),
                word(principal.method()),
                String.join(",", new TreeSet<>(principal.groups())),
                principal.onBehalfOf(),
                context.role(),
                context.target(),
                context.database(),
                context.application(),
                context.clientAddress(),
                context.credentialEnds() == null ? null : context.credentialEnds().toString());
    }

    private static List<Buffer> pending(List<WaitingStatement> waiting) {
        var rows = new ArrayList<Buffer>();
        waiting.forEach(one -> rows.add(row(one.ticket(), one.state(), one.expiresAt().toString(), one.statement())));
        return rows;
    }

    private static Buffer row(@Nullable String... values) {
        return BackendEncoder.dataRow(Arrays.asList(values));
    }

    private static @Nullable String word(@Nullable Enum<?> constant) {
        return constant == null ? null : constant.name().toLowerCase(Locale.ROOT);
    }
}

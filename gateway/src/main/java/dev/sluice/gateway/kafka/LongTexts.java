// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.kafka;

import dev.sluice.schemas.event.DomainEvent;
import dev.sluice.schemas.event.StatementEvent.Parameter;
import dev.sluice.schemas.event.StatementEvent.Parts;
import dev.sluice.schemas.event.StatementEvent.StatementDecided;
import dev.sluice.schemas.event.StatementEvent.StatementParted;
import dev.sluice.schemas.signature.StatementDigest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keeps records small: of a decision, the query and the parameters that do not fit into one record go out before it, in parts. The decision
 * names how many there are and the digest of the whole, so nothing is lost and none can be taken out.
 */
final class LongTexts {
    /** A shorter value is never worth a part. */
    private static final int SHORT = 64;

    private final int limit;
    private final List<DomainEvent> events = new ArrayList<>();

    private LongTexts(int limit) {
        this.limit = limit;
    }

    /** The event alone, or its parts and then what is left of it. {@code limit} is the UTF-16 units of text that one record may carry. */
    static List<DomainEvent> apart(DomainEvent event, int limit) {
        return event instanceof StatementDecided decided && length(decided) > limit ? new LongTexts(limit).apart(decided) : List.of(event);
    }

    private static long length(StatementDecided decided) {
        long length = decided.query().length();
        for (Parameter parameter : decided.parameters()) {
            String value = parameter.value();
            length += value == null ? 0 : value.length();
        }
        return length;
    }

    private List<DomainEvent> apart(StatementDecided decided) {
        String query = decided.query();
        int room = limit;
        Parts queryParts = null;
        if (query.length() > limit / 2) {
            queryParts = new Parts(parts(decided.statementId(), null, query), utf8(query), decided.queryDigest());
        } else {
            room -= query.length();
        }
        var parameters = new ArrayList<Parameter>(decided.parameters().size());
        for (Parameter parameter : decided.parameters()) {
            String value = parameter.value();
            if (value == null || value.length() <= SHORT || value.length() <= room) {
                parameters.add(parameter);
                room -= value == null ? 0 : value.length();
            } else {
                int count = parts(decided.statementId(), (long) parameters.size(), value);
                parameters.add(new Parameter(parameter.type(), parameter.format(), null, new Parts(count, utf8(value), StatementDigest.ofText(value))));
            }
        }
        events.add(new StatementDecided(
                decided.statementId(),
                decided.protocol(),
                queryParts == null ? query : "",
                decided.queryDigest(),
                parameters,
                decided.facts(),
                decided.outcome(),
                decided.rule(),
                decided.reason(),
                decided.enforced(),
                decided.masks(),
                decided.policyVersion(),
                decided.transactionStatus(),
                queryParts,
                decided.traceparent(),
                decided.maskedColumns(),
                decided.hidden(),
                decided.standsFor()));
        return events;
    }

    private int parts(String statementId, @Nullable Long parameter, String text) {
        int count = 0;
        for (int from = 0; from < text.length(); count++) {
            int to = Math.min(text.length(), from + limit);
            if (to < text.length() && Character.isHighSurrogate(text.charAt(to - 1))) {
                to--;
            }
            events.add(new StatementParted(statementId, parameter, count, text.substring(from, to)));
            from = to;
        }
        return count;
    }

    private static long utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}

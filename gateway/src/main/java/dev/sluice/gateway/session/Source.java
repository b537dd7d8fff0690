// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.session;

import dev.sluice.gateway.statement.CopyOut;
import dev.sluice.gateway.statement.InnerQuery;
import dev.sluice.gateway.statement.StatementFacts;
import dev.sluice.gateway.wire.FrontendMessage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The text that a message has the server run, as it was sent.
 *
 * @param sql null where it is not known: one of several, or given to the server by SQL
 * @param parameterTypes OIDs as far as Parse gave them
 * @param resultFormats as Bind gave them; empty for text
 * @param boundIn the {@link MaskResolution#context} of Bind, else {@link #NOT_BOUND}
 * @param pieces the text's statements one by one
 */
record Source(@Nullable String sql, List<Integer> parameterTypes, List<Integer> resultFormats, long boundIn, Pieces pieces) {
    /** Cuts a text once, and only if somebody asks: each of a thousand statements may be asked for. */
    private static final class Pieces {
        private boolean known;
        private @Nullable List<String> statements;

        @Nullable List<String> of(String sql, int count) {
            if (!known) {
                statements = InnerQuery.statements(sql, count);
                known = true;
            }
            return statements;
        }
    }

    static final long NOT_BOUND = -1;

    static final Source UNKNOWN = unknown(List.of());

    static Source of(FrontendMessage message) {
        return switch (message) {
            case FrontendMessage.Query query -> of(query.sql(), List.of());
            case FrontendMessage.Parse parse -> of(parse.sql(), parse.parameterTypes());
            default -> UNKNOWN;
        };
    }

    static Source of(String sql, List<Integer> parameterTypes) {
        return new Source(sql, parameterTypes, List.of(), NOT_BOUND, new Pieces());
    }

    /** A text that is not known. */
    static Source unknown(List<Integer> parameterTypes) {
        return new Source(null, parameterTypes, List.of(), NOT_BOUND, new Pieces());
    }

    /** One of the statements of the text. */
    Source statement(int place, int count) {
        if (sql == null || count == 1) {
            return this;
        }
        List<String> statements = pieces.of(sql, count);
        return statements == null ? UNKNOWN : of(statements.get(place), parameterTypes);
    }

    /** The query that one of the statements carries. */
    Source inner(StatementFacts facts, int place, int count) {
        String statement = statement(place, count).sql;
        String query = statement == null ? null : InnerQuery.of(statement, facts);
        return query == null ? UNKNOWN : of(query, parameterTypes);
    }

    /** What one of the statements copies to the client; null where that is not understood. */
    @Nullable CopyOut copied(int place, int count) {
        String statement = statement(place, count).sql;
        return statement == null ? null : CopyOut.of(statement);
    }

    /** A portal keeps the meaning that its text had when it was bound. */
    Source boundTo(List<Integer> formats, long context) {
        return new Source(sql, parameterTypes, formats, context, pieces);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.session;

import dev.sluice.gateway.statement.RowEstimate;
import dev.sluice.gateway.wire.BackendMessage;
import dev.sluice.gateway.wire.FrontendEncoder;
import dev.sluice.gateway.wire.FrontendMessage.BoundParameter;
import dev.sluice.gateway.wire.FrontendMessage.Kind;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalLong;

/**
 * Has the server's planner say how many rows a statement would give or change, in the session's own context and without running it. In a
 * transaction block it happens behind a savepoint, which {@link #undo} takes back, so that an error of ours is not the client's; outside of one, in
 * a transaction of its own. What is set for it is so bounded too. It can write nothing, should a function that a view calls try while it is planned.
 */
final class EstimateInquiry extends Inquiry {
    private static final String NAME = "sluice_estimate";
    private static final String BOUNDS = "SELECT pg_catalog.set_config('statement_timeout', '1s', true), pg_catalog.set_config('lock_timeout', '250ms', true),"
            + " pg_catalog.set_config('client_min_messages', 'error', true), pg_catalog.set_config('transaction_read_only', 'on', true)";
    /** Tag, length, the number of columns, and the length of the first. */
    private static final int HEADER = 11;

    private static final int MAX_ANSWER = 1 << 20;

    private final Buffer question;
    private final Buffer rows = Buffer.buffer();
    private final int expected;
    private int completed;
    private boolean tooLong;

    private EstimateInquiry(Buffer question, int expected) {
        super(true);
        this.question = question.appendBuffer(FrontendEncoder.sync());
        this.expected = expected;
    }

    /**
     * @param inBlock whether a transaction block is open
     * @param sql what {@link RowEstimate#question} says
     * @param parameters as the client has bound them
     */
    static EstimateInquiry ask(boolean inBlock, String sql, List<Integer> parameterTypes, List<BoundParameter> parameters) {
        Buffer question = Buffer.buffer();
        if (inBlock) {
            question.appendBuffer(run("SAVEPOINT " + NAME, List.of(), List.of()));
        }
        question.appendBuffer(run(BOUNDS, List.of(), List.of())).appendBuffer(run(sql, parameterTypes, parameters));
        return new EstimateInquiry(question, inBlock ? 2 : 1);
    }

    /** Leaves nothing of ours behind: what an error has kept from being closed, and in a transaction block what has happened since the savepoint. */
    static EstimateInquiry undo(boolean inBlock) {
        Buffer undoing = FrontendEncoder.close(Kind.PORTAL, NAME).appendBuffer(FrontendEncoder.close(Kind.STATEMENT, NAME));
        if (inBlock) {
            undoing.appendBuffer(run("ROLLBACK TO SAVEPOINT " + NAME, List.of(), List.of())).appendBuffer(run("RELEASE SAVEPOINT " + NAME, List.of(), List.of()));
        }
        return new EstimateInquiry(undoing, Integer.MAX_VALUE);
    }

    private static Buffer run(String sql, List<Integer> types, List<BoundParameter> parameters) {
        return Buffer.buffer()
                .appendBuffer(FrontendEncoder.parse(NAME, sql, types))
                .appendBuffer(FrontendEncoder.bind(NAME, NAME, parameters, List.of()))
                .appendBuffer(FrontendEncoder.execute(NAME, 0))
                .appendBuffer(FrontendEncoder.close(Kind.PORTAL, NAME))
                .appendBuffer(FrontendEncoder.close(Kind.STATEMENT, NAME));
    }

    @Override
    Buffer question() {
        return question;
    }

    @Override
    boolean takes(BackendMessage message) {
        return switch (message) {
            case BackendMessage.DataRows data -> {
                if (completed == expected && !tooLong) {
                    tooLong = rows.length() + data.raw().length() > MAX_ANSWER;
                    rows.appendBuffer(tooLong ? Buffer.buffer() : data.raw());
                }
                yield true;
            }
            case BackendMessage.CommandComplete complete -> {
                completed++;
                yield true;
            }
            case BackendMessage.ParseComplete complete -> true;
            case BackendMessage.BindComplete complete -> true;
            case BackendMessage.CloseComplete complete -> true;
            default -> false;
        };
    }

    @Override
    boolean isComplete() {
        return false;
    }

    /** Empty where the planner has not answered, or not in time. */
    OptionalLong rows() {
        if (error() != null || tooLong || rows.length() < HEADER) {
            return OptionalLong.empty();
        }
        int length = rows.getInt(HEADER - Integer.BYTES);
        return rows.length() < HEADER + length ? OptionalLong.empty() : RowEstimate.of(rows.getBuffer(HEADER, HEADER + length).toString(StandardCharsets.UTF_8));
    }
}

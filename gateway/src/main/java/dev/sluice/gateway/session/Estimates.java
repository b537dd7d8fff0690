// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.session;

import dev.sluice.gateway.policy.Particulars;
import dev.sluice.gateway.statement.RowEstimate;
import dev.sluice.gateway.statement.StatementFacts;
import dev.sluice.gateway.wire.FrontendMessage;
import dev.sluice.gateway.wire.FrontendMessage.BoundParameter;
import dev.sluice.gateway.wire.TransactionStatus;
import dev.sluice.schemas.event.StatementEvent;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Asks the planner about a statement of which a rule would have to know how many rows it touches, and has it judged again. One at a time;
 * everything behind it waits. Where the planner cannot be asked the estimate stays unknown.
 */
final class Estimates {
    /** A statement that is asked about. */
    private static final class Task {
        final Judged judged;
        final Particulars particulars;
        @Nullable EstimateInquiry asked;
        @Nullable EstimateInquiry undoing;
        @Nullable Long rows;
        boolean inBlock;

        Task(Judged judged, Particulars particulars) {
            this.judged = judged;
            this.particulars = particulars;
        }
    }

    private final Conversation conversation;
    private final Judge judge;
    private final Consumer<Judge.Answer> estimated;
    private @Nullable Task task;

    Estimates(Conversation conversation, Judge judge, Consumer<Judge.Answer> estimated) {
        this.conversation = conversation;
        this.judge = judge;
        this.estimated = estimated;
    }

    boolean isOpen() {
        return task != null;
    }

    /** Takes a statement of which the estimate is missing. It comes back judged again. */
    boolean takes(Judge.Answer answer) {
        Undecided undecided = answer.judged().undecided();
        if (undecided == null || !undecided.estimate()) {
            return false;
        }
        task = new Task(answer.judged(), undecided.known());
        proceed();
        return true;
    }

    /** The message of a statement that the planner has not been asked about yet, to be judged another time. */
    List<FrontendMessage> takeBack() {
        Task current = task;
        if (current == null || current.asked != null) {
            return List.of();
        }
        task = null;
        return List.of(current.judged.message());
    }

    /** The statement is not wanted any more. */
    void discard() {
        task = null;
    }

    /** Asks as soon as nothing else is in flight: an error of the question's must not meet a request of the client's. */
    void proceed() {
        Task current = task;
        if (current == null || current.asked != null) {
            return;
        }
        if (conversation.unsynced || conversation.status == TransactionStatus.FAILED) {
            finish(current);
        } else if (conversation.ledger.isSettled() && conversation.sendGate.isEmpty()) {
            ask(current);
        }
    }

    private void ask(Task current) {
        Source source = source(current.judged);
        String sql = source.sql();
        boolean bound = current.judged.protocol() == StatementEvent.Protocol.EXECUTE;
        int parameters = sql == null ? 0 : RowEstimate.parameters(sql);
        boolean generic = parameters > 0 && !(bound && current.judged.parameters().size() == parameters);
        if (sql == null || generic && !RowEstimate.plansWithoutValues(conversation.settings.serverMajor(), parameters)) {
            finish(current);
            return;
        }
        List<BoundParameter> values = generic
                ? Collections.nCopies(parameters, new BoundParameter(0, null))
                : parameters == 0 ? List.of() : current.judged.parameters().stream().map(Estimates::bound).toList();
        current.inBlock = conversation.status == TransactionStatus.IN_TRANSACTION;
        current.asked = conversation.ask(EstimateInquiry.ask(current.inBlock, RowEstimate.question(sql, generic), source.parameterTypes(), values));
    }

    /** What EXPLAIN can be asked about. */
    private Source source(Judged judged) {
        List<StatementFacts> statements = judged.reading().statements();
        // The planner runs functions that are declared immutable: of what has not been allowed to run, none but PostgreSQL's own.
        if (statements.size() != 1 || statements.getFirst().callsUnknownFunction()) {
            return Source.UNKNOWN;
        }
        StatementFacts facts = statements.getFirst();
        String executes = facts.executes();
        if (executes != null) {
            List<Prepared> candidates = conversation.names.statements.candidates(executes);
            return facts.kind().equals("EXECUTE") && candidates.size() == 1 ? candidates.getFirst().source() : Source.UNKNOWN;
        }
        return facts.isPlannable() ? judged.source() : judged.source().inner(facts, 0, 1);
    }

    private static BoundParameter bound(StatementEvent.Parameter parameter) {
        String value = parameter.value();
        if (value == null) {
            return new BoundParameter(0, null);
        }
        return switch (parameter.format()) {
            case "binary" -> new BoundParameter(1, Buffer.buffer(Base64.getDecoder().decode(value)));
            case "text-base64" -> new BoundParameter(0, Buffer.buffer(Base64.getDecoder().decode(value)));
            default -> new BoundParameter(0, Buffer.buffer(value.getBytes(StandardCharsets.UTF_8)));
        };
    }

    /** The server has answered. */
    void answered(EstimateInquiry inquiry) {
        Task current = task;
        if (current == null) {
            return;
        }
        if (inquiry == current.asked) {
            current.rows = inquiry.rows().isPresent() ? inquiry.rows().getAsLong() : null;
            if (current.inBlock || inquiry.error() != null) {
                current.undoing = conversation.ask(EstimateInquiry.undo(current.inBlock));
            } else {
                finish(current);
            }
        } else if (inquiry == current.undoing) {
            finish(current);
        }
    }

    private void finish(Task current) {
        task = null;
        estimated.accept(judge.estimated(current.judged, current.particulars, current.rows));
    }
}

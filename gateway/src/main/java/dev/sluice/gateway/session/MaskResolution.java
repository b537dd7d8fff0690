// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.session;

import dev.sluice.gateway.masking.BoundMasks;
import dev.sluice.gateway.masking.MaskPlan;
import dev.sluice.gateway.masking.MaskRules;
import dev.sluice.gateway.masking.MaskingFailed;
import dev.sluice.gateway.masking.MessageScrubber;
import dev.sluice.gateway.masking.TreeObjects;
import dev.sluice.gateway.masking.WrittenBack;
import dev.sluice.gateway.statement.CopyOut;
import dev.sluice.gateway.statement.StatementFacts;
import dev.sluice.gateway.wire.BackendMessage;
import dev.sluice.gateway.wire.Diagnosis;
import dev.sluice.gateway.wire.FrontendMessage;
import dev.sluice.gateway.wire.TransactionStatus;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Finds out what a masked caller would see of a statement, before it may run: which masks there are, whether the statement comes near a masked
 * column at all, and if it does, what the server itself makes of it. One statement at a time; everything behind it waits.
 */
final class MaskResolution {
    /** A text whose statements are resolved one after the other. */
    private static final class Task {
        final long number;
        final Judge.Answer answer;
        final MaskRules rules;
        final List<Masking> found = new ArrayList<>();
        @Nullable BoundMasks masks;
        ToResolve.@Nullable Ask question;
        @Nullable TreeInquiry asked;
        boolean flushed;
        /** Places of statements for which the catalog has been read anew. */
        final Set<Integer> readFor = new HashSet<>();
        /** What has been found, while what is written is searched. */
        @Nullable List<Masking> resolved;

        Task(long number, Judge.Answer answer, MaskRules rules) {
            this.number = number;
            this.answer = answer;
            this.rules = rules;
        }

        List<StatementFacts> statements() {
            return answer.judged().reading().statements();
        }
    }

    private final Conversation conversation;
    private final Judge judge;
    private final Refuser refuser;
    private final Consumer<Judge.Answer> planned;
    private final KnownPlans known = new KnownPlans();
    private final CatalogAge age = new CatalogAge();

    private @Nullable Task task;
    private long resolutions;
    /** Changes with everything that may give a text another meaning. */
    private long context;
    /** A setting, an object or the role has changed in the open transaction, whose end may change it back. */
    private boolean transactionChanges;
    /** Functions, views, types or operators have changed in a transaction that may still be open: the catalog has them as they were. */
    private boolean objectsChanged;
    /** The open transaction has written near masked columns: errors of constraints that it has put off may show their values. */
    private boolean mayHavePutOff;

    MaskResolution(Conversation conversation, Judge judge, Refuser refuser, Consumer<Judge.Answer> planned) {
        this.conversation = conversation;
        this.judge = judge;
        this.refuser = refuser;
        this.planned = planned;
    }

    /** Whether nothing else may be judged now. */
    boolean isOpen() {
        return task != null;
    }

    /** Says whether two moments have the same meaning for a text: the role, the settings, and what this session has changed. */
    long context() {
        return context;
    }

    /** Takes a statement that may run, or could be approved, if the caller is masked. It comes back with its masking, or refused. */
    boolean takes(Judge.Answer answer) {
        Judged judged = answer.judged();
        if (judged.maskings() != null || !judged.enforced()) {
            return false;
        }
        MaskRules rules = conversation.context.policy().get().masks(judge.subject());
        if (rules.isEmpty()) {
            return false;
        }
        task = new Task(++resolutions, answer, rules);
        conversation.perform(new dev.sluice.gateway.session.Effect.BindMasks(resolutions, rules));
        return true;
    }

    /** The statement is not wanted any more. */
    void discard() {
        task = null;
    }

    /** The message of the statement that is being resolved, to be judged another time. */
    List<FrontendMessage> takeBack() {
        Task current = task;
        task = null;
        return current == null ? List.of() : List.of(current.answer.judged().message());
    }

    /** @param number of the statement that was asked about: it may not be wanted any more */
    void bound(long number, @Nullable BoundMasks masks, String reason) {
        Task current = task;
        if (current == null || current.number != number || current.masks != null) {
            return;
        }
        current.masks = masks != null && isUncommitted() ? masks.distrusting() : masks;
        if (current.masks != null) {
            step(current, current.masks);
        } else if (current.statements().stream().allMatch(ToResolve::namesNothing)) {
            finish(current, current.statements().stream().map(each -> Masking.NONE).toList());
        } else {
            refuse(current, reason, "Try again shortly; the operator sees the reason in the gateway's log.");
        }
    }

    /** Whether this session has changed objects in a transaction of which the end has not been seen. */
    private boolean isUncommitted() {
        if (objectsChanged && conversation.ledger.isSettled() && !conversation.inTransaction() && !conversation.unsynced) {
            objectsChanged = false;
        }
        return objectsChanged;
    }

    /** Goes on until a question is open or all statements are done. */
    private void step(Task current, BoundMasks masks) {
        Judged judged = current.answer.judged();
        while (current.found.size() < current.statements().size()) {
            switch (ToResolve.of(judged, current.found.size(), current.rules, masks, conversation.names, transactionChanges)) {
                case ToResolve.Settled settled -> current.found.add(settled.masking());
                case ToResolve.Unresolvable unresolvable -> {
                    refuse(current, unresolvable.reason(), unresolvable.hint());
                    return;
                }
                case ToResolve.Ask ask when ask.source().boundIn() != Source.NOT_BOUND && ask.source().boundIn() != context -> {
                    refuse(current, "a setting, the role or an object has changed since the portal was bound", "Bind it again.");
                    return;
                }
                case ToResolve.Ask ask -> {
                    KnownPlans.Known before = known.of(ask, current.statements().get(current.found.size()));
                    if (before == null || before.masks() != masks) {
                        current.question = ask;
                        proceed();
                        return;
                    }
                    if (!take(current, ask, before, masks)) {
                        return;
                    }
                }
            }
        }
        finish(current, current.found);
    }

    /** Asks as soon as nothing else is in flight: the server answers in order, and in the context that the statement will find. */
    void proceed() {
        Task current = task;
        if (current == null || current.question == null || current.asked != null) {
            return;
        }
        BoundMasks masks = current.masks;
        String sql = current.question.source().sql();
        if (masks == null || sql == null) {
            return;
        }
        if (!conversation.ledger.isSettled() || !conversation.sendGate.isEmpty()) {
            if (conversation.unsynced && !current.flushed && conversation.sendGate.isEmpty()) {
                conversation.send(Words.FLUSH, 0, null, null);
                current.flushed = true;
            }
        } else if (conversation.status == TransactionStatus.FAILED && !conversation.unsynced) {
            inFailedTransaction(current, masks);
        } else {
            current.asked = conversation.ask(new TreeInquiry(!conversation.unsynced, sql, current.question.source().parameterTypes(), masks.catalog().serverMajor()));
        }
    }

    /** The server analyses nothing now, and refuses what has to be analysed. It runs what comes behind the transaction's end, though. */
    private void inFailedTransaction(Task current, BoundMasks masks) {
        if (current.statements().size() == 1) {
            finish(current, List.of(Masking.withoutRows(masks)));
        } else {
            refuse(current, "the transaction has failed, and what comes behind its end in the same text cannot be resolved before", "Send the statements one by one.");
        }
    }

    /** The server has answered. */
    void answered(TreeInquiry inquiry) {
        Task current = task;
        if (current == null || inquiry != current.asked || current.masks == null) {
            return;
        }
        BackendMessage.ErrorResponse error = inquiry.failure();
        MaskPlan.Refused unnamed = current.question == null ? null : current.masks.unnamed(current.question.source().parameterTypes().stream().filter(type -> type != 0).toList());
        if (error == null && unnamed != null) {
            refuse(current, unnamed.reason(), unnamed.hint());
        } else if (error == null) {
            conversation.perform(new dev.sluice.gateway.session.Effect.PlanMasks(current.number, current.masks, List.copyOf(inquiry.trees())));
        } else if (current.statements().size() > 1) {
            refuse(current, "one of several statements in the same text cannot be resolved before those in front of it have run", "Send the statements one by one.");
        } else {
            Judged judged = current.answer.judged();
            task = null;
            refuser.refuse(judged.message(), objection(current.masks, error), error.sqlState(), recordObjection(judged, error));
        }
    }

    /** Constants become values when a statement is analysed: where code that nobody vouched for may run then, its words stay here. */
    private Buffer objection(BoundMasks masks, BackendMessage.ErrorResponse error) {
        return masks.reach().isEverything() || isUncommitted() ? MessageScrubber.scrub(error) : error.raw();
    }

    /** The server has objected in a series of extended-query messages, and skips to Sync. Returns what the client is to hear. */
    Buffer objectedInSeries(TreeInquiry inquiry, BackendMessage.ErrorResponse error) {
        Task current = task;
        if (current == null || inquiry != current.asked || current.masks == null) {
            return MessageScrubber.scrub(error);
        }
        task = null;
        recordObjection(current.answer.judged(), error);
        return objection(current.masks, error);
    }

    /** What the server said when it was asked about the statement is what it would say of the statement. */
    private long recordObjection(Judged judged, BackendMessage.ErrorResponse error) {
        Judge.Answer.Refused refused = Judge.refuse(judged, "analysis", Diagnosis.error(error.sqlState(), error.message()));
        return conversation.record(StatementRecords.decided(conversation.context, conversation.nextStatementId(), refused.judged(), conversation.status));
    }

    /** @param number as for {@link #bound} */
    void planned(long number, MaskPlan plan, TreeObjects objects) {
        Task current = task;
        if (current == null || current.number != number || current.masks == null || current.question == null || current.asked == null) {
            return;
        }
        ToResolve.Ask question = current.question;
        int place = current.found.size();
        boolean locked = conversation.unsynced || conversation.status == TransactionStatus.IN_TRANSACTION;
        switch (age.of(objects, current.masks, current.statements().get(place), current.readFor.contains(place), locked)) {
            case KNOWN -> goOn(current, current.masks, question, current.asked, plan);
            case OLD -> readAnew(current);
            case UNCLEAR -> refuse(current, CatalogAge.reason(objects, current.masks), "Try again: somebody is changing it now.");
        }
    }

    private void goOn(Task current, BoundMasks masks, ToResolve.Ask question, TreeInquiry asked, MaskPlan plan) {
        var now = new KnownPlans.Known(masks, plan, asked.columns());
        current.question = null;
        current.asked = null;
        current.flushed = false;
        if (!transactionChanges || conversation.status == TransactionStatus.IN_TRANSACTION) {
            // An implicit transaction ends unseen, with an error or by what is sent behind it, and takes with it what this plan was made for.
            known.add(question, current.statements().get(current.found.size()), asked.trees(), now);
        }
        if (take(current, question, now, masks)) {
            step(current, masks);
        }
    }

    private void readAnew(Task current) {
        current.readFor.add(current.found.size());
        current.masks = null;
        current.question = null;
        current.asked = null;
        current.flushed = false;
        current.found.clear();
        conversation.perform(new dev.sluice.gateway.session.Effect.CatalogChanged());
        conversation.perform(new dev.sluice.gateway.session.Effect.BindMasks(current.number, current.rules));
    }

    private boolean take(Task current, ToResolve.Ask question, KnownPlans.Known now, BoundMasks masks) {
        if (now.plan() instanceof MaskPlan.Refused refused) {
            refuse(current, refused.reason(), refused.hint());
            return false;
        }
        CopyOut copy = question.copy();
        if (question.rows() == Masking.Rows.NONE && now.plan() instanceof MaskPlan.Columns columns && columns.masksRows()) {
            refuse(current, "the masked column " + columns.columns().getFirst() + " would be written to something new, where it is not masked", "Leave the column out.");
            return false;
        }
        if (now.plan() instanceof MaskPlan.Columns columns && columns.reads() != null && question.rows() == Masking.Rows.MEASURED) {
            refuse(current, "EXPLAIN ANALYZE would tell sizes that may depend on the masked column " + columns.reads(), "Use EXPLAIN without ANALYZE, or leave the column out.");
            return false;
        }
        if (copy != null && now.plan() instanceof MaskPlan.Columns columns && columns.masksRows() && !(conversation.settings.readsUtf8() && conversation.settingsAreCertain())) {
            refuse(current, "in the session's client_encoding a byte of one character may look like another, so the rows of COPY cannot be masked", "SET client_encoding = 'UTF8' before the COPY.");
            return false;
        }
        try {
            Masking found = copy == null ? Masking.planned(now.plan(), masks, now.columns(), question.rows()) : Masking.copied(copy, now.plan(), masks, now.columns());
            current.found.add(found.with(age.own()));
            return true;
        } catch (MaskingFailed failed) {
            conversation.disagreed(failed);
            refuse(current, failed.getMessage(), "Name the columns, and copy in the plain text, csv or binary format.");
            return false;
        }
    }

    /** What is written may be large, too: it is searched elsewhere then. */
    private void finish(Task current, List<Masking> found) {
        BoundMasks masks = current.masks;
        WrittenValues values = masks == null ? null : WrittenValues.of(current.answer.judged(), masks, conversation.context.maskTokens());
        if (values != null && values.areLarge()) {
            current.question = null;
            current.resolved = List.copyOf(found);
            conversation.perform(new dev.sluice.gateway.session.Effect.SearchWritten(current.number, values));
        } else {
            finish(current, found, values == null ? null : values.objection());
        }
    }

    /** @param number as for {@link #bound} */
    void searched(long number, MaskPlan.@Nullable Refused objection) {
        Task current = task;
        if (current != null && current.number == number && current.resolved != null) {
            finish(current, current.resolved, objection);
        }
    }

    private void finish(Task current, List<Masking> found, MaskPlan.@Nullable Refused objection) {
        if (objection != null) {
            refuse(current, objection.reason(), objection.hint());
            return;
        }
        task = null;
        planned.accept(current.answer.with(List.copyOf(found)));
    }

    /** What looks for the same in COPY data; null where there is nothing to look for. */
    private WrittenBack.@Nullable Rows copiedBack(Judged judged) {
        List<Masking> maskings = judged.maskings();
        BoundMasks masks = maskings == null || maskings.isEmpty() ? null : maskings.getFirst().masks();
        WrittenBack written = masks == null || !Judge.copiesIn(judged.reading()) ? null : WrittenBack.of(masks, judged.reading().statements(), conversation.context.maskTokens());
        return written == null ? null : written.rows();
    }

    private void refuse(Task current, String reason, String hint) {
        task = null;
        Judge.Answer.Refused refused = Judge.refuse(current.answer.judged(), "masks", Words.masked(new MaskPlan.Refused(reason, hint)));
        long mark = conversation.record(StatementRecords.decided(conversation.context, conversation.nextStatementId(), refused.judged(), conversation.status));
        refuser.refuse(current.answer.judged().message(), refused.refusal(), mark);
    }

    /** A statement goes to the server: what is known of others may not hold behind it. */
    void runs(Judged judged, Execution execution, Owed owed) {
        execution.writtenBack = copiedBack(judged);
        List<Masking> maskings = judged.maskings();
        mayHavePutOff |= maskings != null && maskings.stream().anyMatch(Masking::hidesMessages) && !Judge.onlyReads(judged.reading());
        owed.checksLate = mayHavePutOff && (conversation.executedInSeries || judged.reading().statements().stream().anyMatch(ContextChanges::checksConstraints));
        for (StatementFacts facts : judged.reading().statements()) {
            objectsChanged |= ToResolve.changesObjects(facts);
            if (ContextChanges.changes(facts)) {
                known.clear();
                context++;
                transactionChanges = true;
            } else if (transactionChanges && ContextChanges.mayUndo(facts)) {
                known.clear();
                context++;
            }
        }
    }

    /** The server is in no transaction. If nothing has been sent since, what one had changed is there for good or has gone. */
    void isIdle() {
        if (conversation.ledger.isSettled() && conversation.sendGate.isEmpty() && !conversation.unsynced) {
            transactionChanges = false;
            mayHavePutOff = false;
            age.transactionEnded();
        }
    }

    /** A Sync ends an implicit transaction, and what it has put off is checked. */
    Owed syncs(Owed owed) {
        owed.checksLate = mayHavePutOff;
        return owed;
    }
}

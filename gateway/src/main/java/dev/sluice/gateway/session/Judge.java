// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.session;

import dev.sluice.gateway.detection.DetectionRules;
import dev.sluice.gateway.policy.Decision;
import dev.sluice.gateway.policy.Mode;
import dev.sluice.gateway.policy.Particulars;
import dev.sluice.gateway.policy.Policy;
import dev.sluice.gateway.policy.Subject;
import dev.sluice.gateway.policy.Verdict;
import dev.sluice.gateway.statement.CopyDirection;
import dev.sluice.gateway.statement.Effect;
import dev.sluice.gateway.statement.Reading;
import dev.sluice.gateway.statement.StatementFacts;
import dev.sluice.gateway.statement.TransactionControl;
import dev.sluice.gateway.wire.Diagnosis;
import dev.sluice.gateway.wire.FrontendMessage;
import dev.sluice.gateway.wire.SqlState;
import dev.sluice.schemas.event.StatementEvent;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Asks the policy, with names tied to what they stand for. What the policy cannot judge (text that is not SQL) is refused here. */
final class Judge {
    /** Of what has not been decided on yet. */
    private static final Decision STRICTEST = new Decision.Deny("undecided", "it has not been decided on", null);

    private static final Set<Effect> ONLY_READS = Set.of(Effect.READ);
    private static final Set<Effect> ONLY_STEERS = Set.of(Effect.SESSION);

    private final Conversation conversation;

    Judge(Conversation conversation) {
        this.conversation = conversation;
    }

    /** The answer, and in case of a refusal the words for the client. */
    sealed interface Answer {
        Judged judged();

        /** The same answer, now that it is known what a masked caller would see. */
        default Answer with(List<Masking> maskings) {
            return switch (this) {
                case Passes passes -> new Passes(passes.judged.with(maskings));
                case Held held -> new Held(held.judged.with(maskings), held.hold);
                case Refused refused -> refused;
                case Unclear unclear -> unclear;
            };
        }

        record Passes(Judged judged) implements Answer {}

        record Refused(Judged judged, Diagnosis refusal) implements Answer {}

        record Held(Judged judged, Decision.Hold hold) implements Answer {}

        /** It uses a name of which it is not known what it stands for. */
        record Unclear(Judged judged, Diagnosis refusal) implements Answer {}
    }

    Answer judge(FrontendMessage message, StatementEvent.Protocol protocol, Source source, Reading reading, List<StatementEvent.Parameter> parameters) {
        Policy policy = conversation.context.policy().get();
        boolean enforced = policy.mode() == Mode.ENFORCE;
        return switch (reading) {
            case Reading.SyntaxError error -> unread(
                    policy, message, protocol, error.redactedSql(), parameters,
                    new Decision.Deny("syntax", error.message(), null),
                    new Diagnosis(Diagnosis.Severity.ERROR, new SqlState(error.sqlState()), error.message(), error.detail(), error.hint(), error.position()));
            case Reading.Refused refused -> unread(
                    policy, message, protocol, refused.redactedSql(), parameters,
                    new Decision.Deny("readable", refused.reason(), null),
                    Diagnosis.error(new SqlState(refused.sqlState()), refused.reason()));
            case Reading.Understood understood -> {
                SessionNames.Tied tied = conversation.names.tie(understood);
                // As the server does, a Parse may name what is prepared by the time of its Execute, where it is looked up again.
                Diagnosis refusal = tied.objection();
                if (refusal != null && enforced && protocol != StatementEvent.Protocol.PARSE) {
                    Reading.Understood text = SessionNames.Unread.text(understood.redactedSql());
                    var denial = new Decision.Deny("prepared", refusal.message(), null);
                    yield new Answer.Unclear(new Judged(message, protocol, source, text, text, parameters, denial, true, policy.version(), null), refusal);
                }
                yield decide(
                        new Judged(message, protocol, source, understood, tied.reading(), parameters, STRICTEST, enforced, policy.version(), null, List.of(), null, null, tied.meanings()), policy);
            }
        };
    }

    /** Asks the policy by what the statement says. */
    private Answer decide(Judged judged, Policy policy) {
        Subject subject = subject();
        Particulars particulars = particulars(judged.source(), judged.reading(), judged.parameters());
        return decide(judged, policy, subject, policy.masks(subject).isEmpty() ? particulars.masked(false) : particulars, true);
    }

    /** The policy has changed while something had to be found out of a statement: by another's masks nothing of that counts. */
    private Answer decideAnew(Judged judged, Policy policy) {
        return decide(new Judged(judged.message(), judged.protocol(), judged.source(), judged.text(), judged.reading(), judged.parameters(), STRICTEST,
                policy.mode() == Mode.ENFORCE, policy.version(), null, List.of(), null, null, judged.meanings()), policy);
    }

    /**
     * Asks the policy by what is known.
     *
     * @param judged whose decision is still open
     * @param resolvable whether it can still be found out if the statement makes use of a masked column
     */
    private Answer decide(Judged judged, Policy policy, Subject subject, Particulars particulars, boolean resolvable) {
        boolean own = OwnFunction.of(judged.source().sql()) != null;
        boolean asks = judged.enforced() && !own;
        Verdict verdict = policy.judge(judged.reading(), subject, particulars);
        boolean unmasked = asks && resolvable && turnsOnMasks(policy, judged, subject, particulars, verdict);
        boolean unestimated = asks && !unmasked && turnsOnEstimate(verdict);
        // A Parse runs nothing: the planner is asked when the parameters are here.
        boolean parse = judged.protocol() == StatementEvent.Protocol.PARSE;
        boolean later = parse && unestimated && verdict.decision() instanceof Decision.Deny;
        Decision decision = own ? new Decision.Allow("sluice") : later ? new Decision.Allow(verdict.decision().rule()) : verdict.decision();
        Undecided undecided = unmasked || unestimated && !parse ? new Undecided(particulars, unmasked, unestimated) : null;
        List<StatementEvent.MaskedColumn> exposed = conversation.context.exposures().shown(policy, subject, judged.reading());
        return answer(new Judged(judged.message(), judged.protocol(), judged.source(), judged.text(), judged.reading(), judged.parameters(), decision,
                judged.enforced(), policy.version(), judged.maskings(), exposed, undecided, null, judged.meanings()));
    }

    /** Whether it matters if the statement makes use of a masked column. What is denied either way is not shown to the server to find out. */
    private static boolean turnsOnMasks(Policy policy, Judged judged, Subject subject, Particulars particulars, Verdict verdict) {
        if (!verdict.missing().contains(Particulars.Unknown.DEPENDS_ON_MASKED)) {
            return false;
        }
        Verdict with = policy.judge(judged.reading(), subject, particulars.masked(true));
        Verdict without = policy.judge(judged.reading(), subject, particulars.masked(false));
        boolean denied = with.decision() instanceof Decision.Deny && without.decision() instanceof Decision.Deny;
        return turnsOnEstimate(with) || turnsOnEstimate(without) || !denied;
    }

    private static boolean turnsOnEstimate(Verdict verdict) {
        return verdict.missing().contains(Particulars.Unknown.ESTIMATED_ROWS) || letsLittleGo(verdict.decision());
    }

    /** Judges again, now that it is known what the caller would see, if the policy's answer turns on that or the policy is another. */
    Answer resolved(Answer answer) {
        Judged judged = answer.judged();
        Undecided undecided = judged.undecided();
        Policy policy = conversation.context.policy().get();
        if (!policy.version().equals(judged.policyVersion())) {
            return decideAnew(judged, policy);
        }
        if (undecided == null || !undecided.masked()) {
            return answer;
        }
        List<Masking> maskings = judged.maskings();
        Particulars known = maskings == null ? undecided.known() : undecided.known().masked(Masking.dependOnMasked(maskings));
        return decide(judged, policy, subject(), known, false);
    }

    boolean enforces() {
        return conversation.context.policy().get().mode() == Mode.ENFORCE;
    }

    /** What is looked for in the caller's answers; nothing while the policy only observes. */
    DetectionRules detections() {
        return enforces() ? conversation.context.policy().get().detections(subject()) : DetectionRules.NONE;
    }

    /** A message that carries no text that could be judged. */
    Answer judgeFunctionCall(FrontendMessage.FunctionCall call) {
        Diagnosis refusal = Words.functionCall();
        return unread(conversation.context.policy().get(), call, StatementEvent.Protocol.FUNCTION_CALL,
                "FunctionCall " + Integer.toUnsignedString(call.functionOid()), List.of(), new Decision.Deny("function-call", refusal.message(), null), refusal);
    }

    /** A refusal that no policy may soften. */
    static Answer.Refused refuse(Judged judged, String rule, Diagnosis refusal) {
        var decision = new Decision.Deny(rule, refusal.message(), null);
        return new Answer.Refused(judged.with(decision), refusal);
    }

    /** Whether it may be on its way to the server while it is being recorded: it changes nothing. */
    static boolean onlyReads(Reading.Understood reading) {
        for (StatementFacts facts : reading.statements()) {
            if (!ONLY_READS.containsAll(facts.effects()) || facts.callsUnknownFunction() || makesEffective(facts.transactionControl())) {
                return false;
            }
        }
        return true;
    }

    /** Whether what comes after it may be read differently by the server than by us, until its answer is here. */
    static boolean unsettles(Reading.Understood reading) {
        for (StatementFacts facts : reading.statements()) {
            if (facts.mayChangeReading()) {
                return true;
            }
        }
        return false;
    }

    /** Whether objects of the database may be others behind it. */
    static boolean changesCatalog(Reading.Understood reading) {
        for (StatementFacts facts : reading.statements()) {
            if (facts.effects().contains(Effect.SCHEMA)) {
                return true;
            }
        }
        return false;
    }

    /** Whether the client will send COPY data to it. */
    static boolean copiesIn(Reading.Understood reading) {
        for (StatementFacts facts : reading.statements()) {
            if (facts.copy() == CopyDirection.IN) {
                return true;
            }
        }
        return false;
    }

    /** Whether it ends a transaction, by which settings may return to what they were. */
    static boolean endsTransaction(Reading.Understood reading) {
        for (StatementFacts facts : reading.statements()) {
            switch (facts.transactionControl()) {
                case COMMIT, ROLLBACK, ROLLBACK_TO, PREPARE_TRANSACTION -> {
                    return true;
                }
                case NONE, BEGIN, SAVEPOINT, RELEASE, COMMIT_PREPARED, ROLLBACK_PREPARED -> {}
            }
        }
        return false;
    }

    private Answer unread(Policy policy, FrontendMessage message, StatementEvent.Protocol protocol, String sql,
            List<StatementEvent.Parameter> parameters, Decision.Deny decision, Diagnosis refusal) {
        boolean enforced = policy.mode() == Mode.ENFORCE;
        Reading.Understood text = SessionNames.Unread.text(sql);
        var judged = new Judged(message, protocol, Source.UNKNOWN, text, text, parameters, decision, enforced, policy.version(), null);
        return enforced ? new Answer.Refused(judged, refusal) : new Answer.Passes(judged);
    }

    private Answer answer(Judged judged) {
        Undecided undecided = judged.undecided();
        if (!judged.enforced() || undecided != null && undecided.masked()) {
            return new Answer.Passes(judged);
        }
        return switch (judged.decision()) {
            case Decision.Allow allow -> new Answer.Passes(judged);
            case Decision.Deny deny -> new Answer.Refused(judged, Words.denied(deny));
            case Decision.Hold hold when undecided != null -> new Answer.Held(judged, hold);
            case Decision.Hold hold -> {
                if (judged.protocol() == StatementEvent.Protocol.PARSE) {
                    yield new Answer.Held(judged, hold);
                }
                HoldPractice.Way way = conversation.context.holds().of(hold, conversation.inTransaction());
                if (way instanceof HoldPractice.Way.Deny) {
                    yield refuse(judged, hold.rule(), Words.notInTransaction(hold));
                }
                Diagnosis objection = Meanings.objection(judged, hold.rule(), way instanceof HoldPractice.Way.Ticket);
                if (objection != null) {
                    yield refuse(judged, hold.rule(), objection);
                }
                Instant end = conversation.context.credentialEnds();
                if (end != null && !conversation.now.instant().isBefore(end)) {
                    yield refuse(judged, hold.rule(), Words.credentialEnded(hold, end));
                }
                // Decided before anybody is asked to approve what could not wait.
                boolean room = way instanceof HoldPractice.Way.Ticket || conversation.context.roomForHold().getAsBoolean();
                yield room ? new Answer.Held(judged, hold) : refuse(judged, hold.rule(), Words.noRoomForHold(hold));
            }
        };
    }

    /** What is known of a statement that is about to run. */
    static Particulars particulars(Judged judged) {
        Particulars known = particulars(judged.source(), judged.text(), judged.parameters());
        List<Masking> maskings = judged.maskings();
        return maskings != null ? known.masked(Masking.dependOnMasked(maskings)) : judged.enforced() ? known.masked(false) : known;
    }

    private static Particulars particulars(Source source, Reading.Understood reading, List<StatementEvent.Parameter> parameters) {
        String sql = source.sql() == null ? reading.redactedSql() : source.sql();
        List<String> values = parameters.isEmpty() ? List.of() : parameters.stream().map(parameter -> parameter.value() == null ? "" : parameter.value()).toList();
        return new Particulars(sql.length(), values, null, touchesNoRows(reading) ? 0L : null);
    }

    private static boolean touchesNoRows(Reading.Understood reading) {
        for (StatementFacts facts : reading.statements()) {
            if (!ONLY_STEERS.containsAll(facts.effects()) || facts.callsUnknownFunction()) {
                return false;
            }
        }
        return true;
    }

    /** Judges again, now that the planner has been asked. {@code rows} is null where it did not answer. */
    Answer estimated(Judged judged, Particulars particulars, @Nullable Long rows) {
        Policy policy = conversation.context.policy().get();
        if (!policy.version().equals(judged.policyVersion())) {
            return decideAnew(judged, policy);
        }
        Subject subject = subject();
        Decision decision = policy.judge(judged.reading(), subject, particulars.estimated(rows)).decision();
        return answer(new Judged(judged.message(), judged.protocol(), judged.source(), judged.text(), judged.reading(), judged.parameters(), decision,
                judged.enforced(), judged.policyVersion(), judged.maskings(),
                conversation.context.exposures().shown(policy, subject, judged.reading()), null, rows, judged.meanings()));
    }

    /** Whether people need not be asked if the planner expects few rows. */
    private static boolean letsLittleGo(Decision decision) {
        return decision instanceof Decision.Hold hold && hold.autoApproveBelow() != null && hold.autoApproveBelow() > 0;
    }

    Subject subject() {
        SessionContext context = conversation.context;
        return new Subject(
                context.principal(),
                context.target(),
                context.database(),
                context.role(),
                context.application(),
                context.clientAddress(),
                conversation.inTransaction(),
                conversation.now.instant(),
                context.purpose());
    }

    private static boolean makesEffective(TransactionControl control) {
        return switch (control) {
            case COMMIT, PREPARE_TRANSACTION, COMMIT_PREPARED, ROLLBACK_PREPARED -> true;
            case NONE, BEGIN, ROLLBACK, SAVEPOINT, RELEASE, ROLLBACK_TO -> false;
        };
    }
}

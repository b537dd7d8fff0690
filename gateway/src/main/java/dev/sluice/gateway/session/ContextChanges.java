// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.session;

import dev.sluice.gateway.statement.Effect;
import dev.sluice.gateway.statement.StatementFacts;
import java.util.EnumSet;
import java.util.Set;

/** Which statements may give the texts behind them another meaning. */
final class ContextChanges {
    private static final Set<Effect> KEEPS_CONTEXT = EnumSet.of(Effect.READ, Effect.WRITE);

    private ContextChanges() {}

    /** Whether settings, the role or objects may be others behind it. */
    static boolean changes(StatementFacts facts) {
        return facts.setsRole() || !facts.settings().isEmpty() || facts.callsUnknownFunction() || !KEEPS_CONTEXT.containsAll(facts.effects());
    }

    /** Whether they may be again behind it what they were before the transaction, or a part of it. */
    static boolean mayUndo(StatementFacts facts) {
        return switch (facts.transactionControl()) {
            case COMMIT, ROLLBACK, ROLLBACK_TO, PREPARE_TRANSACTION -> true;
            case NONE, BEGIN, SAVEPOINT, RELEASE, COMMIT_PREPARED, ROLLBACK_PREPARED -> false;
        };
    }

    /** Whether constraints that others have put off may be checked by it. */
    static boolean checksConstraints(StatementFacts facts) {
        return mayUndo(facts) || facts.kind().equals("SET CONSTRAINTS");
    }
}

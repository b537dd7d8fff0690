// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.session;

import dev.sluice.gateway.policy.Decision;
import dev.sluice.gateway.statement.Reading;
import dev.sluice.gateway.wire.FrontendMessage;
import dev.sluice.schemas.event.StatementEvent;
import dev.sluice.schemas.event.StatementEvent.MaskedColumn;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A statement with the machine's answer.
 *
 * @param text as it was read, the same object for every use of one prepared statement
 * @param reading names of prepared statements and cursors already tied to what they stand for
 * @param source the text as it was sent
 * @param maskings what a masked caller would see of each statement of the text; null until it has been found out
 * @param exposed columns that a mask names and that this caller sees as they are
 * @param enforced false in observe mode: the decision is recorded and the statement passes
 * @param undecided what has to be found out before it can be decided; null where the decision stands
 * @param estimatedRows how many rows the planner expects it to touch; null where it has not been asked, or has not answered
 * @param meanings what it runs besides what its text says
 */
record Judged(
        FrontendMessage message,
        StatementEvent.Protocol protocol,
        Source source,
        Reading.Understood text,
        Reading.Understood reading,
        List<StatementEvent.Parameter> parameters,
        Decision decision,
        boolean enforced,
        String policyVersion,
        @Nullable List<Masking> maskings,
        List<MaskedColumn> exposed,
        @Nullable Undecided undecided,
        @Nullable Long estimatedRows,
        Meanings meanings) {
    /** Nothing more has to be known of it, and it shows nothing unmasked. */
    Judged(FrontendMessage message, StatementEvent.Protocol protocol, Source source, Reading.Understood text, Reading.Understood reading,
            List<StatementEvent.Parameter> parameters, Decision decision, boolean enforced, String policyVersion, @Nullable List<Masking> maskings) {
        this(message, protocol, source, text, reading, parameters, decision, enforced, policyVersion, maskings, List.of(), null, null, Meanings.NONE);
    }

    Judged with(List<Masking> found) {
        return new Judged(message, protocol, source, text, reading, parameters, decision, enforced, policyVersion, found, exposed, undecided, estimatedRows, meanings);
    }

    Judged with(Decision other) {
        return new Judged(message, protocol, source, text, reading, parameters, other, true, policyVersion, maskings, exposed, null, null, meanings);
    }
}

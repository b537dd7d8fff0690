// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.session;

import dev.sluice.gateway.policy.Decision;
import dev.sluice.gateway.statement.Reading;
import dev.sluice.gateway.wire.FrontendMessage;
import dev.sluice.schemas.event.StatementEvent;
import java.util.List;

/**
 * A statement with the machine's answer.
 *
 * @param text as it was read, the same object for every use of one prepared statement
 * @param reading names of prepared statements and cursors already tied to what they stand for
 * @param enforced false in observe mode: the decision is recorded and the statement passes
 */
record Judged(
        FrontendMessage message,
        StatementEvent.Protocol protocol,
        Reading.Understood text,
        Reading.Understood reading,
        List<StatementEvent.Parameter> parameters,
        Decision decision,
        boolean enforced,
        String policyVersion) {}

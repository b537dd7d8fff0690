// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.session;

import dev.sluice.gateway.policy.Policy;
import dev.sluice.gateway.policy.Subject;
import dev.sluice.gateway.statement.Reading;
import dev.sluice.schemas.event.StatementEvent.MaskedColumn;
import java.util.List;

/** Tells, for the record, what a caller sees of masked columns because a mask does not hold for them. Never blocks, and changes nothing. */
@FunctionalInterface
public interface Exposures {
    /** Nobody is exempt from anything. */
    Exposures NONE = (policy, subject, reading) -> List.of();

    /** The columns that the statement may show as they are; at least those that it shows. */
    List<MaskedColumn> shown(Policy policy, Subject subject, Reading.Understood reading);
}

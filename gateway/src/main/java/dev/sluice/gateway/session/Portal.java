// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.session;

import dev.sluice.gateway.statement.Reading;
import dev.sluice.schemas.event.StatementEvent;
import java.util.List;

/**
 * A prepared statement with its parameters.
 *
 * @param description what the client has heard of its rows, of the portal's or of the statement's
 */
record Portal(Reading.Understood reading, Source source, List<StatementEvent.Parameter> parameters, Description description) {
    Portal(Reading.Understood reading, Source source, List<StatementEvent.Parameter> parameters) {
        this(reading, source, parameters, new Description());
    }
}

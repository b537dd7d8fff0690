// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.session;

import dev.sluice.gateway.statement.Reading;
import dev.sluice.schemas.event.StatementEvent;
import java.util.List;

/** A prepared statement with its parameters. */
record Portal(Reading.Understood reading, Source source, List<StatementEvent.Parameter> parameters) {}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.session;

import dev.sluice.gateway.statement.Reading;
import java.util.List;

/**
 * A prepared statement.
 *
 */
record Prepared(Reading.Understood reading, Source source) {}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.session;

import dev.sluice.gateway.statement.Reading;
import java.util.List;

/**
 * A prepared statement.
 *
 * @param parameterTypes OIDs as far as Parse gave them; empty for SQL-level PREPARE
 */
record Prepared(Reading.Understood reading, List<Integer> parameterTypes) {}

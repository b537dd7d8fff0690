// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.session;

import dev.sluice.gateway.statement.Reading;

/**
 * A prepared statement.
 *
 */
record Prepared(Reading.Understood reading, Source source) {}

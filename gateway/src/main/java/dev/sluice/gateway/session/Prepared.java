// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.session;

import dev.sluice.gateway.statement.Reading;

/**
 * A prepared statement.
 *
 * @param description what the client has heard of its rows
 */
record Prepared(Reading.Understood reading, Source source, Description description) {
    Prepared(Reading.Understood reading, Source source) {
        this(reading, source, new Description());
    }
}

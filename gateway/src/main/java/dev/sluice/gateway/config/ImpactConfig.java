// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.config;

import java.time.Duration;

/** What approvers are told of a held statement's effects. */
public record ImpactConfig(
        @Setting(
                        value = "Whether the gateway finds out what a held statement would do: its own connections to the target plan it, count the rows and read"
                                + " the catalog, in transactions that can only read. Needs a stored credential.",
                        defaultValue = "true")
                boolean enabled,
        @Setting(value = "How long each question about data may take; then the number is not known.", defaultValue = "2s") Duration limit,
        @Setting(
                        value = "How many of the rows that would change approvers are shown, with every mask of the policy. They are kept in the record. 0: none.",
                        defaultValue = "5")
                int rows) {
    public ImpactConfig {
        Check.within("limit", Duration.ofMillis(100), Duration.ofSeconds(15), limit);
        Check.within("rows", 0, 50, rows);
    }
}

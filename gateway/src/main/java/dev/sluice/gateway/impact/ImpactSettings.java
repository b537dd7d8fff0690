// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.impact;

import java.time.Duration;

/**
 * How far the gateway goes to find out what a held statement would do.
 *
 * @param limit how long each question about data may take
 * @param rows how many rows are shown, 0 for none
 */
public record ImpactSettings(Duration limit, int rows) {}

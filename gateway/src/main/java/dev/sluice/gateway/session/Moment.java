// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.session;

import java.time.Instant;

/** When an input arrived. {@code nanos} is monotonic, for durations; {@code instant} is wall-clock time, for people and expiry. */
public record Moment(Instant instant, long nanos) {}

// SPDX-License-Identifier: Apache-2.0
/**
 * Who may release a held statement. Pure: no clock, no Kafka, no HTTP, no random source; time comes in with commands and events.
 * The state of an approval is the fold of its events in log order, so every reader of the log reaches the same one.
 */
@NullMarked
package dev.sluice.approval.decider;

import org.jspecify.annotations.NullMarked;

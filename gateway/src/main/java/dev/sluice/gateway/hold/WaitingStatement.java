// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.hold;

import java.time.Instant;

/**
 * A statement that waits for people.
 *
 * @param statement its text, or the beginning of it
 * @param state {@code waiting}; {@code answered} when the same statement, sent again, gets another answer
 */
public record WaitingStatement(String ticket, String statement, Instant expiresAt, String state) {}

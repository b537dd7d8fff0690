// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.verify;

import org.jspecify.annotations.Nullable;

/**
 * How far a session had come when somebody else looked.
 *
 * @param lastSequence that was there
 * @param lastDigest SHA-256 (hex) of the record with that sequence; absent where the witness has none
 */
public record KnownSession(String sessionId, long lastSequence, @Nullable String lastDigest) {}

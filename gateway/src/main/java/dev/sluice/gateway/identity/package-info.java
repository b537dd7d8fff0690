// SPDX-License-Identifier: Apache-2.0
/**
 * Proves who calls and keeps the proofs secret: agent tokens, SCRAM-SHA-256 in both roles, md5, cancel keys' comparison.
 * No sockets here. Key derivation (PBKDF2) blocks for milliseconds and is marked so: callers run it off the event loop.
 */
@NullMarked
package dev.sluice.gateway.identity;

import org.jspecify.annotations.NullMarked;

// SPDX-License-Identifier: Apache-2.0
/**
 * The PostgreSQL frontend/backend protocol, versions 3.0 and 3.2 (chapter "Frontend/Backend Protocol" of PostgreSQL's manual): messages as
 * sealed records that keep the bytes they were read from, incremental readers, and encoders for the messages that the gateway makes itself.
 *
 * <p>Pure: bytes in, messages out. No sockets, clocks or threads; an instance belongs to one connection and one thread. Both peers are
 * untrusted: every length and count is checked before it is waited for or allocated, and what is not understood is a
 * {@link dev.sluice.gateway.wire.ProtocolViolation}. Buffers handed out are views of the buffers fed in: they must not be written to or
 * be memory that a pool takes back, and whoever keeps one for longer than the current turn copies it, or it keeps the whole received chunk in memory.
 */
@NullMarked
package dev.sluice.gateway.wire;

import org.jspecify.annotations.NullMarked;

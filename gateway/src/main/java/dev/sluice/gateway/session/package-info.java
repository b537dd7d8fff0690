// SPDX-License-Identifier: Apache-2.0
/**
 * The rules of one connection, free of sockets, clocks, Kafka and random numbers: what comes in is an {@link dev.sluice.gateway.session.Input},
 * what is to be done about it is a list of {@link dev.sluice.gateway.session.Effect}s. The same inputs always give the same effects.
 *
 * <p>The way of a statement: a {@code FrontendMessage} waits in {@code pending}, is read ({@link dev.sluice.gateway.session.Effect.Read}),
 * judged, recorded ({@link dev.sluice.gateway.session.Effect.Record}), sent to the backend through the {@code SendGate} and answered through the
 * {@code ReleaseGate}, in the order that {@code ReplyLedger} keeps. Both gates open only for what Kafka has acknowledged.
 *
 * <p>Not safe for use by several threads: a session belongs to one event loop.
 */
@NullMarked
package dev.sluice.gateway.session;

import org.jspecify.annotations.NullMarked;

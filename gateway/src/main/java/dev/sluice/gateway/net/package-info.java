// SPDX-License-Identifier: Apache-2.0
/**
 * Sockets: the listener and its limits, TLS on both legs, everything before the first ReadyForQuery, cancel routing.
 *
 * <p>Threads: both sockets of a session live on the event loop on which the client was accepted, and all objects of one connection are
 * touched by that loop only. What is shared by connections ({@code CancelRegistry}, {@code TargetRegistry}, {@code ConnectionLimits},
 * {@code FrontendTls}) is safe for many threads. Key derivation, files and TLS's heavy steps run on worker threads.
 *
 * <p>This is the only package of the gateway that may import {@code io.vertx.core.net} and Netty.
 */
@NullMarked
package dev.sluice.gateway.net;

import org.jspecify.annotations.NullMarked;

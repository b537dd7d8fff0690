// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.net;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.SslHandler;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetSocket;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Starts TLS on an open socket. Done on the Netty pipeline in one turn of the event loop, so that no byte can slip between the last one in
 * the clear and the first under TLS: what the kernel still holds is read as TLS, what was read before is the caller's to refuse. Vert.x's
 * own upgrade can do neither ALPN nor a handshake whose first bytes have been read.
 */
final class SocketTls {
    /** Vert.x looks for its TLS handler under this name. */
    private static final String HANDLER = "ssl";

    private SocketTls() {}

    /** TLS's costly steps (signatures, chains) run on worker threads. */
    static Executor workers(Context context) {
        return command -> context.executeBlocking(() -> {
            command.run();
            return true;
        }, false);
    }

    /**
     * Writes {@code answer} in the clear, adds the handler and waits for the handshake. Must be called on the socket's event loop.
     *
     * @param received bytes of the handshake that were read already
     */
    static Future<Void> upgrade(Context context, NetSocket socket, SslHandler handler, @Nullable Buffer answer, @Nullable Buffer received) {
        ChannelPipeline pipeline = pipeline(socket);
        if (answer != null) {
            pipeline.writeAndFlush(Unpooled.wrappedBuffer(answer.getBytes()));
        }
        pipeline.addFirst(HANDLER, handler);
        Promise<Void> done = Promise.promise();
        handler.handshakeFuture().addListener(handshake -> context.runOnContext(_ -> {
            if (handshake.isSuccess()) {
                done.tryComplete();
            } else {
                done.tryFail(handshake.cause());
            }
        }));
        if (received != null) {
            pipeline.fireChannelRead(Unpooled.wrappedBuffer(received.getBytes()));
        }
        return done.future();
    }

    /** What ALPN has agreed on; null for nothing. */
    static @Nullable String applicationProtocol(NetSocket socket) {
        SslHandler handler = pipeline(socket).get(SslHandler.class);
        return handler == null ? null : handler.applicationProtocol();
    }

    /** Runs {@code action} on the socket's event loop when the connection has ended, whoever ended it; independent of its close handler. */
    static void whenClosed(Context context, NetSocket socket, Runnable action) {
        pipeline(socket).channel().closeFuture().addListener(_ -> context.runOnContext(_ -> action.run()));
    }

    private static ChannelPipeline pipeline(NetSocket socket) {
        return ((NetSocketInternal) socket).channelHandlerContext().pipeline();
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.net;

import dev.sluice.gateway.wire.FrontendEncoder;
import dev.sluice.gateway.wire.SqlState;
import io.netty.handler.ssl.SslHandler;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.ConnectOptions;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;

/** Opens connections to servers, on the event loop of whoever asks. Safe for many threads. */
final class UpstreamConnector {
    private static final Duration TLS_TIMEOUT = Duration.ofSeconds(10);

    private final Vertx vertx;
    private final NetClient client;
    /** One TLS context per target's settings; targets are few, and reading PEM files for each connection would be slow. */
    private final ConcurrentHashMap<TargetSettings, Future<UpstreamTlsContext>> tlsContexts = new ConcurrentHashMap<>();

    UpstreamConnector(Vertx vertx) {
        this.vertx = vertx;
        this.client = vertx.createNetClient(new NetClientOptions().setTcpNoDelay(true).setTcpKeepAlive(true).setReconnectAttempts(0));
    }

    Future<Void> close() {
        return client.close();
    }

    /**
     * Connects and does TLS as the target's settings ask. Fails with a {@link RefusedException} that names the target.
     *
     * @param context the event loop to be on; the caller's own
     */
    Future<UpstreamLink> open(Context context, TargetSettings target) {
        if (target.tls().mode() == UpstreamTls.Mode.DISABLE) {
            return connect(target).map(socket -> new UpstreamLink(socket, false, null));
        }
        return tlsContext(context, target).compose(tls -> connect(target)
                .compose(socket -> negotiate(context, target, tls, socket))
                .recover(failure -> fallBack(target, failure)));
    }

    /** PREFER goes on in the clear when TLS fails, as libpq does. */
    private Future<UpstreamLink> fallBack(TargetSettings target, Throwable failure) {
        boolean tlsFailed = failure instanceof TlsFailure;
        if (tlsFailed && target.tls().mode() == UpstreamTls.Mode.PREFER) {
            return connect(target).map(socket -> new UpstreamLink(socket, false, null));
        }
        return Future.failedFuture(tlsFailed ? unreachable(target, "TLS failed: " + reason(failure)) : failure);
    }

    private Future<NetSocket> connect(TargetSettings target) {
        ConnectOptions options = new ConnectOptions()
                .setHost(target.host())
                .setPort(target.port())
                .setTimeout((int) target.connectTimeout().toMillis());
        return client.connect(options)
                .map(socket -> {
                    KeepAlive.on(socket);
                    hearLastWords(socket);
                    return socket.pause();
                })
                .recover(failure -> Future.failedFuture(unreachable(target, "connection failed: " + reason(failure))));
    }

    /**
     * A server that ends a session says why and reads no more. What we still write then fails, and Netty would close the socket over it, before
     * the reason is read.
     */
    private static void hearLastWords(NetSocket socket) {
        ((NetSocketInternal) socket).channelHandlerContext().channel().config().setAutoClose(false);
    }

    private Future<UpstreamLink> negotiate(Context context, TargetSettings target, UpstreamTlsContext tls, NetSocket socket) {
        Promise<UpstreamLink> done = Promise.promise();
        socket.closeHandler(_ -> done.tryFail(new TlsFailure("the server closed the connection")));
        socket.exceptionHandler(failure -> done.tryFail(new TlsFailure(reason(failure))));
        socket.handler(answer -> {
            socket.pause();
            if (answer.length() == 1 && answer.getByte(0) == 'S') {
                SslHandler handler = tls.handler(SocketTls.workers(context), TLS_TIMEOUT.toMillis());
                SocketTls.upgrade(context, socket, handler, null, null)
                        .onSuccess(_ -> done.tryComplete(new UpstreamLink(socket, true, UpstreamTlsContext.endPointHash(handler))))
                        .onFailure(failure -> done.tryFail(new TlsFailure(reason(failure))));
            } else if (answer.length() == 1 && answer.getByte(0) == 'N') {
                if (target.tls().mode() == UpstreamTls.Mode.PREFER) {
                    done.tryComplete(new UpstreamLink(socket, false, null));
                } else {
                    done.tryFail(unreachable(target, "the server does not offer TLS"));
                }
            } else {
                // More than the one byte: somebody has put plain text before the handshake (CVE-2021-23222).
                done.tryFail(unreachable(target, "the server answered SSLRequest with something else than S or N"));
            }
        });
        socket.resume();
        socket.write(FrontendEncoder.sslRequest());
        long deadline = vertx.setTimer(TLS_TIMEOUT.toMillis(), _ -> done.tryFail(unreachable(target, "no answer to SSLRequest")));
        return done.future().onComplete(result -> {
            vertx.cancelTimer(deadline);
            socket.handler(null).closeHandler(null).exceptionHandler(null);
            if (result.failed()) {
                socket.close();
            }
        });
    }

    private Future<UpstreamTlsContext> tlsContext(Context context, TargetSettings target) {
        Future<UpstreamTlsContext> known = tlsContexts.get(target);
        if (known != null && !known.failed()) {
            return onContext(context, known);
        }
        Future<UpstreamTlsContext> read = vertx.executeBlocking(() -> UpstreamTlsContext.read(vertx, target))
                .recover(failure -> Future.failedFuture(unreachable(target, "its TLS files cannot be used: " + reason(failure))));
        tlsContexts.put(target, read);
        return onContext(context, read);
    }

    /** The future may have been made on another event loop. */
    private static <T> Future<T> onContext(Context context, Future<T> future) {
        Promise<T> promise = Promise.promise();
        future.onComplete(result -> context.runOnContext(_ -> promise.handle(result)));
        return promise.future();
    }

    static RefusedException unreachable(TargetSettings target, String why) {
        return Refusal.of(SqlState.SQLCLIENT_UNABLE_TO_ESTABLISH_SQLCONNECTION, "target \"" + target.name() + "\" cannot be reached: " + why)
                .asException();
    }

    static String reason(Throwable failure) {
        String message = failure.getMessage();
        return message == null || message.isBlank() ? failure.getClass().getSimpleName() : message.lines().findFirst().orElse(message);
    }

    /** TLS did not come to be; with PREFER the connection goes on without. */
    private static final class TlsFailure extends Exception {
        TlsFailure(String message) {
            super(message, null, false, false);
        }
    }

    /** Sends one packet on a connection of its own and closes it. */
    Future<Void> sendAlone(Context context, TargetSettings target, Buffer packet) {
        return open(context, target).compose(link -> {
            // The server says nothing; it closes when it has read the packet. Reading on lets us see that.
            link.socket().handler(_ -> {});
            link.socket().resume();
            return link.socket().end(packet);
        });
    }
}

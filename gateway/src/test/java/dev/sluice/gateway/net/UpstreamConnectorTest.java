// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.config.Secret;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Connections to servers. */
class UpstreamConnectorTest {
    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void stop() throws Exception {
        await(vertx.close());
    }

    /** PostgreSQL ends a session with a FATAL error and does not read what was sent meanwhile, so that the operating system resets the connection. */
    @Test
    void hearsTheLastWordsOfAServerThatDoesNotReadAnyMore() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            NetSocket socket = connect(server.getLocalPort());
            try (Socket session = server.accept()) {
                await(socket.write("unread"));
                awaitArrival(session);
                session.getOutputStream().write("last words".getBytes(StandardCharsets.US_ASCII));
            }
            Future<Void> written = socket.write("to nobody");
            assertThat(settled(written).failed()).as("the server is gone").isTrue();

            Buffer heard = Buffer.buffer();
            CompletableFuture<String> ended = new CompletableFuture<>();
            socket.exceptionHandler(reset -> {});
            socket.endHandler(end -> ended.complete(heard.toString()));
            socket.handler(heard::appendBuffer);
            socket.resume();
            assertThat(ended.get(20, TimeUnit.SECONDS)).isEqualTo("last words");
        }
    }

    private NetSocket connect(int port) throws Exception {
        TargetSettings target = new TargetSettings("shop", "127.0.0.1", port, null, new TargetCredential.Stored("svc", new Secret("hunter2")));
        Context context = vertx.getOrCreateContext();
        CompletableFuture<NetSocket> socket = new CompletableFuture<>();
        context.runOnContext(now -> new UpstreamConnector(vertx)
                .open(context, target)
                .onSuccess(link -> socket.complete(link.socket()))
                .onFailure(socket::completeExceptionally));
        return socket.get(20, TimeUnit.SECONDS);
    }

    private static void awaitArrival(Socket socket) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (socket.getInputStream().available() == 0) {
            assertThat(System.nanoTime()).isLessThan(end);
            Thread.onSpinWait();
        }
    }

    private static Future<Void> settled(Future<Void> future) throws Exception {
        await(future.otherwiseEmpty());
        return future;
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }
}

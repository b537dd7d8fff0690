// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetServer;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The end of one side of a session. */
class LegTest {
    private static final int MORE_THAN_SOCKETS_BUFFER = 64 << 20;
    private static final Duration FAR_AWAY = Duration.ofMinutes(10);

    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void stop() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    @Test
    void aPeerThatDoesNotReadIsResetWhenPatienceIsOver() throws Exception {
        CompletableFuture<Long> closedAfter = new CompletableFuture<>();
        try (Socket client = new Socket(InetAddress.getLoopbackAddress(), serve(Duration.ofMillis(300), closedAfter))) {
            assertThat(closedAfter.get(20, TimeUnit.SECONDS)).as("milliseconds").isBetween(250L, 15_000L);
            assertThat(client.isConnected()).isTrue();
        }
    }

    @Test
    void aPeerThatReadsGetsEverythingFirst() throws Exception {
        CompletableFuture<Long> closedAfter = new CompletableFuture<>();
        try (Socket client = new Socket(InetAddress.getLoopbackAddress(), serve(FAR_AWAY, closedAfter))) {
            client.setSoTimeout(20_000);
            long received = 0;
            byte[] piece = new byte[1 << 16];
            for (int read = client.getInputStream().read(piece); read >= 0; read = client.getInputStream().read(piece)) {
                received += read;
            }
            assertThat(received).isEqualTo(MORE_THAN_SOCKETS_BUFFER + 4L);
            closedAfter.get(20, TimeUnit.SECONDS);
        }
    }

    /** A server that sends much and closes at once. Returns its port. */
    private int serve(Duration patience, CompletableFuture<Long> closedAfter) throws Exception {
        NetServer server = vertx.createNetServer().connectHandler(socket -> {
            long begun = System.nanoTime();
            Leg leg = new Leg(socket);
            socket.exceptionHandler(reset -> {});
            socket.closeHandler(closed -> closedAfter.complete((System.nanoTime() - begun) / 1_000_000));
            leg.write(Buffer.buffer(new byte[MORE_THAN_SOCKETS_BUFFER]));
            leg.end(vertx, Buffer.buffer("last"), patience);
        });
        return server.listen(0, "127.0.0.1").toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS).actualPort();
    }
}

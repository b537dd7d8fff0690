// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval.webhook.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.sluice.approval.config.WebhooksConfig.Format;
import dev.sluice.approval.webhook.Postman.Attempt;
import dev.sluice.approval.webhook.Receiver;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class HttpPostmanTest {
    private final Vertx vertx = Vertx.vertx();
    private final HttpPostman postman = new HttpPostman(vertx, Duration.ofSeconds(2), null);
    private final BlockingQueue<String> requests = new LinkedBlockingQueue<>();
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " " + exchange.getRequestHeaders().getFirst("webhook-id") + " " + body);
            int status = Integer.parseInt(exchange.getRequestURI().getPath().substring(1, 4));
            exchange.getResponseHeaders().set("Location", "/200");
            exchange.getResponseHeaders().set("Retry-After", "30");
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
        vertx.close().await();
    }

    @Test
    void postsTheBodyAndItsHeaders() throws InterruptedException {
        assertThat(bring("/204?token=x", true)).isEqualTo(new Attempt.Delivered(204));
        assertThat(requests.poll(5, TimeUnit.SECONDS)).isEqualTo("POST /204?token=x msg_1 hello");
    }

    @Test
    void anyOtherStatusIsAFailure() {
        assertThat(bring("/500", true)).isEqualTo(new Attempt.Failed("it answered with status 500", false, null));
        assertThat(bring("/410", true)).isEqualTo(new Attempt.Failed("it answered with status 410", true, null));
        assertThat(bring("/429", true)).isEqualTo(new Attempt.Failed("it answered with status 429", false, Duration.ofSeconds(30)));
    }

    @Test
    void redirectionsAreNotFollowed() {
        assertThat(bring("/302", true)).isInstanceOf(Attempt.Failed.class);
        assertThat(requests).hasSize(1);
    }

    @Test
    void aPrivateAddressIsRefusedBeforeAnythingIsSent() {
        assertThat(bring("/200", false)).isInstanceOfSatisfying(Attempt.Failed.class, failed -> assertThat(failed.reason()).contains("127.0.0.1", "no public address"));
        assertThat(requests).isEmpty();
    }

    @Test
    void silenceIsATimeoutAndNobodyAtAllIsNamed() throws IOException {
        try (var silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            assertThat(reason(bring(URI.create("http://localhost:" + silent.getLocalPort() + "/"), true))).isEqualTo("it did not answer in time");
            int port = silent.getLocalPort();
            silent.close();
            assertThat(reason(bring(URI.create("http://localhost:" + port + "/"), true))).isEqualTo("it cannot be reached");
        }
        assertThat(reason(bring(URI.create("http://nowhere.invalid/"), true))).isEqualTo("its name cannot be resolved");
    }

    private static String reason(Attempt attempt) {
        return ((Attempt.Failed) attempt).reason();
    }

    private Attempt bring(String path, boolean privateAddressesAllowed) {
        return bring(URI.create("http://localhost:" + server.getAddress().getPort() + path), privateAddressesAllowed);
    }

    private Attempt bring(URI url, boolean privateAddressesAllowed) {
        var receiver = new Receiver("chat", url, Format.GENERIC, List.of(), privateAddressesAllowed);
        return postman.bring(receiver, Map.of("webhook-id", "msg_1"), "hello".getBytes(StandardCharsets.UTF_8)).toCompletableFuture().join();
    }
}

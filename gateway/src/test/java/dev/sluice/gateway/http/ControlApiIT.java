// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.gateway.config.HttpConfig;
import dev.sluice.gateway.metrics.Metrics;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.InputStream;
import java.net.BindException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class ControlApiIT {
    private final Vertx vertx = Vertx.vertx();
    private final Metrics metrics = new Metrics();
    private final AtomicReference<Optional<String>> kafka = new AtomicReference<>(Optional.empty());
    private ControlApi api;

    private static final PolicyStatus STATUS = new PolicyStatus(
            "abc",
            "observe",
            List.of("p.yaml:1:1: wrong"),
            List.of(new MaskStatus("books", "b", "connection refused", List.of()), new MaskStatus("shop", "s", null, List.of("mask 'x' matches no column"))));

    @BeforeEach
    void start() throws Exception {
        api = await(start(0));
    }

    @AfterEach
    void close() throws Exception {
        await(api.close());
        await(vertx.close());
    }

    private Future<ControlApi> start(int port) {
        List<ReadinessCheck> checks = List.of(new ReadinessCheck("kafka", kafka::get), new ReadinessCheck("policy", Optional::empty));
        return ControlApi.start(vertx, new HttpConfig("127.0.0.1", port), checks, metrics, () -> STATUS, "1.2.3");
    }

    @Test
    void answersWhetherItLivesAndIsReady() throws Exception {
        assertThat(get("/health/live")).startsWith("HTTP/1.1 200 ").endsWith("{\"status\":\"live\"}\n");
        assertThat(get("/health/ready")).startsWith("HTTP/1.1 200 ").endsWith("{\"status\":\"ready\"}\n");
        kafka.set(Optional.of("no broker has answered for 12 s"));
        assertThat(get("/health/ready")).startsWith("HTTP/1.1 503 ")
                .endsWith("{\"status\":\"not ready\",\"problems\":{\"kafka\":\"no broker has answered for 12 s\"}}\n");
        assertThat(get("/health/live")).startsWith("HTTP/1.1 200 ");
    }

    @Test
    void showsMetricsVersionAndPolicy() throws Exception {
        metrics.counter("sluice_x_total", "X.").increment();
        assertThat(get("/metrics")).contains("text/plain; version=0.0.4").endsWith("# TYPE sluice_x_total counter\nsluice_x_total 1\n");
        assertThat(get("/version")).endsWith("{\"version\":\"1.2.3\"}\n");
        assertThat(get("/policy")).endsWith("{\"version\":\"abc\",\"mode\":\"observe\",\"problems\":[\"p.yaml:1:1: wrong\"],\"masks\":["
                + "{\"target\":\"books\",\"database\":\"b\",\"bound\":false,\"problem\":\"connection refused\",\"warnings\":[]},"
                + "{\"target\":\"shop\",\"database\":\"s\",\"bound\":true,\"warnings\":[\"mask 'x' matches no column\"]}]}\n");
    }

    @Test
    void refusesWhatItDoesNotKnow() throws Exception {
        assertThat(get("/")).startsWith("HTTP/1.1 404 ").contains("/health/live");
        assertThat(request("POST /metrics HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")).startsWith("HTTP/1.1 405 ");
        assertThat(request("GET /" + "x".repeat(4_000) + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")).contains(" 414 ");
    }

    @Test
    void keepsThePolicyFromPagesThatCallUsByAnotherName() throws Exception {
        assertThat(request("GET /policy HTTP/1.1\r\nHost: rebound.example\r\nConnection: close\r\n\r\n")).startsWith("HTTP/1.1 403 ").doesNotContain("observe");
        assertThat(request("GET /policy HTTP/1.1\r\nHost: 127.0.0.1.rebound.example\r\nConnection: close\r\n\r\n")).startsWith("HTTP/1.1 403 ");
        assertThat(request("GET /policy HTTP/1.1\r\nHost: LOCALHOST:80\r\nConnection: close\r\n\r\n")).startsWith("HTTP/1.1 200 ");
    }

    @Test
    void saysThatThePortIsTaken() {
        assertThatThrownBy(() -> await(start(api.port()))).isInstanceOf(ExecutionException.class).hasCauseInstanceOf(BindException.class);
    }

    private String get(String path) throws Exception {
        return request("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + api.port() + "\r\nConnection: close\r\n\r\n");
    }

    private String request(String text) throws Exception {
        try (Socket socket = new Socket("127.0.0.1", api.port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
            InputStream answer = socket.getInputStream();
            return new String(answer.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }
}

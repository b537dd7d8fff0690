// SPDX-License-Identifier: Apache-2.0
package dev.sluice.schemas.identity;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** An OpenID Connect issuer as far as verifying its tokens needs one: discovery and keys, over HTTP, on the loopback interface. */
final class TestIssuer implements AutoCloseable {
    private final HttpServer server;
    private final AtomicInteger keyReads = new AtomicInteger();
    private volatile String keys = "{\"keys\":[]}";
    private volatile String issuer;
    private volatile String keysUri;
    private volatile int status = 200;

    private TestIssuer(HttpServer server) {
        this.server = server;
        this.issuer = uri().toString();
        this.keysUri = uri() + "/keys";
    }

    static TestIssuer start() throws IOException {
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        var issuer = new TestIssuer(server);
        server.createContext("/realms/test/.well-known/openid-configuration", exchange ->
                issuer.answer(exchange, "{\"issuer\":\"" + issuer.issuer + "\",\"jwks_uri\":\"" + issuer.keysUri + "\"}"));
        server.createContext("/realms/test/keys", exchange -> {
            issuer.keyReads.incrementAndGet();
            issuer.answer(exchange, issuer.keys);
        });
        server.start();
        return issuer;
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/realms/test");
    }

    void publish(JWK... published) {
        keys = new JWKSet(List.of(published)).toString(true);
    }

    void pretendToBe(String other) {
        issuer = other;
    }

    void pointKeysTo(String uri) {
        keysUri = uri;
    }

    void failWith(int answered) {
        status = answered;
    }

    int keyReads() {
        return keyReads.get();
    }

    private void answer(HttpExchange exchange, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.gateway.config.HoldManner;
import dev.sluice.gateway.config.Secret;
import dev.sluice.gateway.identity.AgentTokens;
import dev.sluice.gateway.wire.BackendEncoder;
import dev.sluice.gateway.wire.FrontendEncoder;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.nio.NioChannelOption;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import jdk.net.ExtendedSocketOptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients and servers that do not keep to the rules, over real sockets. */
class HostilePeersIT {
    private static final AgentTokens.Created AGENT = AgentTokens.create("robot", Set.of(), null, null, new SecureRandom());

    private static @TempDir Path directory;
    private static TestCertificate first;
    private static TestCertificate second;

    private final Vertx vertx = Vertx.vertx();
    private final ConcurrentLinkedQueue<NetSocket> accepted = new ConcurrentLinkedQueue<>();
    private final AtomicInteger open = new AtomicInteger();
    private volatile Consumer<NetSocket> script = _ -> {};
    private int serverPort;
    private TestCertificate current;
    private TestGateway gateway;

    @BeforeAll
    static void certificates() throws Exception {
        first = TestCertificate.create(directory, "first", "dns:localhost");
        second = TestCertificate.create(directory, "second", "dns:localhost");
    }

    @BeforeEach
    void start() throws Exception {
        NetServer server = vertx.createNetServer().connectHandler(socket -> {
            accepted.add(socket);
            open.incrementAndGet();
            socket.closeHandler(_ -> open.decrementAndGet());
            script.accept(socket);
        });
        serverPort = TestGateway.await(server.listen(0, "127.0.0.1")).actualPort();
        current = new TestCertificate(Files.copy(first.certificate(), directory.resolve("current.crt"), StandardCopyOption.REPLACE_EXISTING),
                Files.copy(first.key(), directory.resolve("current.key"), StandardCopyOption.REPLACE_EXISTING));
        startGateway(ListenerSettings.DEFAULTS.withStartupTimeout(Duration.ofSeconds(20)));
    }

    private void startGateway(ListenerSettings settings) throws Exception {
        startGatewayAsIs(settings.withAddress("127.0.0.1", 0).withTls(current.files(), false));
    }

    private void startGatewayAsIs(ListenerSettings settings) throws Exception {
        AgentTokens tokens = new AgentTokens(List.of(AGENT.stored()));
        gateway = new TestGateway(vertx, settings, CallerChecks.of(() -> tokens, null), List.of(
                new TargetSettings("plain", "127.0.0.1", serverPort, "db", new TargetCredential.Stored("svc", new Secret("hunter2"))),
                new TargetSettings("tls", "127.0.0.1", serverPort, "db", new UpstreamTls(UpstreamTls.Mode.REQUIRE, null, null), new TargetCredential.Stored("svc", new Secret("hunter2")), HoldManner.UNSAID, Duration.ofSeconds(5)),
                new TargetSettings("prefer", "127.0.0.1", serverPort, "db", new UpstreamTls(UpstreamTls.Mode.PREFER, null, null), new TargetCredential.Stored("svc", new Secret("hunter2")), HoldManner.UNSAID, Duration.ofSeconds(5)),
                new TargetSettings("own", "127.0.0.1", serverPort, "db", new TargetCredential.Passthrough())));
    }

    private void restartGateway(ListenerSettings settings) throws Exception {
        gateway.close();
        startGateway(settings);
    }

    @AfterEach
    void stop() throws Exception {
        gateway.close();
        TestGateway.await(vertx.close());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void oneDeadlineIsOverAllOfStartup(boolean afterSslRequest) throws Exception {
        restartGateway(ListenerSettings.DEFAULTS.withStartupTimeout(Duration.ofMillis(700)));
        long begin = System.nanoTime();
        try (RawClient client = new RawClient(gateway.listener.port())) {
            if (afterSslRequest) {
                client.send(FrontendEncoder.sslRequest());
                assertThat(client.read()).isEqualTo('S');
            }
            // Within TLS at most a closing alert, never a message.
            assertThat(client.rest().length()).isLessThan(32);
        }
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isBetween(Duration.ofMillis(400), Duration.ofSeconds(8));
        awaitThat(() -> gateway.listener.connections() == 0);
    }

    @Test
    void theDeadlineCoversASilentServer() throws Exception {
        restartGateway(ListenerSettings.DEFAULTS.withStartupTimeout(Duration.ofMillis(700)));
        try (RawClient client = new RawClient(gateway.listener.port())) {
            client.send(startup("u", "own"));
            assertThat(client.rest()).contains("57014");
        }
        awaitThat(() -> accepted.size() == 1 && open.get() == 0);
    }

    @Test
    void refusesPlainTextBehindSslRequest() throws Exception {
        try (RawClient client = new RawClient(gateway.listener.port())) {
            client.send(FrontendEncoder.sslRequest().appendBuffer(startup("robot", "plain")));
            assertThat(client.rest()).contains("received unencrypted data after SSLRequest");
        }
        assertThat(accepted).isEmpty();
    }

    @Test
    void refusesDirectTlsThatDoesNotNameTheProtocol() throws Exception {
        try (SSLSocket socket = tlsSocket()) {
            socket.startHandshake();
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1)).contains("ALPN");
        }
    }

    @Test
    void refusesTlsForAnotherProtocol() throws Exception {
        try (SSLSocket socket = tlsSocket()) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setApplicationProtocols(new String[] {"http/1.1"});
            socket.setSSLParameters(parameters);
            assertThatThrownBy(socket::startHandshake).isInstanceOf(IOException.class);
        }
    }

    @Test
    void takesNewCertificatesWithoutARestart() throws Exception {
        assertThat(certificateName()).isEqualTo("CN=first");
        Files.copy(second.key(), current.key(), StandardCopyOption.REPLACE_EXISTING);
        Files.copy(second.certificate(), current.certificate(), StandardCopyOption.REPLACE_EXISTING);
        Files.setLastModifiedTime(current.certificate(), FileTime.fromMillis(System.currentTimeMillis() + 5_000));
        awaitThat(() -> certificateName().equals("CN=second"));

        Files.writeString(current.certificate(), "broken");
        assertThat(certificateName()).isEqualTo("CN=second");
    }

    @Test
    void wantsAClientCertificateIfAnAuthorityIsGiven() throws Exception {
        gateway.close();
        ListenerSettings defaults = ListenerSettings.DEFAULTS;
        startGatewayAsIs(new ListenerSettings("127.0.0.1", 0, current.files(), second.certificate(), true, defaults.startupTimeout(), 10, 10, 10, 10, 1 << 16, 1 << 20, 1));

        assertThatThrownBy(() -> gateway.connect("plain", "robot", AGENT.text().reveal(), "sslmode", "require")).isInstanceOf(java.sql.SQLException.class);
        assertThat(accepted).isEmpty();
        script = socket -> socket.handler(_ -> socket.write(ready()));
        gateway.connect("plain", "robot", AGENT.text().reveal(), "sslmode", "require", "sslcert", second.certificate().toString(), "sslkey", second.der().toString(),
                "assumeMinServerVersion", "18", "ApplicationName", "x").close();
        assertThat(gateway.relay.next().encrypted()).isTrue();
    }

    @Test
    void findsHalfOpenConnections() throws Exception {
        script = socket -> socket.handler(_ -> socket.write(ready()));
        try (RawClient client = new RawClient(gateway.listener.port())) {
            client.send(startup("u", "own"));
            EstablishedSession session = gateway.relay.next();
            for (NetSocket socket : List.of(session.frontend(), session.backend())) {
                assertThat(((NetSocketInternal) socket).channelHandlerContext().channel().config().getOption(NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPIDLE))).isEqualTo(60);
                assertThat(((NetSocketInternal) socket).channelHandlerContext().channel().config().getOption(ChannelOption.SO_KEEPALIVE)).isTrue();
                assertThat(((NetSocketInternal) socket).channelHandlerContext().channel().config().getOption(ChannelOption.TCP_NODELAY)).isTrue();
            }
        }
    }

    @Test
    void limitsStrangersByAddress() throws Exception {
        restartGateway(ListenerSettings.DEFAULTS.withLimits(10, 10, 2));
        try (RawClient one = new RawClient(gateway.listener.port()); RawClient two = new RawClient(gateway.listener.port())) {
            awaitThat(() -> gateway.listener.unauthenticatedConnections() == 2);
            try (RawClient three = new RawClient(gateway.listener.port())) {
                assertThat(three.rest()).contains("53300");
            }
            assertThat(gateway.listener.turnedAway()).isEqualTo(1);
            one.send(startup("robot", "plain"));
            two.send(startup("robot", "plain"));
            assertThat(one.message().getByte(0)).isEqualTo((byte) 'R');
        }
        awaitThat(() -> gateway.listener.connections() == 0 && gateway.listener.unauthenticatedConnections() == 0);
    }

    @Test
    void turnsNewClientsAwayWhileDraining() throws Exception {
        gateway.listener.drain();
        try (RawClient client = new RawClient(gateway.listener.port())) {
            assertThat(client.rest()).contains("57P03");
        }
    }

    @Test
    void aWrongCancelKeyIsAnsweredWithSilence() throws Exception {
        try (RawClient client = new RawClient(gateway.listener.port())) {
            client.send(FrontendEncoder.cancelRequest(1, new byte[32]));
            assertThat(client.rest()).isEmpty();
        }
    }

    @Test
    void closesTheServersConnectionWhenTheClientGoes() throws Exception {
        try (RawClient client = new RawClient(gateway.listener.port())) {
            client.send(startup("u", "own"));
            awaitThat(() -> open.get() == 1);
        }
        awaitThat(() -> open.get() == 0 && gateway.listener.connections() == 0);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "iterations    | iteration count",
        "early-ok      | without proving itself",
        "twice         | second authentication",
        "out-of-turn   | out of turn",
        "unknown-type  | does not have (type 99)",
        "no-fields     | ''",
        "rows          | during startup",
        "garbage       | not the protocol",
        "closes        | closed the connection",
        "version       | negotiates protocol",
        "kerberos      | does not have (type 7)",
    })
    void refusesServersThatBreakTheRules(String trick, String reason) throws Exception {
        script = socket -> socket.handler(_ -> play(socket, trick));

        assertThatThrownBy(() -> gateway.connect("plain", "robot", AGENT.text().reveal()))
                .isInstanceOf(java.sql.SQLException.class)
                .message().contains(reason).doesNotContain("hunter2");

        awaitThat(() -> open.get() == 0);
        assertThat(gateway.relay.none()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"SX, something else than S or N", "X, something else than S or N", "N, does not offer TLS", "E, something else than S or N"})
    void refusesWhatIsNoAnswerToSslRequest(String answer, String reason) throws Exception {
        script = socket -> socket.handler(_ -> socket.write(answer));

        assertThatThrownBy(() -> gateway.connect("tls", "robot", AGENT.text().reveal()))
                .isInstanceOf(java.sql.SQLException.class).hasMessageContaining(reason);

        awaitThat(() -> open.get() == 0);
    }

    @Test
    void goesOnInTheClearOnlyWithPrefer() throws Exception {
        // The first connection breaks TLS off, the second gets a session.
        script = socket -> {
            if (accepted.size() == 1) {
                socket.handler(_ -> socket.end(Buffer.buffer("S")));
            } else {
                socket.handler(_ -> socket.write(ready()));
            }
        };

        gateway.connect("prefer", "robot", AGENT.text().reveal(), "assumeMinServerVersion", "18", "ApplicationName", "x").close();

        assertThat(accepted).hasSize(2);
        assertThat(gateway.relay.next().target()).isEqualTo("prefer");
    }

    @ParameterizedTest
    @CsvSource({"2, 2", "9999, 2", "0, 0"})
    void tellsAPassedThroughClientTheVersionOfBothLegs(int asked, int agreed) throws Exception {
        script = socket -> socket.handler(_ -> socket.write(ready()));
        try (RawClient client = new RawClient(gateway.listener.port())) {
            client.send(FrontendEncoder.startup(3, asked, Map.of("user", "u", "database", "own")));
            Buffer message = client.message();
            if (asked > 2) {
                assertThat(message.getByte(0)).isEqualTo((byte) 'v');
                assertThat(message.getInt(5)).isEqualTo(3 << 16 | agreed);
                message = client.message();
            }
            assertThat(message).isEqualTo(BackendEncoder.authenticationOk());
            assertThat(client.message()).isEqualTo(BackendEncoder.parameterStatus("server_version", "18.0"));
            Buffer key = client.message();
            assertThat(key.length()).isEqualTo(9 + (agreed == 2 ? 32 : 4));
            assertThat(gateway.relay.next().minorVersion()).isEqualTo(agreed);
        }
    }

    @Test
    void tellsAClientWhenTheServerIsOlder() throws Exception {
        script = socket -> socket.handler(_ -> socket.write(BackendEncoder.negotiateProtocolVersion(0, List.of()).appendBuffer(ready())));
        try (RawClient client = new RawClient(gateway.listener.port())) {
            client.send(FrontendEncoder.startup(3, 2, Map.of("user", "u", "database", "own")));
            assertThat(client.message().getInt(5)).isEqualTo(3 << 16);
            assertThat(gateway.relay.next().minorVersion()).isZero();
        }
    }

    private static void play(NetSocket socket, String trick) {
        switch (trick) {
            case "iterations" -> socket.handler(reply -> socket.write(BackendEncoder.authenticationSaslContinue(
                            Buffer.buffer("r=" + nonceOf(reply) + "x,s=AAAA,i=2000000000"))))
                    .write(BackendEncoder.authenticationSasl(List.of("SCRAM-SHA-256")));
            case "early-ok" -> socket.handler(_ -> {}).write(BackendEncoder.authenticationSasl(List.of("SCRAM-SHA-256")).appendBuffer(ready()));
            case "twice" -> socket.handler(_ -> {}).write(BackendEncoder.authenticationCleartextPassword().appendBuffer(BackendEncoder.authenticationCleartextPassword()));
            case "out-of-turn" -> socket.handler(_ -> {}).write(BackendEncoder.authenticationSaslFinal(Buffer.buffer("v=AAAA")));
            case "unknown-type" -> socket.write(Buffer.buffer("R").appendInt(8).appendInt(99));
            case "kerberos" -> socket.write(Buffer.buffer("R").appendInt(8).appendInt(7));
            case "no-fields" -> socket.write(Buffer.buffer("E").appendInt(5).appendByte((byte) 0));
            case "rows" -> socket.write(BackendEncoder.authenticationOk().appendBuffer(BackendEncoder.commandComplete("SELECT 1")));
            case "garbage" -> socket.write(Buffer.buffer("HTTP/1.1 200 OK\r\n\r\n"));
            case "version" -> socket.write(BackendEncoder.negotiateProtocolVersion(3, List.of()));
            case "closes" -> socket.close();
            default -> throw new IllegalArgumentException(trick);
        }
    }

    private static String nonceOf(Buffer saslInitialResponse) {
        String text = saslInitialResponse.toString(StandardCharsets.US_ASCII);
        return text.substring(text.indexOf(",r=") + 3);
    }

    private static Buffer ready() {
        return BackendEncoder.authenticationOk()
                .appendBuffer(BackendEncoder.parameterStatus("server_version", "18.0"))
                .appendBuffer(BackendEncoder.backendKeyData(7, new byte[] {1, 2, 3, 4}))
                .appendBuffer(BackendEncoder.readyForQuery(dev.sluice.gateway.wire.TransactionStatus.IDLE));
    }

    private static Buffer startup(String user, String database) {
        return FrontendStartupTest.startupPacket(3, 0, "user", user, "database", database);
    }

    private SSLSocket tlsSocket() throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new TrustAnyCertificate()}, null);
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", gateway.listener.port());
        socket.setSoTimeout(10_000);
        return socket;
    }

    private String certificateName() {
        try (SSLSocket socket = tlsSocket()) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setApplicationProtocols(new String[] {"postgresql"});
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            return ((X509Certificate) socket.getSession().getPeerCertificates()[0]).getSubjectX500Principal().getName();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static void awaitThat(BooleanSupplier condition) {
        long end = System.nanoTime() + 10_000_000_000L;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("did not come true within 10 s");
            }
            java.util.concurrent.locks.LockSupport.parkNanos(5_000_000);
        }
    }
}

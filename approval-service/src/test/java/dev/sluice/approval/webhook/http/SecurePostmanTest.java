// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval.webhook.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.sluice.approval.config.WebhooksConfig.Format;
import dev.sluice.approval.webhook.Postman.Attempt;
import dev.sluice.approval.webhook.Receiver;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The connection goes to an address, and still the name is what the certificate has to prove. */
@Timeout(60)
final class SecurePostmanTest {
    private static final char[] PASSWORD = "changeit".toCharArray();

    @TempDir
    private Path folder;

    private final Vertx vertx = Vertx.vertx();
    private @Nullable HttpsServer server;

    @AfterEach
    void stop() {
        if (server != null) {
            server.stop(0);
        }
        vertx.close().await();
    }

    @Test
    void aTrustedCertificateOfTheNameIsGood() throws Exception {
        var certificate = serve("localhost");

        assertThat(bring(certificate)).isEqualTo(new Attempt.Delivered(200));
    }

    @Test
    void oneOfAnotherNameIsNot() throws Exception {
        var certificate = serve("elsewhere.example");

        assertThat(bring(certificate)).isEqualTo(new Attempt.Failed("TLS failed: its certificate is not trusted, or not for this name", false, null));
    }

    @Test
    void norIsOneThatNobodyTrusts() throws Exception {
        serve("localhost");

        assertThat(bring(null)).isEqualTo(new Attempt.Failed("TLS failed: its certificate is not trusted, or not for this name", false, null));
    }

    private Attempt bring(@Nullable Path trusted) {
        var postman = new HttpPostman(vertx, Duration.ofSeconds(10), trusted);
        var url = URI.create("https://localhost:" + server.getAddress().getPort() + "/hook");
        return postman.bring(new Receiver("bus", url, Format.GENERIC, List.of(), true), Map.of(), new byte[] {1}).toCompletableFuture().join();
    }

    /** Starts a receiver whose certificate is for {@code name}; the certificate as PEM. */
    private Path serve(String name) throws IOException, GeneralSecurityException, InterruptedException {
        var file = folder.resolve("receiver.p12");
        var keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                        "-genkeypair", "-alias", "receiver", "-keyalg", "EC", "-dname", "CN=" + name, "-ext", "san=dns:" + name,
                        "-keystore", file.toString(), "-storetype", "PKCS12", "-storepass", new String(PASSWORD))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("keytool.log").toFile())
                .start();
        assertThat(keytool.waitFor(30, TimeUnit.SECONDS)).isTrue();
        var keys = KeyStore.getInstance(file.toFile(), PASSWORD);
        var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, PASSWORD);
        var context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        var started = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        started.setHttpsConfigurator(new HttpsConfigurator(context));
        started.createContext("/", exchange -> {
            exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        started.start();
        server = started;
        var pem = "-----BEGIN CERTIFICATE-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(keys.getCertificate("receiver").getEncoded())
                + "\n-----END CERTIFICATE-----\n";
        return Files.writeString(folder.resolve("receiver.pem"), pem);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.gateway.config.HoldManner;
import dev.sluice.gateway.net.UpstreamTls.Mode;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The gateway's own connections, to a server whose certificate is for localhost and signed by nobody that the JDK knows. */
final class CatalogConnectionsIT {
    private static final String STORE = "javax.net.ssl.trustStore";
    private static final String STORE_PASSWORD = "javax.net.ssl.trustStorePassword";
    private static final String REFUSED = "SSL handshake failed";

    private static @TempDir Path directory;
    private static Vertx vertx;
    private static TestCertificate certificate;
    private static TestCertificate another;
    private static TestServer server;

    @BeforeAll
    static void start() throws Exception {
        vertx = Vertx.vertx();
        certificate = TestCertificate.create(directory, "localhost", "dns:localhost");
        another = TestCertificate.create(directory, "another", "dns:localhost");
        server = TestServer.start(certificate, another);
    }

    @AfterAll
    static void stop() throws Exception {
        TestGateway.await(vertx.close());
        server.close();
    }

    /** Whether the connection is encrypted, as the server sees it. */
    private static boolean encrypted(String host, Mode mode, @Nullable Path authorities) throws Exception {
        var target = new TargetSettings(
                "shop", host, server.port(), "shop", new UpstreamTls(mode, authorities, null), new TargetCredential.Stored("trusting", null), HoldManner.UNSAID,
                Duration.ofSeconds(5));
        Pool pool = CatalogConnections.open(vertx, target, "shop");
        try {
            return TestGateway.await(pool.query("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()").execute()).iterator().next().getBoolean(0);
        } finally {
            TestGateway.await(pool.close());
        }
    }

    @Test
    void disabledMeansInTheClear() throws Exception {
        assertThat(encrypted("127.0.0.1", Mode.DISABLE, null)).isFalse();
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "DISABLE")
    void anAuthorityThatIsNamedIsTrusted(Mode mode) throws Exception {
        assertThat(encrypted("localhost", mode, certificate.certificate())).isTrue();
    }

    @ParameterizedTest
    @EnumSource(names = {"PREFER", "REQUIRE"})
    void anyCertificateWillDoWhereNoneIsAskedFor(Mode mode) throws Exception {
        assertThat(encrypted("127.0.0.1", mode, null)).isTrue();
    }

    @ParameterizedTest
    @EnumSource(names = {"REQUIRE", "VERIFY_CA", "VERIFY_FULL"})
    void theCertificateOfAnotherAuthorityIsRefused(Mode mode) {
        assertThatThrownBy(() -> encrypted("localhost", mode, another.certificate())).hasRootCauseMessage(REFUSED);
    }

    @ParameterizedTest
    @EnumSource(names = {"VERIFY_CA", "VERIFY_FULL"})
    void withoutAnAuthorityThoseOfTheJdkDecide(Mode mode) throws Exception {
        assertThatThrownBy(() -> encrypted("localhost", mode, null)).hasRootCauseMessage(REFUSED);
        System.setProperty(STORE, certificate.store().toString());
        System.setProperty(STORE_PASSWORD, TestCertificate.PASSWORD);
        try {
            assertThat(encrypted("localhost", mode, null)).isTrue();
        } finally {
            System.clearProperty(STORE);
            System.clearProperty(STORE_PASSWORD);
        }
    }

    @Test
    void theHostNameCountsOnlyWhereItIsAskedFor() throws Exception {
        assertThat(encrypted("127.0.0.1", Mode.VERIFY_CA, certificate.certificate())).isTrue();
        assertThatThrownBy(() -> encrypted("127.0.0.1", Mode.VERIFY_FULL, certificate.certificate())).hasRootCauseMessage(REFUSED);
    }
}

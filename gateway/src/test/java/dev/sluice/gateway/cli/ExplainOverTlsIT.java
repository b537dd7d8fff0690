// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.net.TestCertificate;
import dev.sluice.gateway.net.TestServer;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** {@code sluice policy explain --url} with a server whose certificate is for localhost, and what the URL says of TLS. */
final class ExplainOverTlsIT {
    private static final String STARTER = Path.of("..", "deploy", "policies", "starter.yaml").toString();
    private static final String EXPLAINED = "output       current_user";

    private static @TempDir Path directory;
    private static TestCertificate certificate;
    private static TestCertificate another;
    private static TestServer server;

    @BeforeAll
    static void start() throws Exception {
        certificate = TestCertificate.create(directory, "localhost", "dns:localhost");
        another = TestCertificate.create(directory, "another", "dns:localhost");
        server = TestServer.start(certificate, another);
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    /** {@code bound} may log in over TLS only. */
    private static String explain(String host, String parameters) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        String url = "postgres://bound:" + TestServer.PASSWORD.replace(" ", "%20") + "@" + host + ":" + server.port() + "/shop?" + parameters;
        new CommandLine(PolicyCommand.class).setOut(new PrintWriter(out)).setErr(new PrintWriter(err)).execute(
                "explain", STARTER, "SELECT current_user", "--as", "ada:dev", "--target", "shop", "--url", url);
        return out + err.toString();
    }

    @ParameterizedTest
    @ValueSource(strings = {"require", "verify-ca", "verify-full"})
    void theAuthorityOfTheUrlIsTrusted(String mode) {
        assertThat(explain("localhost", "sslmode=" + mode + "&sslrootcert=" + certificate.certificate())).contains(EXPLAINED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"require", "verify-ca", "verify-full"})
    void anotherAuthorityIsNot(String mode) {
        assertThat(explain("localhost", "sslmode=" + mode + "&sslrootcert=" + another.certificate())).contains("the catalog cannot be read").doesNotContain(EXPLAINED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"verify-ca", "verify-full"})
    void withoutAnAuthorityThoseOfTheJdkDecide(String mode) {
        assertThat(explain("localhost", "sslmode=" + mode)).contains("the catalog cannot be read").doesNotContain(EXPLAINED);
    }

    @Test
    void theCertificateMustBeForTheHostWhereThatIsAskedFor() {
        assertThat(explain("127.0.0.1", "sslmode=verify-ca&sslrootcert=" + certificate.certificate())).contains(EXPLAINED);
        assertThat(explain("127.0.0.1", "sslmode=verify-full&sslrootcert=" + certificate.certificate())).contains("the catalog cannot be read").doesNotContain(EXPLAINED);
    }

    @Test
    void anyCertificateWillDoWhereNoneIsAskedFor() {
        assertThat(explain("127.0.0.1", "sslmode=require")).contains(EXPLAINED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"sslcert", "sslkey", "sslcrl", "channel_binding", "gssencmode", "SSLROOTCERT"})
    void whatIsNotSupportedIsRefusedByItsName(String parameter) {
        assertThat(explain("localhost", "sslmode=require&" + parameter + "=x")).contains("--url has " + parameter).doesNotContain(EXPLAINED);
    }

    @Test
    void anAuthorityThatCannotBeReadIsRefusedByItsName() {
        assertThat(explain("localhost", "sslmode=verify-full&sslrootcert=/nowhere/root.crt")).contains("sslrootcert of --url cannot be read: /nowhere/root.crt");
    }
}

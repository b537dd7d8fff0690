// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.net;

import dev.sluice.schemas.testing.TestPostgres;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Properties;

/** A real PostgreSQL with one role per authentication method. */
public final class TestServer implements AutoCloseable {
    public static final String PASSWORD = "correct horse";

    private final TestPostgres postgres;

    private TestServer(TestPostgres postgres) {
        this.postgres = postgres;
    }

    /** Roles: trusting, scrammed, hashed (md5), plain (password), bound (scram, TLS only), expired (scram, no longer valid), certified (client certificate); all may log in to {@code shop}. */
    public static TestServer start(TestCertificate certificate, TestCertificate clients) throws Exception {
        TestPostgres postgres = TestPostgres.start();
        TestServer server = new TestServer(postgres);
        try (Connection connection = postgres.connect(); Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE shop");
            statement.execute("SET password_encryption = 'scram-sha-256'");
            for (String role : List.of("trusting", "scrammed", "plain", "bound", "certified")) {
                statement.execute("CREATE ROLE " + role + " LOGIN PASSWORD '" + PASSWORD + "'");
            }
            statement.execute("CREATE ROLE expired LOGIN PASSWORD '" + PASSWORD + "' VALID UNTIL '2020-01-01'");
            statement.execute("SET password_encryption = 'md5'");
            statement.execute("CREATE ROLE hashed LOGIN PASSWORD '" + PASSWORD + "'");
            postgres.install("server.crt", Files.readAllBytes(certificate.certificate()));
            postgres.install("server.key", Files.readAllBytes(certificate.key()));
            postgres.install("clients.crt", Files.readAllBytes(clients.certificate()));
            statement.execute("ALTER SYSTEM SET ssl = on");
            statement.execute("ALTER SYSTEM SET ssl_ca_file = 'clients.crt'");
            postgres.install("pg_hba.conf", """
                    local   all all                    trust
                    host    all postgres  127.0.0.1/32 trust
                    host    all trusting  127.0.0.1/32 trust
                    host    all scrammed  127.0.0.1/32 scram-sha-256
                    host    all expired   127.0.0.1/32 scram-sha-256
                    host    all hashed    127.0.0.1/32 md5
                    host    all plain     127.0.0.1/32 password
                    hostssl all bound     127.0.0.1/32 scram-sha-256
                    hostssl all certified 127.0.0.1/32 cert
                    """.replace("127.0.0.1/32", postgres.clients()).getBytes(StandardCharsets.US_ASCII));
            statement.execute("SELECT pg_reload_conf()");
        }
        server.awaitTls();
        return server;
    }

    public int port() {
        return postgres.port();
    }

    /** A connection that does not go through the gateway. */
    Connection direct() throws SQLException {
        return postgres.connect();
    }

    String ask(String sql) throws SQLException {
        try (Connection connection = direct(); Statement statement = connection.createStatement(); ResultSet rows = statement.executeQuery(sql)) {
            return rows.next() ? String.valueOf(rows.getString(1)) : "";
        }
    }

    @Override
    public void close() throws IOException {
        postgres.close();
    }

    /** pg_reload_conf only asks for it. */
    private void awaitTls() throws Exception {
        long end = System.nanoTime() + 20_000_000_000L;
        Properties properties = new Properties();
        properties.setProperty("user", "trusting");
        properties.setProperty("sslmode", "require");
        while (true) {
            try (Connection connection = DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + port() + "/shop", properties)) {
                return;
            } catch (SQLException e) {
                if (System.nanoTime() > end) {
                    throw e;
                }
                Thread.onSpinWait();
            }
        }
    }
}

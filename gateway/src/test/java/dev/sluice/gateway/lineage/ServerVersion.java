// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.lineage;

import dev.sluice.schemas.testing.FreePort;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

/** PostgreSQL servers of several major versions: the newest from the class path, the others from the jars that the build copies to {@code target/postgres}. */
enum ServerVersion {
    V13(13),
    V14(14),
    V15(15),
    V16(16),
    V17(17),
    V18(18);

    private static final Path JARS = Path.of("target", "postgres");
    private static final int ON_CLASS_PATH = 18;
    private static final Duration STARTUP = Duration.ofSeconds(60);

    private final int major;

    ServerVersion(int major) {
        this.major = major;
    }

    int major() {
        return major;
    }

    /** A new server with the tests' schema and rows in its database {@code postgres}. */
    EmbeddedPostgres start() throws IOException, SQLException {
        EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder()
                .setLocaleConfig("locale", "C")
                .setPort(FreePort.take())
                .setPGStartupWait(STARTUP)
                .setServerConfig("TimeZone", "UTC")
                .setServerConfig("fsync", "off")
                .setServerConfig("shared_buffers", "16MB");
        if (major != ON_CLASS_PATH) {
            byte[] archive = archive();
            builder.setPgBinaryResolver((system, machine) -> new ByteArrayInputStream(archive));
        }
        EmbeddedPostgres server = builder.start();
        try (Connection connection = server.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(Statements.text("schema.sql"));
            statement.execute(Statements.text("rows.sql"));
        }
        return server;
    }

    private byte[] archive() throws IOException {
        try (JarFile jar = new JarFile(JARS.resolve(major + ".jar").toFile())) {
            JarEntry archive = jar.stream().filter(entry -> entry.getName().endsWith(".txz")).findFirst().orElseThrow();
            try (InputStream bytes = jar.getInputStream(archive)) {
                return bytes.readAllBytes();
            }
        }
    }
}

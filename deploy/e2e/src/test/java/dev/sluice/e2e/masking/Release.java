// SPDX-License-Identifier: Apache-2.0
package dev.sluice.e2e.masking;

import dev.sluice.schemas.testing.FreePort;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

/** The PostgreSQL versions that tests run on: one from the class path, one from the jar that the build copies to {@code target/postgres}. */
public enum Release {
    V15(15),
    V18(18);

    private static final int ON_CLASS_PATH = 18;
    private static final Duration STARTUP = Duration.ofSeconds(60);

    private final int major;

    Release(int major) {
        this.major = major;
    }

    public int major() {
        return major;
    }

    public EmbeddedPostgres start() throws IOException {
        return start(ProcessBuilder.Redirect.PIPE);
    }

    /** @param log where the server's own log goes */
    EmbeddedPostgres start(ProcessBuilder.Redirect log) throws IOException {
        EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder()
                .setLocaleConfig("locale", "C.UTF-8")
                .setErrorRedirector(log)
                .setOutputRedirector(log)
                .setPort(FreePort.take())
                .setPGStartupWait(STARTUP)
                .setServerConfig("fsync", "off")
                .setServerConfig("autovacuum", "off")
                .setServerConfig("TimeZone", "UTC");
        if (major == ON_CLASS_PATH) {
            return builder.start();
        }
        byte[] archive = archive();
        return builder.setPgBinaryResolver((system, machine) -> new ByteArrayInputStream(archive)).start();
    }

    private byte[] archive() throws IOException {
        try (JarFile jar = new JarFile(Path.of("target", "postgres", major + ".jar").toFile())) {
            JarEntry archive = jar.stream().filter(entry -> entry.getName().endsWith(".txz")).findFirst().orElseThrow();
            try (InputStream bytes = jar.getInputStream(archive)) {
                return bytes.readAllBytes();
            }
        }
    }
}

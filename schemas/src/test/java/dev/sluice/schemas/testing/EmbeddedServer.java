// SPDX-License-Identifier: Apache-2.0
package dev.sluice.schemas.testing;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Stream;

/** PostgreSQL as a process of this machine, from binaries that come as a Maven artifact. */
final class EmbeddedServer implements TestPostgres {
    private static final Duration STARTUP = Duration.ofSeconds(60);

    private final EmbeddedPostgres server;
    private final Path folder;

    private EmbeddedServer(EmbeddedPostgres server, Path folder) {
        this.server = server;
        this.folder = folder;
    }

    static EmbeddedServer start(Map<String, String> settings) throws IOException {
        Path folder = Files.createTempDirectory("sluice-postgres");
        EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder()
                .setDataDirectory(folder.resolve("data"))
                .setCleanDataDirectory(true)
                .setPort(FreePort.take())
                .setPGStartupWait(STARTUP)
                .setLocaleConfig("locale", "C.UTF-8");
        settings.forEach(builder::setServerConfig);
        return new EmbeddedServer(builder.start(), folder);
    }

    @Override
    public int port() {
        return server.getPort();
    }

    /** As root, initdb and the server run as another user: the file becomes theirs. */
    @Override
    public void install(String name, byte[] content) throws IOException {
        Path data = folder.resolve("data");
        Path file = data.resolve(name);
        Files.write(file, content);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        Files.setAttribute(file, "unix:uid", Files.getAttribute(data, "unix:uid"));
    }

    @Override
    public String clients() {
        return "127.0.0.1/32";
    }

    @Override
    public void close() throws IOException {
        server.close();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.schemas.testing;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.testcontainers.containers.Container.ExecResult;
import org.testcontainers.images.builder.Transferable;
import org.testcontainers.postgresql.PostgreSQLContainer;

/** PostgreSQL in a container. */
final class ContainerServer implements TestPostgres {
    private static final String IMAGE = "postgres:18.1-bookworm";
    private static final int OWNER_ALONE = 0600;

    private final PostgreSQLContainer container;

    private ContainerServer(PostgreSQLContainer container) {
        this.container = container;
    }

    static ContainerServer start(Map<String, String> settings) {
        List<String> command = new ArrayList<>(List.of("postgres"));
        settings.forEach((name, value) -> command.addAll(List.of("-c", name + "=" + value)));
        PostgreSQLContainer container = new PostgreSQLContainer(IMAGE)
                .withUsername(SUPERUSER)
                .withDatabaseName("postgres")
                .withEnv("POSTGRES_HOST_AUTH_METHOD", "trust")
                .withEnv("POSTGRES_INITDB_ARGS", "--locale=C.UTF-8")
                .withCommand(command.toArray(String[]::new));
        container.start();
        return new ContainerServer(container);
    }

    @Override
    public int port() {
        return container.getFirstMappedPort();
    }

    @Override
    public void install(String name, byte[] content) throws IOException {
        String arrived = "/tmp/" + name;
        container.copyFileToContainer(Transferable.of(content, OWNER_ALONE), arrived);
        run("sh", "-c", "install -o postgres -g postgres -m 600 '" + arrived + "' \"$PGDATA/" + name + "\"");
    }

    private void run(String... command) throws IOException {
        try {
            ExecResult result = container.execInContainer(command);
            if (result.getExitCode() != 0) {
                throw new IOException(String.join(" ", command) + ": " + result.getStderr());
            }
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while a file was installed", ended);
        }
    }

    /** The engine's own network: it hides where a connection really comes from. */
    @Override
    public String clients() {
        return "0.0.0.0/0";
    }

    @Override
    public void close() {
        container.stop();
    }
}

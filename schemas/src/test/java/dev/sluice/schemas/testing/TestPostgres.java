// SPDX-License-Identifier: Apache-2.0
package dev.sluice.schemas.testing;

import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;

/** A real PostgreSQL 18 for tests, reached at 127.0.0.1, that trusts everybody and keeps its data until it is closed. */
public interface TestPostgres extends AutoCloseable {
    /** The superuser, who needs no password. */
    String SUPERUSER = "postgres";

    /** A new server with its own settings, as {@link Provision} says. */
    static TestPostgres start() throws IOException {
        return start(Map.of());
    }

    /**
     * A new server, as {@link Provision} says.
     *
     * @param settings of postgresql.conf, by name
     */
    static TestPostgres start(Map<String, String> settings) throws IOException {
        Map<String, String> all = new LinkedHashMap<>(Map.of("fsync", "off", "TimeZone", "UTC"));
        all.putAll(settings);
        return switch (Provision.chosen()) {
            case EMBEDDED -> EmbeddedServer.start(all);
            case CONTAINERS -> ContainerServer.start(all);
        };
    }

    int port();

    /** Puts a file into the data directory, readable by the server alone. Replaces one of that name. */
    void install(String name, byte[] content) throws IOException;

    /** From where the server sees the connections of this machine come, as pg_hba.conf writes addresses. */
    String clients();

    /** A connection of the superuser to the database {@code postgres}. */
    default Connection connect() throws SQLException {
        return connect("postgres");
    }

    /** A connection of the superuser. */
    default Connection connect(String database) throws SQLException {
        return DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + port() + "/" + database, SUPERUSER, "");
    }

    @Override
    void close() throws IOException;
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.store;

import dev.sluice.audit.config.AuditConfig;
import dev.sluice.audit.config.ConfigException;
import io.vertx.core.Vertx;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.SslMode;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** Connections to the audit database. */
public final class Database {
    private Database() {}

    /** A pool whose connections find the audit tables without naming their schema. Nothing is connected yet. */
    public static Pool open(Vertx vertx, AuditConfig.Database config) {
        var connect = new PgConnectOptions()
                .setHost(config.host())
                .setPort(Objects.requireNonNull(config.port()))
                .setDatabase(config.database())
                .setUser(config.user())
                .setCachePreparedStatements(true)
                .addProperty("search_path", Objects.requireNonNull(config.schema()))
                .addProperty("application_name", "sluice-audit");
        if (config.passwordFile() != null) {
            connect.setPassword(password(config.passwordFile()));
        }
        if (config.tls() == AuditConfig.Database.Tls.VERIFY_FULL) {
            connect.setSslMode(SslMode.VERIFY_FULL)
                    .setSslOptions(new ClientSSLOptions()
                            .setHostnameVerificationAlgorithm("HTTPS")
                            .setTrustOptions(new PemTrustOptions().addCertPath(String.valueOf(config.caFile()))));
        }
        var pool = new PoolOptions()
                .setMaxSize(Objects.requireNonNull(config.connections()))
                .setShared(false)
                .setConnectionTimeout(10)
                .setConnectionTimeoutUnit(TimeUnit.SECONDS);
        return PgBuilder.pool().using(vertx).connectingTo(connect).with(pool).build();
    }

    private static String password(Path file) {
        try {
            return Files.readString(file).lines().findFirst().orElse("");
        } catch (IOException e) {
            throw new ConfigException("database.passwordFile: " + file + " cannot be read: " + e.getMessage());
        }
    }
}

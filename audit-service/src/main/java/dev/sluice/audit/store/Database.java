// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.store;

import dev.sluice.audit.config.AuditConfig;
import dev.sluice.schemas.config.ConfigException;
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
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/** Connections to the audit database. */
public final class Database {
    private static final int DEADLINE_SECONDS = 10;
    private static final int ANSWER_SECONDS = 120;

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
                .setConnectionTimeout(DEADLINE_SECONDS)
                .setConnectionTimeoutUnit(TimeUnit.SECONDS);
        return PgBuilder.pool().using(vertx).connectingTo(connect).with(pool).build();
    }

    /** Plain connections for work that waits: writing batches by COPY, migrations, retention. They find the audit tables as those of the pool do. */
    public static DataSource dataSource(AuditConfig.Database config) {
        var source = new PGSimpleDataSource();
        source.setServerNames(new String[] {config.host()});
        source.setPortNumbers(new int[] {Objects.requireNonNull(config.port())});
        source.setDatabaseName(config.database());
        source.setUser(config.user());
        source.setCurrentSchema(config.schema());
        source.setApplicationName("sluice-audit");
        source.setConnectTimeout(DEADLINE_SECONDS);
        source.setSocketTimeout(ANSWER_SECONDS);
        source.setTcpKeepAlive(true);
        source.setLogServerErrorDetail(false);
        if (config.passwordFile() != null) {
            source.setPassword(password(config.passwordFile()));
        }
        if (config.tls() == AuditConfig.Database.Tls.VERIFY_FULL) {
            source.setSslMode("verify-full");
            source.setSslRootCert(String.valueOf(config.caFile()));
        } else {
            source.setSslMode("disable");
        }
        return source;
    }

    private static String password(Path file) {
        try {
            return Files.readString(file).lines().findFirst().orElse("");
        } catch (IOException e) {
            throw new ConfigException("database.passwordFile: " + file + " cannot be read: " + e.getMessage());
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.net;

import io.vertx.core.Vertx;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.SslMode;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import java.util.Map;

/** Connections of the gateway's own to a target. No parameter of a client's ever reaches them. */
public final class CatalogConnections {
    private static final int CONNECTIONS = 2;
    private static final int IDLE_SECONDS = 60;

    private CatalogConnections() {}

    /**
     * Connections for reading the catalog and nothing else.
     *
     * @throws IllegalArgumentException if the target has no credential for it
     */
    public static Pool forCatalog(Vertx vertx, TargetSettings target, String database) {
        TargetCredential.Stored login = switch (target.credential()) {
            case TargetCredential.Stored stored -> stored;
            case TargetCredential.Passthrough passthrough -> passthrough.catalog();
        };
        if (login == null) {
            throw new IllegalArgumentException("target " + target.name() + " passes logins through, so the gateway cannot read its catalog by itself: give it a catalogUser");
        }
        return open(vertx, target, database, login);
    }

    /**
     * Connections that may look at rows.
     *
     * @throws IllegalArgumentException if clients' logins are passed through: a role for the catalog is not for that
     */
    public static Pool open(Vertx vertx, TargetSettings target, String database) {
        if (!(target.credential() instanceof TargetCredential.Stored stored)) {
            throw new IllegalArgumentException("target " + target.name() + " passes logins through, so the gateway has none of its own");
        }
        return open(vertx, target, database, stored);
    }

    private static Pool open(Vertx vertx, TargetSettings target, String database, TargetCredential.Stored login) {
        return PgBuilder.pool()
                .with(new PoolOptions().setMaxSize(CONNECTIONS).setIdleTimeout(IDLE_SECONDS).setConnectionTimeout((int) target.connectTimeout().toSeconds() + 1))
                .connectingTo(options(target, database, login))
                .withConnectHandler(connection -> OwnConnections.of(vertx).add(target, connection).onComplete(added -> connection.close()))
                .using(vertx)
                .build();
    }

    /** How the gateway itself logs in. */
    static PgConnectOptions options(TargetSettings target, String database, TargetCredential.Stored stored) {
        PgConnectOptions options = new PgConnectOptions()
                .setHost(target.host())
                .setPort(target.port())
                .setDatabase(database)
                .setUser(stored.user())
                .setPassword(stored.password() == null ? "" : stored.password().reveal())
                .setProperties(Map.of("application_name", "sluice catalog", "search_path", "pg_catalog", "default_transaction_read_only", "on"));
        return secured(options, target.tls());
    }

    /** The same options, with TLS as it is asked for. */
    public static PgConnectOptions secured(PgConnectOptions options, UpstreamTls tls) {
        return options.setSslOptions(client(tls)).setSslMode(switch (tls.mode()) {
            case DISABLE -> SslMode.DISABLE;
            case PREFER -> SslMode.PREFER;
            case REQUIRE -> SslMode.REQUIRE;
            case VERIFY_CA -> SslMode.VERIFY_CA;
            case VERIFY_FULL -> SslMode.VERIFY_FULL;
        });
    }

    private static ClientSSLOptions client(UpstreamTls tls) {
        var options = new ClientSSLOptions();
        if (tls.rootCertificate() != null) {
            options.setTrustOptions(new PemTrustOptions().addCertPath(tls.rootCertificate().toString()));
        } else if (tls.verifiesChain()) {
            options.setTrustOptions(new JdkAuthorities());
        } else {
            options.setTrustAll(true);
        }
        TlsFiles client = tls.client();
        if (client != null) {
            options.setKeyCertOptions(new PemKeyCertOptions().addCertPath(client.certificate().toString()).addKeyPath(client.key().toString()));
        }
        options.setHostnameVerificationAlgorithm(tls.mode() == UpstreamTls.Mode.VERIFY_FULL ? "HTTPS" : "");
        return options;
    }
}

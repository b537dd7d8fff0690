// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.net;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a server itself says about the sessions of the login that it gave the gateway. */
public final class ServerSessions {
    private static final String ANY_DATABASE = "postgres";
    private static final String SESSIONS = """
            SELECT pid, extract(epoch FROM backend_start)::text, backend_start, usename::text, datname::text, application_name, host(client_addr), client_port
            FROM pg_catalog.pg_stat_activity
            WHERE usename = SESSION_USER AND backend_type = 'client backend' AND pid <> pg_catalog.pg_backend_pid()""";

    private ServerSessions() {}

    /**
     * One session.
     *
     * @param started seconds since the epoch, as the server writes them
     * @param address where it comes from, null for a socket of the server's own machine
     */
    public record ServerSession(
            int process,
            String started,
            Instant startedAt,
            String role,
            @Nullable String database,
            @Nullable String application,
            @Nullable String address,
            @Nullable Integer port) {}

    /** Asks over a connection that is made for it and closed again, so that it keeps no database from being dropped. */
    public static Future<List<ServerSession>> ask(Vertx vertx, TargetSettings target) {
        if (!(target.credential() instanceof TargetCredential.Stored login)) {
            return Future.failedFuture("target " + target.name() + " passes logins through");
        }
        String own = target.name().equals(TargetSettings.ANY) ? ANY_DATABASE : target.name();
        return PgConnection.connect(vertx, CatalogConnections.options(target, target.database() == null ? own : target.database(), login))
                .compose(connection -> connection.query(SESSIONS)
                        .execute()
                        .map(rows -> {
                            List<ServerSession> sessions = new ArrayList<>();
                            rows.forEach(row -> sessions.add(session(row)));
                            return sessions;
                        })
                        .eventually(connection::close));
    }

    private static ServerSession session(Row row) {
        return new ServerSession(
                row.getInteger(0),
                row.getString(1),
                row.getOffsetDateTime(2).toInstant(),
                row.getString(3),
                row.getString(4),
                row.getString(5),
                row.getString(6),
                row.getInteger(7));
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.net;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.shareddata.LocalMap;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import java.util.Set;

/** The connections that this gateway makes for itself, as their servers know them: by process and start, which nobody else can have. */
public final class OwnConnections {
    private static final String NAME = "dev.sluice.gateway.own-connections";
    private static final String WHICH = "SELECT pid, extract(epoch FROM backend_start)::text FROM pg_catalog.pg_stat_activity WHERE pid = pg_catalog.pg_backend_pid()";

    private final LocalMap<String, Boolean> known;

    private OwnConnections(LocalMap<String, Boolean> known) {
        this.known = known;
    }

    /** Those of everything that runs on this Vert.x. */
    public static OwnConnections of(Vertx vertx) {
        return new OwnConnections(vertx.sharedData().getLocalMap(NAME));
    }

    Future<Void> add(TargetSettings target, SqlConnection connection) {
        return connection.query(WHICH).execute().map(rows -> {
            for (Row row : rows) {
                known.put(key(target, row.getInteger(0), row.getString(1)), true);
            }
            return null;
        });
    }

    /** Whether one of them is this process of the target's server. */
    public boolean has(TargetSettings target, int process, String started) {
        return known.containsKey(key(target, process, started));
    }

    /** All of them, as {@link #key} writes them. */
    public Set<String> keys() {
        return Set.copyOf(known.keySet());
    }

    /** Forgets those that {@code before} had of the target's server and that it does not have any more. */
    public void forget(TargetSettings target, Set<String> before, Set<String> running) {
        String server = server(target);
        before.stream().filter(key -> key.startsWith(server) && !running.contains(key)).forEach(known::remove);
    }

    /** What tells a server's process from every other, at any time. */
    public static String key(TargetSettings target, int process, String started) {
        return server(target) + process + " " + started;
    }

    private static String server(TargetSettings target) {
        return target.host() + ":" + target.port() + " ";
    }
}

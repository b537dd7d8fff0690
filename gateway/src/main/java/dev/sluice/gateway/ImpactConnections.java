// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway;

import dev.sluice.gateway.impact.ImpactAssessor;
import dev.sluice.gateway.net.CatalogConnections;
import dev.sluice.gateway.net.TargetRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Connections of the gateway's own to the databases on which statements are held, kept apart from those that read catalogs. */
final class ImpactConnections implements ImpactAssessor.Connections {
    /** One database of one target. */
    private record Database(String target, String name) {}

    private final Vertx vertx;
    private final TargetRegistry targets;
    private final Map<Database, Pool> pools = new ConcurrentHashMap<>();

    ImpactConnections(Vertx vertx, TargetRegistry targets) {
        this.vertx = vertx;
        this.targets = targets;
    }

    @Override
    public Pool to(String target, String database) {
        return pools.computeIfAbsent(new Database(target, database), this::open);
    }

    private Pool open(Database database) {
        var settings = targets.resolve(database.target())
                .orElseThrow(() -> new IllegalArgumentException("target " + database.target() + " is not known any more"))
                .target();
        return CatalogConnections.open(vertx, settings, database.name());
    }

    Future<Void> close() {
        Future<Void> closed = Future.succeededFuture();
        for (Pool pool : pools.values()) {
            closed = closed.eventually(pool::close);
        }
        return closed;
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.metrics.Metrics;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Route;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class ControlRoutesTest {
    /** A new route must be added here, with its access rule, or this fails. */
    @Test
    void everyRouteHasItsAccessRule() throws Exception {
        Vertx vertx = Vertx.vertx();
        try {
            Map<String, Object> found = new TreeMap<>();
            for (Route route : new ControlRoutes(List.of(), new Metrics(), () -> new PolicyStatus("v", "enforce", List.of(), List.of()), "1").router(vertx).getRoutes()) {
                assertThat(route.<Access>getMetadata(ControlRoutes.ACCESS)).as("access rule of %s", route.getPath()).isNotNull();
                assertThat(route.methods()).as(route.getPath()).containsExactlyInAnyOrder(HttpMethod.GET, HttpMethod.HEAD);
                found.put(route.getPath(), route.getMetadata(ControlRoutes.ACCESS));
            }
            assertThat(found).isEqualTo(Map.of(
                    "/health/live", Access.ANYONE,
                    "/health/ready", Access.ANYONE,
                    "/metrics", Access.ANYONE,
                    "/version", Access.ANYONE,
                    "/policy", Access.LOOPBACK));
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.http;

import dev.sluice.audit.kafka.IngestProgress;
import dev.sluice.audit.projection.FindingRow;
import dev.sluice.audit.store.EvidenceStore;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** What everybody may know: whether the service lives, whether it keeps up, and how its interface is described. */
final class HealthRoutes {
    private static final Duration SILENCE = Duration.ofSeconds(30);

    private final EvidenceStore store;
    private final IngestProgress progress;
    private final long readyLag;
    private final Clock clock;
    private final String openApi;

    HealthRoutes(EvidenceStore store, IngestProgress progress, long readyLag, Clock clock) {
        this.store = store;
        this.progress = progress;
        this.readyLag = readyLag;
        this.clock = clock;
        this.openApi = resource("/dev/sluice/audit/openapi.json");
    }

    void addTo(Routes routes) {
        routes.open("/health/live", context -> Routes.json(context, 200, new JsonObject().put("status", "live")));
        routes.open("/health/ready", this::ready);
        routes.open("/metrics", this::metrics);
        routes.open("/openapi.json", context -> context.response().putHeader("Content-Type", "application/json").end(openApi));
    }

    private void ready(RoutingContext context) {
        IngestProgress.State state = progress.state();
        Instant polledAt = state.polledAt();
        String reason;
        if (state.trouble() != null) {
            reason = "the events are not being read";
        } else if (polledAt == null || polledAt.isBefore(clock.instant().minus(SILENCE))) {
            reason = "the broker has not answered lately";
        } else if (state.lag() > readyLag) {
            reason = state.lag() + " records behind the broker";
        } else {
            reason = databaseTrouble();
        }
        var body = new JsonObject().put("status", reason.isEmpty() ? "ready" : "not ready").put("lag", state.lag()).put("partitions", state.partitions());
        if (!reason.isEmpty()) {
            body.put("reason", reason);
        }
        Routes.json(context, reason.isEmpty() ? 200 : 503, body);
    }

    private String databaseTrouble() {
        try {
            store.ping().await();
            return "";
        } catch (Exception _) {
            return "the database does not answer";
        }
    }

    private void metrics(RoutingContext context) {
        IngestProgress.State state = progress.state();
        String text = metric("sluice_audit_records_total", "counter", "Records written to the database.", progress.records())
                + metric("sluice_audit_batches_total", "counter", "Transactions that wrote records.", progress.batches())
                + findings()
                + metric("sluice_audit_lag_records", "gauge", "Records behind the end of the assigned partitions, -1 while unknown.", state.lag())
                + metric("sluice_audit_partitions", "gauge", "Partitions that this instance reads.", state.partitions());
        context.response().putHeader("Content-Type", "text/plain; version=0.0.4").end(text);
    }

    private String findings() {
        var text = new StringBuilder("# HELP sluice_audit_findings_total Findings noticed while reading, by kind.\n# TYPE sluice_audit_findings_total counter\n");
        for (FindingRow.Kind kind : FindingRow.Kind.values()) {
            text.append("sluice_audit_findings_total{kind=\"").append(kind.word()).append("\"} ").append(progress.findings(kind)).append('\n');
        }
        return text.toString();
    }

    private static String metric(String name, String kind, String help, long value) {
        return "# HELP " + name + " " + help + "\n# TYPE " + name + " " + kind + "\n" + name + " " + value + "\n";
    }

    private static String resource(String path) {
        try (InputStream stream = HealthRoutes.class.getResourceAsStream(path)) {
            if (stream == null) {
                throw new IllegalStateException(path + " is missing from the build");
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

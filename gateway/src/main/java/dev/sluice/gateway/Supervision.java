// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway;

import dev.sluice.gateway.http.ReadinessCheck;
import dev.sluice.gateway.lineage.Disagreement;
import dev.sluice.gateway.metrics.Counter;
import dev.sluice.gateway.metrics.Metrics;
import dev.sluice.gateway.metrics.RuntimeMetrics;
import dev.sluice.gateway.net.Listener;
import dev.sluice.gateway.net.Sessions;
import dev.sluice.schemas.kafka.FeedHealth;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/** What operators and orchestrators can see of a gateway from outside. */
final class Supervision {
    private Supervision() {}

    static List<ReadinessCheck> readiness(Parts parts) {
        return List.of(
                new ReadinessCheck("kafka", () -> parts.recorder().healthy() ? Optional.empty() : Optional.of(parts.recorder().condition())),
                new ReadinessCheck("verdicts", () -> {
                    FeedHealth health = parts.verdicts().health();
                    return health.healthy() ? Optional.empty() : Optional.of("verdicts and tickets are not read: " + health.condition());
                }),
                new ReadinessCheck("targets", () -> Optional.ofNullable(parts.maskWatch().refused())));
    }

    /** Counts from zero, so that an alarm can be set on any change. */
    static Consumer<Disagreement> disagreements(Metrics metrics) {
        Map<Disagreement, Counter> counters = new EnumMap<>(Disagreement.class);
        for (Disagreement each : Disagreement.values()) {
            counters.put(each, metrics.counter(
                    "sluice_lineage_disagreements_total",
                    "Times that a server contradicted what a statement was resolved to, each refused or withheld; must stay at zero.",
                    "witness",
                    each.name().toLowerCase(Locale.ROOT)));
        }
        return disagreement -> Objects.requireNonNull(counters.get(disagreement)).increment();
    }

    static void register(Metrics metrics, Parts parts, Sessions sessions, Listener listener) {
        RuntimeMetrics.register(metrics);
        metrics.gauge("sluice_sessions", "Sessions that run now.", sessions::size);
        metrics.gauge("sluice_connections", "Client connections, whatever their phase.", listener::connections);
        metrics.gauge("sluice_unauthenticated_connections", "Client connections that are not proven yet.", listener::unauthenticatedConnections);
        metrics.gauge("sluice_connections_turned_away", "Connections turned away at a limit since the start.", listener::turnedAway);
        metrics.gauge("sluice_holds", "Statements that wait for people.", () -> parts.holds().size());
        metrics.gauge("sluice_tickets", "Statements that people are asked about while their clients do not wait, of all gateways.", () -> parts.tickets().size());
        metrics.gauge("sluice_unrecorded_verdicts", "Verdicts since the start that counted for nothing and that no session could record; each is in the log.",
                () -> parts.holds().unrecorded() + parts.tickets().unrecorded());
        metrics.gauge("sluice_unrecorded_bytes", "Bytes of events that Kafka has not acknowledged.", () -> parts.recorder().unacknowledgedBytes());
        metrics.gauge("sluice_recorded_events", "Events that Kafka has acknowledged since the start.", () -> parts.recorder().acknowledgedRecords());
        metrics.gauge("sluice_recording_delay_seconds", "Age of the oldest event that Kafka has not acknowledged.",
                () -> parts.recorder().oldestUnacknowledged().toNanos() / 1e9);
    }
}

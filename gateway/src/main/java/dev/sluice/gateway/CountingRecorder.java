// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway;

import dev.sluice.gateway.kafka.Recorder;
import dev.sluice.gateway.kafka.SessionLog;
import dev.sluice.gateway.kafka.SessionLogListener;
import dev.sluice.gateway.metrics.Metrics;
import dev.sluice.schemas.event.Detection;
import dev.sluice.schemas.event.DomainEvent;
import dev.sluice.schemas.event.ResultEvent.ResultRecorded;
import dev.sluice.schemas.event.StatementEvent.StatementCompleted;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Adds up what content detectors have found, as it is recorded. */
record CountingRecorder(Recorder recorder, Metrics metrics) implements Recorder {
    @Override
    public SessionLog open(String sessionId, String source, Executor executor, SessionLogListener listener) {
        return new CountingLog(recorder.open(sessionId, source, executor, listener), metrics);
    }

    @Override
    public boolean healthy() {
        return recorder.healthy();
    }

    @Override
    public boolean takesResults() {
        return recorder.takesResults();
    }

    @Override
    public String condition() {
        return recorder.condition();
    }

    private record CountingLog(SessionLog log, Metrics metrics) implements SessionLog {
        @Override
        public long append(DomainEvent event, @Nullable String causationId) {
            List<Detection> detections = event instanceof StatementCompleted completed ? completed.detections() : null;
            if (detections != null) {
                detections.forEach(this::count);
            }
            return log.append(event, causationId);
        }

        private void count(Detection detection) {
            String action = detection.action().name().toLowerCase(Locale.ROOT);
            metrics.counter("sluice_detections_total", "Matches of content detectors in answers since the start.", "detector", detection.detector(), "action", action)
                    .add(detection.count());
        }

        @Override
        public void keep(ResultRecorded result, Runnable acknowledged) {
            log.keep(result, acknowledged);
        }

        @Override
        public long acknowledgedThrough() {
            return log.acknowledgedThrough();
        }

        @Override
        public void checkpoint() {
            log.checkpoint();
        }

        @Override
        public CompletionStage<Long> close(String reason, long statements, long durationMicros) {
            return log.close(reason, statements, durationMicros);
        }
    }
}

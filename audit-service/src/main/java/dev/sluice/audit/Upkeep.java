// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit;

import dev.sluice.audit.store.Retention;
import dev.sluice.audit.store.SearchIndexes;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the database needs every hour: the indexes of days that are over, and the end of what has expired. A failure is told, and tried again. */
final class Upkeep implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(Upkeep.class);
    private static final Duration FIRST = Duration.ofMinutes(2);
    private static final Duration EVERY = Duration.ofHours(1);

    private final ScheduledExecutorService executor =
            Executors.newSingleThreadScheduledExecutor(task -> Thread.ofPlatform().name("sluice-audit-upkeep").daemon().unstarted(task));
    private final SearchIndexes indexes;
    private final Retention retention;
    private final Clock clock;

    private Upkeep(SearchIndexes indexes, Retention retention, Clock clock) {
        this.indexes = indexes;
        this.retention = retention;
        this.clock = clock;
    }

    static Upkeep start(SearchIndexes indexes, Retention retention, Clock clock) {
        var upkeep = new Upkeep(indexes, retention, clock);
        var unused = upkeep.executor.scheduleWithFixedDelay(upkeep::round, FIRST.toSeconds(), EVERY.toSeconds(), TimeUnit.SECONDS);
        return upkeep;
    }

    private void round() {
        try {
            int indexed = indexes.complete(LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC));
            Retention.Outcome outcome = retention.apply(clock.instant());
            LOGGER.atInfo()
                    .addKeyValue("daysIndexed", indexed)
                    .addKeyValue("sessionsDropped", outcome.sessions())
                    .addKeyValue("daysDropped", outcome.days())
                    .log("upkeep done");
        } catch (RuntimeException e) {
            LOGGER.atWarn().addKeyValue("reason", String.valueOf(e.getMessage())).log("upkeep has failed and is tried again in an hour");
        }
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}

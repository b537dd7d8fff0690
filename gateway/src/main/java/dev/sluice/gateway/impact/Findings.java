// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.impact;

import dev.sluice.schemas.event.Impact;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is known so far. */
final class Findings {
    private static final int MOST_LOCKS = 200;

    @Nullable Long estimatedRows;
    @Nullable Long exactRows;
    Impact.@Nullable Sample sample;
    @Nullable String rewrite;
    private boolean manyLocks;
    final List<Impact.Table> tables = new ArrayList<>();
    final List<Impact.Cascade> cascades = new ArrayList<>();
    final List<Impact.Trigger> triggers = new ArrayList<>();
    final List<Impact.Lock> locks = new ArrayList<>();
    final List<Impact.Dependent> dependents = new ArrayList<>();
    final List<Impact.Missing> missing = new ArrayList<>();

    /** Notes a lock once; of very many, some. */
    void lock(Impact.Lock lock) {
        if (locks.contains(lock)) {
            return;
        }
        if (locks.size() < MOST_LOCKS) {
            locks.add(lock);
        } else if (!manyLocks) {
            manyLocks = true;
            missing("there are more of them", "locks");
        }
    }

    void missing(String reason, String... parts) {
        for (String part : parts) {
            missing.add(new Impact.Missing(part, reason));
        }
    }

    Impact as(String evidence) {
        return new Impact(evidence, estimatedRows, exactRows, sample, tables, cascades, triggers, locks, dependents, rewrite, missing);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.hold;

import dev.sluice.gateway.wire.SqlState;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A session that writes down which verdicts it is told of that count for nothing. */
final class HeardRejections implements HoldOwner {
    final List<String> heard = new CopyOnWriteArrayList<>();
    volatile boolean over;

    @Override
    public void granted(String approvalId, String verdictEventId, String verdict, @Nullable Instant standsUntil) {
        heard.add(verdictEventId + " granted");
    }

    @Override
    public boolean rejected(String approvalId, String verdictEventId, String verdict, String reason) {
        if (!over) {
            heard.add(verdictEventId + " for " + approvalId + ": " + reason);
        }
        return !over;
    }

    @Override
    public void refused(String approvalId, SqlState sqlState, String reason) {
        heard.add("refused: " + reason);
    }
}

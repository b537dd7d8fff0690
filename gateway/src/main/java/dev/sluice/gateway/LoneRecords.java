// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway;

import dev.sluice.gateway.kafka.RecordRefused;
import dev.sluice.gateway.kafka.Recorder;
import dev.sluice.gateway.kafka.SessionLog;
import dev.sluice.gateway.kafka.SessionLogListener;
import dev.sluice.gateway.net.RefusalListener;
import dev.sluice.schemas.event.SessionEvent;
import dev.sluice.schemas.event.SessionEvent.PolicyLoaded;
import dev.sluice.schemas.event.SessionEvent.SessionBypassed;
import dev.sluice.schemas.event.SessionEvent.SessionRefused;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records what belongs to no session of ours, each as a chain of its own: connections that were refused, sessions that did not come through us, and policies
 * that come into force.
 */
final class LoneRecords implements RefusalListener {
    private static final Logger LOGGER = LoggerFactory.getLogger(LoneRecords.class);

    private final Vertx vertx;
    private final Recorder recorder;
    private final String source;

    LoneRecords(Vertx vertx, Recorder recorder, String source) {
        this.vertx = vertx;
        this.recorder = recorder;
        this.source = source;
    }

    @Override
    public void refused(@Nullable String user, @Nullable String target, String clientAddress, String sqlState, String reason) {
        LOGGER.atInfo().addKeyValue("clientAddress", clientAddress).addKeyValue("sqlState", sqlState).addKeyValue("reason", reason).log("session refused");
        boolean recorded = record(new SessionRefused(user, target, clientAddress, sqlState, reason), "refused");
        LOGGER.atDebug().addKeyValue("recorded", recorded).log("session refused");
    }

    /** False when it cannot be recorded now. */
    boolean bypassed(SessionBypassed seen) {
        return record(seen, "bypassed");
    }

    /** As {@link #bypassed}. */
    boolean loaded(PolicyLoaded policy) {
        return record(policy, "loaded");
    }

    private boolean record(SessionEvent event, String end) {
        if (!recorder.healthy()) {
            return false;
        }
        Context context = vertx.getOrCreateContext();
        try {
            SessionLog log = recorder.open(UUID.randomUUID().toString(), source, task -> context.runOnContext(ignored -> task.run()), UNHEARD);
            log.append(event);
            log.close(end, 0, 0);
            return true;
        } catch (RecordRefused refused) {
            LOGGER.atWarn().addKeyValue("reason", refused.getMessage()).addKeyValue("event", event.getClass().getSimpleName()).log("what belongs to no session is not recorded");
            return false;
        }
    }

    /** Nobody waits for these records. */
    private static final SessionLogListener UNHEARD = new SessionLogListener() {
        @Override
        public void acknowledged(long throughSequence) {}

        @Override
        public void failed(Throwable cause) {
            LOGGER.atWarn().setCause(cause).log("what belongs to no session is not recorded");
        }
    };
}

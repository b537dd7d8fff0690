// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway;

import dev.sluice.gateway.kafka.RecordRefused;
import dev.sluice.gateway.kafka.Recorder;
import dev.sluice.gateway.kafka.SessionLog;
import dev.sluice.gateway.kafka.SessionLogListener;
import dev.sluice.gateway.net.RefusalListener;
import dev.sluice.schemas.event.SessionEvent.SessionRefused;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Records connections that did not become sessions, each as a chain of its own. */
final class RefusedSessions implements RefusalListener {
    private static final Logger LOGGER = LoggerFactory.getLogger(RefusedSessions.class);

    private final Vertx vertx;
    private final Recorder recorder;
    private final String source;

    RefusedSessions(Vertx vertx, Recorder recorder, String source) {
        this.vertx = vertx;
        this.recorder = recorder;
        this.source = source;
    }

    @Override
    public void refused(@Nullable String user, @Nullable String target, String clientAddress, String sqlState, String reason) {
        LOGGER.atInfo().addKeyValue("clientAddress", clientAddress).addKeyValue("sqlState", sqlState).addKeyValue("reason", reason).log("session refused");
        if (!recorder.healthy()) {
            return;
        }
        Context context = vertx.getOrCreateContext();
        try {
            SessionLog log = recorder.open(UUID.randomUUID().toString(), source, task -> context.runOnContext(ignored -> task.run()), UNHEARD);
            log.append(new SessionRefused(user, target, clientAddress, sqlState, reason));
            log.close("refused", 0, 0);
        } catch (RecordRefused refused) {
            LOGGER.atWarn().addKeyValue("reason", refused.getMessage()).log("a refused session is not recorded");
        }
    }

    /** Nobody waits for these records. */
    private static final SessionLogListener UNHEARD = new SessionLogListener() {
        @Override
        public void acknowledged(long throughSequence) {}

        @Override
        public void failed(Throwable cause) {
            LOGGER.atWarn().setCause(cause).log("a refused session is not recorded");
        }
    };
}

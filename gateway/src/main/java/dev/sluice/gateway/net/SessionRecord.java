// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.net;

import dev.sluice.gateway.kafka.RecordRefused;
import dev.sluice.gateway.kafka.SessionLog;
import dev.sluice.gateway.session.Effect;
import dev.sluice.gateway.session.Input;
import dev.sluice.gateway.wire.SqlState;
import java.util.function.Consumer;

/** Gives the log what a session has to record, and tells the session what is safe. */
final class SessionRecord {
    private final SessionLog log;
    private final Consumer<Input> told;
    private final MarkTrail marks = new MarkTrail();

    SessionRecord(SessionLog log, Consumer<Input> told) {
        this.log = log;
        this.told = told;
    }

    /** May throw {@link RecordRefused}, as the next may. */
    void take(Effect.Record record) {
        marks.record(log.append(record.event()));
    }

    void take(Effect.RecordResult kept) {
        MarkTrail.Part part = marks.part();
        log.keep(kept.result(), () -> tell(marks.mark(), marks.acknowledged(part)));
    }

    void acknowledged(long throughSequence) {
        tell(marks.mark(), marks.acknowledged(throughSequence));
    }

    private void tell(long before, long now) {
        if (now > before) {
            told.accept(new Input.Acknowledged(now));
        }
    }

    static Input unrecordable(RecordRefused refused) {
        SqlState state = switch (refused.reason()) {
            case TOO_LARGE -> SqlState.PROGRAM_LIMIT_EXCEEDED;
            case QUEUE_FULL, CLOSED -> SqlState.IO_ERROR;
        };
        return new Input.Unrecordable(state, "the session ends because a statement cannot be recorded: " + refused.getMessage());
    }
}

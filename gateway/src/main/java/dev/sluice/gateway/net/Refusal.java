// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.net;

import dev.sluice.gateway.wire.BackendEncoder;
import dev.sluice.gateway.wire.Diagnosis;
import dev.sluice.gateway.wire.ProtocolViolation;
import dev.sluice.gateway.wire.SqlState;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * Why a connection does not become a session, as the client is told and as it is recorded.
 *
 * @param message one sentence, free of secrets
 * @param hint the way out, if there is one
 * @param relayed the server's own ErrorResponse, to be passed on as it is, or nothing where there is to be no answer; null for ours
 */
record Refusal(SqlState sqlState, String message, @Nullable String hint, @Nullable Buffer relayed) {
    static Refusal of(SqlState sqlState, String message) {
        return new Refusal(sqlState, message, null, null);
    }

    /**
     * What is not the protocol.
     *
     * @param opening nothing has been understood of the client yet: like PostgreSQL we then say nothing to who sends impossible lengths
     */
    static Refusal of(ProtocolViolation violation, boolean opening) {
        Buffer silence = opening && !violation.framingIntact() ? Buffer.buffer() : null;
        return new Refusal(violation.sqlState(), violation.getMessage(), null, silence);
    }

    Refusal withHint(@Nullable String text) {
        return new Refusal(sqlState, message, text, relayed);
    }

    /** The last message of the connection. */
    Buffer errorResponse() {
        if (relayed != null) {
            return relayed;
        }
        Diagnosis diagnosis = Diagnosis.fatal(sqlState, message);
        return BackendEncoder.errorResponse(hint == null ? diagnosis : diagnosis.withHint(hint));
    }

    /** As the failure of a future. */
    RefusedException asException() {
        return new RefusedException(this);
    }
}

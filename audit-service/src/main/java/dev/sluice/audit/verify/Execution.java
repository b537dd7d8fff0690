// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.verify;

import dev.sluice.schemas.event.Detection;
import dev.sluice.schemas.event.StatementEvent.StatementCompleted;

/** What the end of a statement says of its effect on the server. An error alone does not mean that there was none. */
enum Execution {
    /** The server has carried it out, or a part of it for good. */
    DONE,
    /** It has failed as a whole. */
    FAILED,
    /** The connection ended first: the server may have gone on. */
    UNKNOWN;

    private static final String CONNECTION_FAILURE = "08006";

    static Execution of(StatementCompleted completed) {
        if (completed.sqlState() == null || answerWasDenied(completed) || completed.commandTags().stream().anyMatch(Execution::keeps)) {
            return DONE;
        }
        return completed.sqlState().equals(CONNECTION_FAILURE) ? UNKNOWN : FAILED;
    }

    /** The client was told of an error that the server knows nothing of. */
    private static boolean answerWasDenied(StatementCompleted completed) {
        return completed.detections() != null && completed.detections().stream().anyMatch(found -> found.action() == Detection.Action.DENY);
    }

    /** Of the tags of a text that failed later: no error takes back what came before it. */
    private static boolean keeps(String commandTag) {
        return commandTag.startsWith("COMMIT") || commandTag.equals("PREPARE TRANSACTION");
    }
}

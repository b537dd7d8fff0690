// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval.webhook;

import java.time.Duration;
import java.time.Instant;

/**
 * Keeps a replica from asking a receiver that does not answer: after {@link #FAILURES} failures in a row nothing is sent for a while, then one
 * message as a trial, whose success opens the way again and whose failure doubles the while. Each replica has its own.
 */
final class Breaker {
    static final int FAILURES = 5;
    static final Duration SHORTEST = Duration.ofSeconds(15);
    static final Duration LONGEST = Duration.ofMinutes(5);

    /** As REST tells it. */
    enum State { CLOSED, OPEN, TRIAL }

    private int failures;
    private Duration pause = SHORTEST;
    private Instant openUntil = Instant.MIN;
    private boolean trial;

    /** Whether a message may be sent now. Counts as its trial if it is the first after a pause. */
    synchronized boolean admits(Instant now) {
        if (failures < FAILURES) {
            return true;
        }
        if (trial || now.isBefore(openUntil)) {
            return false;
        }
        trial = true;
        return true;
    }

    synchronized void succeeded() {
        failures = 0;
        trial = false;
        pause = SHORTEST;
    }

    synchronized void failed(Instant now) {
        failures++;
        if (trial) {
            pause = pause.multipliedBy(2).compareTo(LONGEST) > 0 ? LONGEST : pause.multipliedBy(2);
        }
        if (trial || failures == FAILURES) {
            openUntil = now.plus(pause);
        }
        trial = false;
    }

    synchronized State state(Instant now) {
        if (failures < FAILURES) {
            return State.CLOSED;
        }
        return trial || !now.isBefore(openUntil) ? State.TRIAL : State.OPEN;
    }
}

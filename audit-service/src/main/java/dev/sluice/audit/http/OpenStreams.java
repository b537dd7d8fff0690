// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.http;

import java.util.concurrent.Semaphore;

/** How many replays run at once: each asks the database several times a second, for as long as its session and its caller's token last. */
final class OpenStreams {
    private final int most;
    private final Semaphore free;

    OpenStreams(int most) {
        this.most = most;
        this.free = new Semaphore(most);
    }

    /** Runs {@code stream} to its end, or throws a {@link Problem} where as many run already. */
    void run(Runnable stream) {
        if (!free.tryAcquire()) {
            throw Problem.tooMany("too-many-streams", "Too many replays run", "This instance runs " + most + " at most. Try again later.");
        }
        try {
            stream.run();
        } finally {
            free.release();
        }
    }
}

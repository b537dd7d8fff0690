// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.session;

import dev.sluice.schemas.event.StatementEvent.Timing;

/** When a statement passed from one hand to the next, in the nanoseconds of {@link Moment}. */
final class Stations {
    private static final long NEVER = Long.MIN_VALUE;

    private final long arrived;
    private final long taken;
    private final long judged;
    /** It may run: from here on its record is on its way. */
    private final long released;
    private long recorded = NEVER;
    private long sent = NEVER;

    Stations(long arrived, long taken, long judged, long released) {
        this.arrived = arrived;
        this.taken = taken;
        this.judged = judged;
        this.released = released;
    }

    void recorded(long nanos) {
        recorded = nanos;
    }

    void sent(long nanos) {
        sent = nanos;
    }

    /** {@code nanos} is when the server's answer was complete. */
    Timing timing(long nanos) {
        return new Timing(
                micros(arrived, taken),
                micros(taken, judged),
                micros(judged, released),
                micros(released, recorded == NEVER ? nanos : recorded),
                sent == NEVER ? 0 : micros(sent, nanos),
                micros(arrived, nanos));
    }

    private static long micros(long from, long to) {
        return Math.max(0, (to - from) / 1_000);
    }
}

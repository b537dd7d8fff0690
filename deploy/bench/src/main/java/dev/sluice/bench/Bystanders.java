// SPDX-License-Identifier: Apache-2.0
package dev.sluice.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Tells how much of the machine went to processes that have nothing to do with the benchmark, from /proc/stat (proc(5)). Interrupts are left
 * out, since most of them are the benchmark's own packets.
 *
 * @param server the root of the database server's processes, which are not below this one
 */
record Bystanders(long server) {
    private static final int USER = 1;
    private static final int SYSTEM = 3;
    private static final int STEAL = 8;

    /** What had been used by a moment, in ticks of all processors. */
    record Reading(long all, long own, long nanos) {}

    Reading now() {
        long own = ProcessorTime.ticksOfTree(ProcessHandle.current().pid());
        boolean below = ProcessHandle.current().descendants().anyMatch(process -> process.pid() == server);
        try {
            String all = Files.readAllLines(Path.of("/proc/stat")).getFirst();
            return new Reading(ticksIn(all), own + (below ? 0 : ProcessorTime.ticksOfTree(server)), System.nanoTime());
        } catch (IOException failed) {
            throw new UncheckedIOException("/proc/stat cannot be read", failed);
        }
    }

    /** Between two readings: 0 when the machine was ours, 1 when others had all of it. */
    static double share(Reading before, Reading after, int processors) {
        double seconds = (after.nanos - before.nanos) / 1e9 * processors;
        double others = (after.all - before.all - (after.own - before.own)) * ProcessorTime.SECONDS_PER_TICK;
        return seconds <= 0 ? 0 : Math.clamp(others / seconds, 0, 1);
    }

    /** Busy ticks in the first line of /proc/stat: user, nice, system, and what the host gave to other guests. */
    static long ticksIn(String line) {
        List<String> fields = List.of(line.strip().split(" +"));
        long ticks = Long.parseLong(fields.get(STEAL));
        for (int field = USER; field <= SYSTEM; field++) {
            ticks += Long.parseLong(fields.get(field));
        }
        return ticks;
    }
}

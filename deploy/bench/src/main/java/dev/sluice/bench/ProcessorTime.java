// SPDX-License-Identifier: Apache-2.0
package dev.sluice.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** Processor time from /proc (proc(5)), in ticks of 10 ms: user and system time of a process, its children, and those it has waited for. */
final class ProcessorTime {
    /** USER_HZ is 100 on every Linux that Java runs on; proc(5). */
    static final double SECONDS_PER_TICK = 0.01;

    // Fields 14 to 17 of /proc/PID/stat, counted from the one behind the command's closing parenthesis, which is field 3.
    private static final int FIRST_FIELD_BEHIND_COMMAND = 3;
    private static final int UTIME = 14;
    private static final int CSTIME = 17;

    private ProcessorTime() {}

    /** Ticks used so far by the whole tree below {@code root}; those of a process that has just ended are its parent's. */
    static long ticksOfTree(long root) {
        return ProcessHandle.of(root)
                .map(process -> LongStream.concat(LongStream.of(root), process.descendants().mapToLong(ProcessHandle::pid))
                        .map(ProcessorTime::ticks)
                        .sum())
                .orElse(0L);
    }

    /** The fields of one line of /proc/PID/stat that count. */
    static long ticksIn(String stat) {
        List<String> fields = Stream.of(stat.substring(stat.lastIndexOf(')') + 2).split(" ")).toList();
        long ticks = 0;
        for (int field = UTIME; field <= CSTIME; field++) {
            ticks += Long.parseLong(fields.get(field - FIRST_FIELD_BEHIND_COMMAND));
        }
        return ticks;
    }

    /** Ticks used so far by this process alone, and by those of its children that have ended. */
    static long ticks(long pid) {
        try {
            return ticksIn(Files.readString(Path.of("/proc", Long.toString(pid), "stat")));
        } catch (IOException ended) {
            return 0;
        }
    }
}

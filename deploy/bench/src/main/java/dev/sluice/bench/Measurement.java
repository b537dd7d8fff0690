// SPDX-License-Identifier: Apache-2.0
package dev.sluice.bench;

import java.util.Map;
import java.util.TreeMap;

/**
 * One run of pgbench on one route.
 *
 * @param processorMicros processor time per transaction, in microseconds, by process
 * @param bystanders share of all processors' time that went to processes that are not the benchmark's
 */
record Measurement(Pgbench.Result result, Map<String, Double> processorMicros, double bystanders) {
    Measurement {
        processorMicros = Map.copyOf(processorMicros);
    }

    static Measurement take(Pgbench pgbench, Bystanders bystanders, Route route, Workload workload, String mode, int clients, int seconds) {
        Bystanders.Reading begin = bystanders.now();
        Map<String, Long> before = ticks(route);
        Pgbench.Result result = pgbench.run(route, workload, mode, clients, seconds);
        Map<String, Long> after = ticks(route);
        double others = Bystanders.share(begin, bystanders.now(), Runtime.getRuntime().availableProcessors());
        Map<String, Double> micros = new TreeMap<>();
        before.forEach((process, ticks) -> micros.put(
                process, (after.get(process) - ticks) * ProcessorTime.SECONDS_PER_TICK * 1e6 / Math.max(1, result.transactions())));
        return new Measurement(result, micros, others);
    }

    private static Map<String, Long> ticks(Route route) {
        Map<String, Long> ticks = new TreeMap<>();
        route.processes().forEach((name, pid) -> ticks.put(name, ProcessorTime.ticksOfTree(pid)));
        return ticks;
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.bench;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/** All rounds of one workload, mode, number of clients and route. */
record Cell(Workload workload, String mode, int clients, String route, List<Measurement> rounds) {
    Cell {
        rounds = List.copyOf(rounds);
        if (rounds.isEmpty()) {
            throw new IllegalArgumentException("a cell without a round has no median");
        }
    }

    double transactionsPerSecond() {
        return median(round -> round.result().transactionsPerSecond());
    }

    double latencyMillis() {
        return median(round -> round.result().latencyMillis());
    }

    /** How far apart the best and the worst round are, as a share of the median. */
    double spread() {
        double best = rounds.stream().mapToDouble(round -> round.result().transactionsPerSecond()).max().orElseThrow();
        double worst = rounds.stream().mapToDouble(round -> round.result().transactionsPerSecond()).min().orElseThrow();
        return (best - worst) / transactionsPerSecond();
    }

    /** Median processor time per transaction in microseconds, by process. */
    Map<String, Double> processorMicros() {
        Map<String, Double> medians = new TreeMap<>();
        rounds.getFirst().processorMicros().keySet().forEach(process -> medians.put(process, median(round -> round.processorMicros().get(process))));
        return medians;
    }

    private double median(ToDoubleFunction<Measurement> of) {
        double[] sorted = rounds.stream().mapToDouble(of).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}

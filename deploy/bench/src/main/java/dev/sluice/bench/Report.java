// SPDX-License-Identifier: Apache-2.0
package dev.sluice.bench;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The figures as Markdown for people and as JSON for programs. */
record Report(Map<String, String> circumstances, List<Cell> cells) {
    /** With no more than this for others a machine counts as quiet. */
    private static final double QUIET = 0.05;

    Report {
        cells = List.copyOf(cells);
    }

    String markdown() {
        StringBuilder text = new StringBuilder("# pgbench: direct, PgBouncer, Sluice\n\n");
        circumstances.forEach((what, value) -> text.append("- ").append(what).append(": ").append(value).append('\n'));
        bystanders().ifPresent(line -> text.append("- ").append(line).append('\n'));
        text.append("\nMedians over the rounds. Spread is best minus worst round as a share of the median. CPU is processor time per transaction.\n");
        for (Workload workload : Workload.values()) {
            List<Cell> own = cells.stream().filter(cell -> cell.workload() == workload).toList();
            if (own.isEmpty()) {
                continue;
            }
            text.append("\n## ").append(workload.label()).append("\n\n");
            text.append("| mode | clients | route | tps | latency ms | of direct | of PgBouncer | spread | CPU us/transaction |\n");
            text.append("|---|--:|---|--:|--:|--:|--:|--:|---|\n");
            own.forEach(cell -> text.append(line(cell)).append('\n'));
        }
        return text.toString();
    }

    String json() {
        List<Map<String, Object>> rows = new ArrayList<>();
        for (Cell cell : cells) {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("workload", cell.workload().label());
            row.put("mode", cell.mode());
            row.put("clients", cell.clients());
            row.put("route", cell.route());
            row.put("transactionsPerSecond", cell.transactionsPerSecond());
            row.put("latencyMillis", cell.latencyMillis());
            row.put("spread", cell.spread());
            ratio(cell, Route.DIRECT).ifPresent(ratio -> row.put("ofDirect", ratio));
            ratio(cell, Route.PGBOUNCER).ifPresent(ratio -> row.put("ofPgBouncer", ratio));
            row.put("processorMicrosPerTransaction", cell.processorMicros());
            row.put("bystanders", cell.rounds().stream().map(Measurement::bystanders).toList());
            row.put("rounds", cell.rounds().stream().map(round -> round.result().transactionsPerSecond()).toList());
            rows.add(row);
        }
        try {
            return JsonMapper.builder()
                    .enable(SerializationFeature.INDENT_OUTPUT)
                    .build()
                    .writeValueAsString(Map.of("circumstances", circumstances, "results", rows));
        } catch (JacksonException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Figures that were taken beside other work say so themselves. */
    private Optional<String> bystanders() {
        double[] shares = cells.stream().flatMap(cell -> cell.rounds().stream()).mapToDouble(Measurement::bystanders).sorted().toArray();
        if (shares.length == 0) {
            return Optional.empty();
        }
        double usual = shares[shares.length / 2];
        String line = String.format(
                Locale.ROOT,
                "other processes: %.0f %% of the processors' time in the median run, %.0f %% in the busiest one",
                usual * 100,
                shares[shares.length - 1] * 100);
        return Optional.of(usual <= QUIET ? line : line + ". **The machine was busy: do not quote these figures**");
    }

    private String line(Cell cell) {
        return String.format(
                Locale.ROOT,
                "| %s | %d | %s | %.0f | %.3f | %s | %s | %.0f %% | %s |",
                cell.mode(),
                cell.clients(),
                cell.route(),
                cell.transactionsPerSecond(),
                cell.latencyMillis(),
                shown(ratio(cell, Route.DIRECT)),
                shown(ratio(cell, Route.PGBOUNCER)),
                cell.spread() * 100,
                cell.processorMicros().entrySet().stream()
                        .map(process -> String.format(Locale.ROOT, "%s %.0f", process.getKey(), process.getValue()))
                        .collect(Collectors.joining(", ")));
    }

    /** This cell's throughput as a share of the same cell's on another route; empty for the other route itself. */
    private Optional<Double> ratio(Cell cell, String other) {
        return cell.route().equals(other)
                ? Optional.empty()
                : cells.stream()
                        .filter(candidate -> candidate.route().equals(other)
                                && candidate.workload() == cell.workload()
                                && candidate.mode().equals(cell.mode())
                                && candidate.clients() == cell.clients())
                        .findFirst()
                        .map(base -> cell.transactionsPerSecond() / base.transactionsPerSecond());
    }

    private static String shown(Optional<Double> ratio) {
        return ratio.map(value -> String.format(Locale.ROOT, "%.2f", value)).orElse("");
    }
}

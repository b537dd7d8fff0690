// SPDX-License-Identifier: Apache-2.0
package dev.sluice.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReportTest {
    private static final String OUTPUT =
            """
            pgbench (15.18, server 18.4)
            transaction type: <builtin: select only>
            number of transactions actually processed: 41234
            number of failed transactions: 0 (0.000%)
            latency average = 0.966 ms
            initial connection time = 21.007 ms
            tps = 8283.551234 (without initial connection time)
            """;

    @Test
    void readsWhatPgbenchPrints() {
        assertThat(Pgbench.Result.parse(OUTPUT)).isEqualTo(new Pgbench.Result(8283.551234, 0.966, 41234));
    }

    @Test
    void refusesOutputWithoutFigures() {
        assertThatThrownBy(() -> Pgbench.Result.parse("pgbench: error: connection refused")).hasMessageContaining("connection refused");
    }

    @Test
    void readsProcessorTimeBehindACommandWithSpacesAndParentheses() {
        String stat = "4242 (a (b) c) S 1 4242 4242 0 -1 4194304 100 200 0 0 11 22 33 44 20 0 5 0 100 1000 200";

        assertThat(ProcessorTime.ticksIn(stat)).isEqualTo(11 + 22 + 33 + 44);
    }

    @Test
    void ratiosAreOfMediansAndOneRouteIsNotComparedWithItself() {
        Report report = new Report(Map.of("when", "now"), List.of(cell(Route.DIRECT, 900, 1000, 5000), cell(Route.PGBOUNCER, 800), cell(Route.SLUICE, 400, 600)));

        assertThat(report.markdown())
                .contains("| simple | 8 | direct | 1000 | 1.000 |  | 1.25 | 410 % |")
                .contains("| simple | 8 | pgbouncer | 800 | 1.000 | 0.80 |  | 0 % |")
                .contains("| simple | 8 | sluice | 500 | 1.000 | 0.50 | 0.63 | 40 % | postgres 10 |");
        assertThat(report.json()).contains("\"ofPgBouncer\" : 0.625");
    }

    @Test
    void saysWhenTheMachineWasBusyWithSomethingElse() {
        Cell quiet = cell(Route.DIRECT, 1000);
        Cell busy = cell(0.4, Route.DIRECT, 1000);

        assertThat(new Report(Map.of("when", "now"), List.of(quiet)).markdown()).contains("other processes: 1 %").doesNotContain("busy:");
        assertThat(new Report(Map.of("when", "now"), List.of(busy)).markdown()).contains("other processes: 40 %").contains("do not quote");
    }

    @Test
    void whatOthersTookIsWhatIsNotOurs() {
        assertThat(Bystanders.ticksIn("cpu  100 20 3 4000 50 600 700 8 0 0")).isEqualTo(100 + 20 + 3 + 8);
        assertThat(Bystanders.share(new Bystanders.Reading(1000, 500, 0), new Bystanders.Reading(1300, 700, 1_000_000_000L), 2)).isEqualTo(0.5);
    }

    private static Cell cell(String route, double... rounds) {
        return cell(0.01, route, rounds);
    }

    private static Cell cell(double bystanders, String route, double... rounds) {
        return new Cell(
                Workload.SELECT_ONLY,
                "simple",
                8,
                route,
                java.util.Arrays.stream(rounds).mapToObj(tps -> new Measurement(new Pgbench.Result(tps, 1, 10), Map.of("postgres", 10.0), bystanders)).toList());
    }
}

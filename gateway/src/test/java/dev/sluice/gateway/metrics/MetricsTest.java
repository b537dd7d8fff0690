// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class MetricsTest {
    private final Metrics metrics = new Metrics();

    @Test
    void writesTheTextFormatOfPrometheus() {
        metrics.counter("sluice_statements_total", "Statements judged.", "outcome", "allow").add(3);
        metrics.counter("sluice_statements_total", "Statements judged.", "outcome", "allow").increment();
        metrics.gauge("sluice_sessions", "Open sessions.", () -> 7.5, "target", "a\"b\\c\nd");
        Histogram histogram = metrics.histogram("sluice_judge_seconds", "Time to judge.", new double[] {0.001, 0.5}, "kind", "x");
        histogram.observe(Duration.ofMillis(1));
        histogram.observe(0.25);
        histogram.observe(2);

        assertThat(metrics.text()).isEqualTo("""
                # HELP sluice_judge_seconds Time to judge.
                # TYPE sluice_judge_seconds histogram
                sluice_judge_seconds_bucket{kind="x",le="0.001"} 1
                sluice_judge_seconds_bucket{kind="x",le="0.5"} 2
                sluice_judge_seconds_bucket{kind="x",le="+Inf"} 3
                sluice_judge_seconds_sum{kind="x"} 2.251
                sluice_judge_seconds_count{kind="x"} 3
                # HELP sluice_sessions Open sessions.
                # TYPE sluice_sessions gauge
                sluice_sessions{target="a\\"b\\\\c\\nd"} 7.5
                # HELP sluice_statements_total Statements judged.
                # TYPE sluice_statements_total counter
                sluice_statements_total{outcome="allow"} 4
                """);
    }

    @Test
    void labelsThatNeverEndAreAddedUp() {
        for (int i = 0; i < Metrics.MAX_SERIES + 50; i++) {
            metrics.counter("many_total", "Many.", "name", "n" + i).increment();
        }
        assertThat(metrics.text().lines().filter(line -> line.startsWith("many_total"))).hasSize(Metrics.MAX_SERIES + 1)
                .contains("many_total{name=\"other\"} 50");
    }

    @Test
    void refusesNamesThatPrometheusWouldNotRead() {
        assertThatThrownBy(() -> metrics.counter("x", "X.")).hasMessage("a counter's name ends in _total: x");
        assertThatThrownBy(() -> metrics.gauge("a-b", "X.", () -> 0)).hasMessage("no name for a metric: a-b");
        assertThatThrownBy(() -> metrics.gauge("a", "X.", () -> 0, "b-c", "d")).hasMessage("no name for a label: b-c");
        assertThatThrownBy(() -> metrics.gauge("a", "X.", () -> 0, "b")).hasMessageStartingWith("a label lacks its value");
        metrics.counter("y_total", "Y.");
        assertThatThrownBy(() -> metrics.gauge("y_total", "Y.", () -> 0)).hasMessageStartingWith("y_total is there already");
        assertThatThrownBy(() -> metrics.counter("y_total", "Z.")).hasMessageStartingWith("y_total is there already");
        assertThatThrownBy(() -> metrics.histogram("h", "H.", new double[] {2, 1})).hasMessageStartingWith("bounds must grow");
    }

    @Test
    void theRuntimeSpeaksOfItself() {
        RuntimeMetrics.register(metrics);
        assertThat(metrics.text()).contains("jvm_heap_bytes{kind=\"used\"} ").contains("jvm_threads ").contains("process_start_time_seconds ");
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.bench;

import java.util.Arrays;
import java.util.stream.Collectors;

/** What pgbench is told to run. */
enum Workload {
    /** One SELECT by primary key per transaction. */
    SELECT_ONLY("select-only", "select-only"),
    /** Seven statements per transaction, four of them writes. */
    TPC_B("tpc-b", "tpcb-like");

    private final String label;
    private final String script;

    Workload(String label, String script) {
        this.label = label;
        this.script = script;
    }

    /** As it is written on the command line and in the report. */
    String label() {
        return label;
    }

    /** The name of pgbench's built-in script. */
    String script() {
        return script;
    }

    static Workload parse(String label) {
        return Arrays.stream(values())
                .filter(workload -> workload.label.equals(label))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("'" + label + "' is none of "
                        + Arrays.stream(values()).map(Workload::label).collect(Collectors.joining(", "))));
    }
}

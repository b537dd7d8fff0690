// SPDX-License-Identifier: Apache-2.0
package dev.sluice.bench;

import java.util.Map;

/**
 * A way from pgbench to the server.
 *
 * @param name as the report calls it
 * @param port on 127.0.0.1
 * @param processes whose processor time counts, by name; the value is the process at the root of its tree
 */
record Route(String name, int port, Map<String, Long> processes) {
    static final String DIRECT = "direct";
    static final String PGBOUNCER = "pgbouncer";
    static final String SLUICE = "sluice";

    Route {
        processes = Map.copyOf(processes);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.config;

/** Where PostgreSQL clients connect. */
public record ListenConfig(
        @Setting(value = "Address to listen on. `0.0.0.0` or `::` opens the gateway to the network; then set `tls` too.", defaultValue = "127.0.0.1")
                String host,
        @Setting(value = "TCP port; 0 takes any free port.", defaultValue = "6432") int port) {
    public ListenConfig {
        Check.filled("host", host);
        Check.within("port", 0, 65_535, port);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.config;

/** Where health, metrics and version are served. */
public record HttpConfig(
        @Setting(
                        value = "Address of the control API. It has no login: whoever reaches it can read metrics, so keep it off public networks.",
                        defaultValue = "127.0.0.1")
                String host,
        @Setting(value = "TCP port; 0 takes any free port.", defaultValue = "8432") int port) {
    public HttpConfig {
        Check.filled("host", host);
        Check.within("port", 0, 65_535, port);
    }
}

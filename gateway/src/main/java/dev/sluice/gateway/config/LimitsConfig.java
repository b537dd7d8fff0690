// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.config;

import java.time.Duration;

/** How much one client may ask of the gateway. Every queue and wait has its bound here. */
public record LimitsConfig(
        @Setting(
                        value = "Largest message after login. A larger one is skipped and answered with SQLSTATE 54000; the session lives on.",
                        defaultValue = "64MiB")
                DataSize message,
        @Setting(
                        value = "Largest message during authentication. Tokens that carry many groups are long.",
                        defaultValue = "64KiB")
                DataSize authenticationMessage,
        @Setting(
                        value = "Longest SQL text that is read. A longer one is refused with SQLSTATE 54000; parsing time grows with it.",
                        defaultValue = "1MiB")
                DataSize sql,
        @Setting(
                        value = "How much a client may send ahead while its statement is held. Beyond it the hold ends with SQLSTATE 53400.",
                        defaultValue = "1MiB")
                DataSize pending,
        @Setting(
                        value = "Time from the TCP connection to the end of login, TLS included, on both legs together.",
                        defaultValue = "30s")
                Duration startup,
        @Setting(
                        value = "How long a peer may take to read its last bytes when a session ends. Then its connection is reset.",
                        defaultValue = "10s")
                Duration close,
        @Setting(
                        value = "Sessions at once; one more is refused with SQLSTATE 53300. Each one is a connection of its target too.",
                        defaultValue = "1000")
                int sessions,
        @Setting(
                        value = "Connections from one client address that have not finished login; one more is closed at once.",
                        defaultValue = "64")
                int unauthenticatedPerAddress) {
    public LimitsConfig {
        Check.within("message", new DataSize(1 << 16), new DataSize(1 << 30), message);
        Check.within("authenticationMessage", new DataSize(1 << 10), new DataSize(1 << 20), authenticationMessage);
        Check.within("sql", new DataSize(1 << 10), new DataSize(16 << 20), sql);
        Check.within("pending", new DataSize(1 << 10), new DataSize(64 << 20), pending);
        Check.within("startup", Duration.ofSeconds(1), Duration.ofMinutes(10), startup);
        Check.within("close", Duration.ofMillis(100), Duration.ofMinutes(10), close);
        Check.within("sessions", 1, 100_000, sessions);
        Check.within("unauthenticatedPerAddress", 1, 100_000, unauthenticatedPerAddress);
        if (sql.bytes() > message.bytes()) {
            throw new InvalidSetting("sql", "must not exceed message (" + message + "), but is " + sql);
        }
    }
}

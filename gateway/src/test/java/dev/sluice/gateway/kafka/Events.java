// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.kafka;

import dev.sluice.schemas.event.StatementEvent.Facts;
import dev.sluice.schemas.event.StatementEvent.Outcome;
import dev.sluice.schemas.event.StatementEvent.Parameter;
import dev.sluice.schemas.event.StatementEvent.Protocol;
import dev.sluice.schemas.event.StatementEvent.RelationAccess;
import dev.sluice.schemas.event.StatementEvent.StatementDecided;
import java.util.List;

/** Events of the usual size. */
final class Events {
    private Events() {}

    static StatementDecided decided(long number) {
        return new StatementDecided(
                "0190f8a0-0000-7000-8000-" + String.format("%012d", number),
                Protocol.EXECUTE,
                "SELECT abalance FROM pgbench_accounts WHERE aid = $1",
                "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
                List.of(new Parameter(23, "text", Long.toString(number))),
                new Facts(List.of("select"), List.of("read"), List.of(new RelationAccess(null, "pgbench_accounts", "read")), List.of(), true, true),
                Outcome.ALLOW,
                "defaults.read",
                null,
                true,
                List.of(),
                "2026-11-23T04:00:00Z/1",
                "I");
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.net;

import dev.sluice.gateway.config.HoldManner;
import dev.sluice.gateway.hold.HoldRegistry;
import dev.sluice.gateway.hold.TicketOffice;
import dev.sluice.gateway.kafka.Recorder;
import dev.sluice.gateway.lineage.Disagreement;
import dev.sluice.gateway.policy.Policy;
import dev.sluice.gateway.session.HoldPractice;
import dev.sluice.gateway.session.Moment;
import dev.sluice.gateway.statement.StatementReader;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What every session needs of the gateway.
 *
 * @param source who writes the record, {@code /sluice/gateway/<instance>}
 * @param practice how clients wait for people that do not say it, and whose targets do not
 * @param overlapsReads see {@link dev.sluice.gateway.session.SessionContext}
 * @param pendingLimit bytes that may wait in a session, each way
 * @param recordingTimeout how long a session's opening may wait for its record
 * @param heartbeat how often a waiting client is told that it still waits; zero for never
 * @param resultChunk bytes of an answer in one record, where the policy asks to keep it
 * @param disagreements hears of every time that a server contradicts what a statement was resolved to; on any thread
 * @param closeTimeout how long a peer may take to read its last bytes; then its connection is reset
 */
public record SessionServices(
        Vertx vertx,
        Recorder recorder,
        StatementReader reader,
        Supplier<Policy> policy,
        HoldRegistry holds,
        TicketOffice tickets,
        Supplier<Moment> clock,
        String source,
        HoldPractice practice,
        boolean overlapsReads,
        long pendingLimit,
        Duration recordingTimeout,
        Duration heartbeat,
        Duration closeTimeout,
        MaskSource masks,
        int resultChunk,
        Consumer<Disagreement> disagreements) {
    /** How a client waits that has said this much about it. */
    HoldPractice practice(HoldManner said) {
        return new HoldPractice(said.orElse(practice.manner()), practice.transactionLimit());
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.audit.testing.Chain;
import java.lang.ProcessHandle.Info;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Verifies many sessions and prints how fast; only a finding fails. {@code -Daudit.rate.sessions} sets how many, 300 events each. */
final class VerifyRateIT {
    private static final int SESSIONS = Integer.getInteger("audit.rate.sessions", 200);
    private static final int STATEMENTS = 149;
    private static final int ROUNDS = 5;

    @Test
    void manySessionsAreVerified() {
        List<List<byte[]>> sessions = IntStream.range(0, SESSIONS).mapToObj(VerifyRateIT::session).toList();
        for (int round = 1; round <= ROUNDS; round++) {
            Duration before = spent(ProcessHandle.current().info());
            long start = System.nanoTime();
            Report report;
            try (var verifier = new ParallelVerifier(PublicKeys.of(Chain.GATEWAY.publicKeys(), Chain.APPROVAL.publicKeys()), false)) {
                sessions.forEach(session -> session.forEach(verifier::accept));
                report = verifier.report();
            }
            double seconds = (System.nanoTime() - start) / 1e9;
            Duration spent = spent(ProcessHandle.current().info()).minus(before);
            LoggerFactory.getLogger(VerifyRateIT.class)
                    .atInfo()
                    .addKeyValue("round", round)
                    .addKeyValue("eventsPerSecond", Math.round(report.records() / seconds))
                    .addKeyValue("microsPerEvent", String.format("%.1f", spent.toNanos() / 1e3 / report.records()))
                    .log("verified");
            assertThat(report.ok()).isTrue();
            assertThat(report.openSessions()).isZero();
        }
    }

    private static List<byte[]> session(int number) {
        var chain = new Chain("0192f0c1-7a5b-7000-8000-" + String.format("%012d", number)).opened();
        for (int statement = 0; statement < STATEMENTS; statement++) {
            chain.allowed("select name, city from customers where id = " + (number * STATEMENTS + statement));
        }
        return chain.closed().records();
    }

    private static Duration spent(Info info) {
        return info.totalCpuDuration().orElse(Duration.ZERO);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.e2e.stack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.audit.verify.KeySource;
import dev.sluice.audit.verify.Report;
import dev.sluice.quickstart.Credentials;
import dev.sluice.quickstart.Stack;
import dev.sluice.quickstart.StackOptions;
import dev.sluice.schemas.event.SessionEvent;
import dev.sluice.schemas.event.StatementEvent.Outcome;
import dev.sluice.schemas.event.StatementEvent.Parameter;
import dev.sluice.schemas.event.StatementEvent.StatementDecided;
import dev.sluice.schemas.kafka.Topics;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Kafka goes away under load and comes back: nothing runs unrecorded, nothing hangs, and nobody has to restart anything. */
@ExtendWith(NoBlockedEventLoop.class)
final class KafkaOutageE2E {
    private static final int CLIENTS = 8;
    private static final Duration REFUSED_WITHIN = Duration.ofSeconds(5);
    private static final Duration RECOVERED_WITHIN = Duration.ofSeconds(15);
    /** What the test itself may need on a busy machine, on top of what the gateway promises. */
    private static final Duration ALLOWANCE = Duration.ofSeconds(1);
    private static final String POLICY = "version: 1\ndefaults: {read: allow, write: allow, session: allow, unknown: deny}\n";

    @Test
    void refusesWhatCannotBeRecordedAndRecoversByItself(@TempDir Path folder) throws Exception {
        Path policy = Files.writeString(folder.resolve("policy.yaml"), POLICY);
        try (Stack stack = Stack.start(StackOptions.forTests(folder.resolve("stack")).withPolicy(policy))) {
            Credentials credentials = stack.credentials();
            try (Client owner = Client.past(stack)) {
                assertThat(owner.run("CREATE TABLE ledger (worker text, number text)").sqlState()).isEmpty();
            }
            Load load = new Load(CLIENTS, "ledger", "n", simple -> Client.agent(credentials, simple));
            try (load;
                    Client idle = Client.agent(credentials)) {
                assertThat(idle.value("SELECT 1")).isEqualTo("1");
                awaitWrites(load, 0, "every client writes", Eventually.PATIENCE);
                stack.kafka().stop();
                long stopped = System.nanoTime();
                Eventually.awaitTrue("every client has been refused three times", Eventually.PATIENCE, () -> IntStream.range(0, CLIENTS)
                        .allMatch(worker -> failures(load, worker, stopped).size() >= 3));
                Client.Ending refused = idle.run("SELECT 2");
                assertThat(refused.sqlState()).as(refused.message()).isEqualTo("58030");
                stack.kafka().restart();
                long restarted = System.nanoTime();
                awaitWrites(load, restarted, "every client writes again", RECOVERED_WITHIN);
                assertThat(idle.value("SELECT 3")).as("a session that was idle lives on").isEqualTo("3");
            }
            load.attempts().stream().filter(attempt -> !attempt.succeeded()).forEach(attempt -> {
                assertThat(attempt.sqlState()).as("%s: %s", attempt.key(), attempt.message()).isEqualTo("58030");
                assertThat(attempt.took()).as("%s: %s", attempt.key(), attempt.message()).isLessThan(REFUSED_WITHIN.plus(ALLOWANCE));
            });
            Eventually.awaitTrue("all sessions have ended", Eventually.PATIENCE, () -> stack.gateway().sessions() == 0);
            prove(stack, credentials, load);
        }
    }

    private static void awaitWrites(Load load, long since, String what, Duration patience) throws Exception {
        Eventually.awaitTrue(what, patience, () -> IntStream.range(0, CLIENTS).allMatch(worker -> load.succeededSince(worker, since) >= 2));
    }

    private static List<Load.Attempt> failures(Load load, int worker, long since) {
        return load.attempts().stream().filter(attempt -> attempt.worker() == worker && attempt.ended() >= since && !attempt.succeeded()).toList();
    }

    private static void prove(Stack stack, Credentials credentials, Load load) throws Exception {
        String rows;
        try (Client owner = Client.past(stack)) {
            rows = owner.value("SELECT string_agg(number, ' ') FROM ledger");
        }
        var evidence = Evidence.read(stack.kafka().bootstrapServers(), Topics.SESSIONS.name());
        List<String> allowed = evidence.events(StatementDecided.class)
                .filter(decided -> decided.outcome() == Outcome.ALLOW && decided.query().startsWith("INSERT INTO ledger"))
                .map(KafkaOutageE2E::number)
                .toList();
        List<String> written = List.of(rows.split(" "));
        assertThat(written).doesNotHaveDuplicates();
        assertThat(allowed).as("what was allowed, of what was written").containsAll(written);
        Report report = evidence.verify(
                Objects.requireNonNull(KeySource.read(credentials.publicKeys().gateway())), Objects.requireNonNull(KeySource.read(credentials.publicKeys().approval())));
        assertThat(report.allFindings()).isEmpty();
        System.out.printf(
                "Kafka away under load: %d attempts, %d of them refused; %d rows written, %d writes recorded as allowed; %d sessions, %d of them closed%n",
                load.attempts().size(),
                load.attempts().stream().filter(attempt -> !attempt.succeeded()).count(),
                written.size(),
                allowed.size(),
                report.sessions().size(),
                evidence.events(SessionEvent.SessionClosed.class).count());
    }

    /** The number that an INSERT writes: its parameter, or the second literal of its text. */
    private static String number(StatementDecided decided) {
        List<Parameter> parameters = decided.parameters();
        return parameters.isEmpty() ? decided.query().split("'", -1)[3] : String.valueOf(parameters.getFirst().value());
    }
}

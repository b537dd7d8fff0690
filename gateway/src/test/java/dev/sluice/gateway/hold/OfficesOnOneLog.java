// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.hold;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.schemas.Principal;
import dev.sluice.schemas.Verdict;
import dev.sluice.schemas.event.StatementEvent.Facts;
import dev.sluice.schemas.event.StatementEvent.HoldMode;
import dev.sluice.schemas.event.StatementEvent.StatementHeld;
import dev.sluice.schemas.event.TicketEvent;
import dev.sluice.schemas.event.VerdictEvent;
import dev.sluice.schemas.signature.Ending;
import dev.sluice.schemas.signature.SigningKey;
import dev.sluice.schemas.signature.StatementDigest;
import dev.sluice.schemas.signature.TermsDigest;
import dev.sluice.schemas.signature.VerdictSigner;
import dev.sluice.schemas.signature.VerdictVerifier;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

/** Two gateways on one log, and what their clients ask and hear. */
abstract class OfficesOnOneLog {
    static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
    static final SigningKey KEY = SigningKey.generate();

    volatile Instant now = NOW;
    final List<TicketEvent> log = new ArrayList<>();
    final HeardRejections owner = new HeardRejections();
    final TicketOffice here = office();
    final TicketOffice there = office();
    int appliedHere;
    int appliedThere;

    TicketOffice office() {
        return new TicketOffice(10, HoldRegistry.Verifier.of(new VerdictVerifier(KEY.publicKeys())), () -> now, event -> {
            synchronized (log) {
                log.add(event);
                log.notifyAll();
            }
            return true;
        });
    }

    @AfterEach
    void close() {
        here.close();
        there.close();
    }

    StatementHeld statement(String session, String sql, String policy, @Nullable String catalog) {
        return new StatementHeld(
                session + "-1", "ticket-" + session + "-1", session, StatementDigest.bound(sql, List.of(), "app", "shop", "public", policy, catalog), sql, List.of(),
                new Facts(List.of("delete"), List.of("write"), List.of(), List.of(), false, true), "rule", null, List.of("dba"), 1, now.plus(Duration.ofMinutes(5)),
                new Principal("agent", "https://issuer.test", Principal.Method.OIDC, Set.of(), "alice"), "shop", "shop", null, "127.0.0.1:1", false, null, null, null,
                "app", "public", HoldMode.RETURN, policy, catalog, null, null);
    }

    StatementHeld statement(String session) {
        return statement(session, "delete from t", "1", null);
    }

    /** Waits until so many records have been written. */
    void written(int records) throws InterruptedException {
        synchronized (log) {
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
            while (log.size() < records) {
                log.wait(Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime())));
                assertThat(System.nanoTime()).isLessThan(deadline);
            }
        }
    }

    void hear() {
        for (; appliedHere < log.size(); appliedHere++) {
            here.apply(log.get(appliedHere), now);
        }
        for (; appliedThere < log.size(); appliedThere++) {
            there.apply(log.get(appliedThere), now);
        }
    }

    StatementHeld opened() {
        StatementHeld first = statement("a");
        here.open(first, answer -> {});
        hear();
        return first;
    }

    void decide(VerdictEvent verdict) {
        here.decide("event", verdict);
        there.decide("event", verdict);
    }

    void grant(SigningKey key, StatementHeld hold) {
        decide(granted(key, hold));
    }

    static VerdictEvent granted(SigningKey key, StatementHeld hold) {
        var verdict = new Verdict(
                hold.approvalId(), hold.sessionId(), hold.statementId(), hold.statementDigest(), "agent", List.of("bob"), NOW, hold.expiresAt(), TermsDigest.of(hold));
        return new VerdictEvent.VerdictGranted(hold.approvalId(), hold.sessionId(), new VerdictSigner(key).sign(verdict));
    }

    static VerdictEvent refused(SigningKey key, StatementHeld hold, String reason) {
        return new VerdictEvent.VerdictRefused(hold.approvalId(), hold.sessionId(), reason, Ending.refused(hold, reason).sign(key, NOW));
    }

    LinkedBlockingQueue<TicketAnswer> present(TicketOffice office, StatementHeld again) {
        var answers = new LinkedBlockingQueue<TicketAnswer>();
        office.present(again, owner, answers::add);
        return answers;
    }

    static TicketAnswer answer(LinkedBlockingQueue<TicketAnswer> answers) throws InterruptedException {
        TicketAnswer answer = answers.poll(10, TimeUnit.SECONDS);
        assertThat(answer).isNotNull();
        return answer;
    }

    TicketAnswer claimed(TicketOffice office, StatementHeld again) throws InterruptedException {
        int before = log.size();
        var answers = present(office, again);
        written(before + 1);
        hear();
        return answer(answers);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.net;

import dev.sluice.gateway.hold.HoldOwner;
import dev.sluice.gateway.hold.TicketAnswer;
import dev.sluice.gateway.hold.WaitingStatement;
import dev.sluice.gateway.session.Input;
import dev.sluice.gateway.wire.SqlState;
import dev.sluice.schemas.event.StatementEvent.StatementHeld;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What one session waits for of people: registered, timed, and told to the session. On the session's event loop, but for what it hears. */
final class SessionHolds implements HoldOwner {
    private static final Logger LOGGER = LoggerFactory.getLogger(SessionHolds.class);
    private static final long NO_TIMER = -1;

    private final SessionServices services;
    private final EstablishedSession established;
    private final Consumer<Input> session;
    private volatile boolean over;
    private @Nullable String openHold;
    private @Nullable String awaitedTicket;
    private Runnable watcher = () -> {};
    private long endTimer = NO_TIMER;
    private long heartbeatTimer = NO_TIMER;

    /** @param session takes what happens, on any thread */
    SessionHolds(SessionServices services, EstablishedSession established, Consumer<Input> session) {
        this.services = services;
        this.established = established;
        this.session = session;
    }

    @Override
    public void granted(String approvalId, String verdictEventId, String verdict, @Nullable Instant standsUntil) {
        session.accept(new Input.Granted(approvalId, verdictEventId, verdict, standsUntil));
    }

    @Override
    public boolean rejected(String approvalId, String verdictEventId, String verdict, String reason) {
        if (!over) {
            session.accept(new Input.GrantRejected(approvalId, verdictEventId, verdict, reason));
        }
        return !over;
    }

    @Override
    public void refused(String approvalId, SqlState sqlState, String reason) {
        session.accept(new Input.HoldRefused(approvalId, sqlState, reason));
    }

    void open(StatementHeld hold) {
        String approvalId = hold.approvalId();
        services.holds().open(hold, this);
        openHold = approvalId;
        // Behind the expiry, never a fraction of a millisecond before it: then it would be taken for a statement that its gateway gave up.
        long wait = Duration.between(services.clock().get().instant(), hold.expiresAt()).toMillis() + 2;
        endTimer = services.vertx().setTimer(Math.max(1, wait),
                id -> session.accept(new Input.HoldRefused(approvalId, SqlState.INSUFFICIENT_PRIVILEGE, "nobody approved it until " + hold.expiresAt())));
        beat();
        LOGGER.atInfo().addKeyValue("sessionId", established.sessionId()).addKeyValue("approvalId", approvalId).addKeyValue("rule", hold.rule()).log("statement held");
    }

    void close(String approvalId) {
        services.holds().close(approvalId);
        cancelTimers();
    }

    void presentTicket(StatementHeld again) {
        services.tickets().present(again, this, answerTo(again));
    }

    void openTicket(StatementHeld hold) {
        services.tickets().open(hold, answerTo(hold));
        LOGGER.atInfo().addKeyValue("sessionId", established.sessionId()).addKeyValue("approvalId", hold.approvalId()).addKeyValue("rule", hold.rule()).log("ticket opened");
    }

    private Consumer<TicketAnswer> answerTo(StatementHeld statement) {
        return answer -> session.accept(new Input.TicketAnswered(statement.statementId(), answer));
    }

    void awaitTicket(String approvalId, Duration patience) {
        awaitedTicket = approvalId;
        watcher = () -> session.accept(new Input.TicketDecided(approvalId));
        endTimer = services.vertx().setTimer(Math.max(1, patience.toMillis()), id -> session.accept(new Input.PatienceEnded(approvalId)));
        beat();
        services.tickets().watch(approvalId, watcher);
    }

    void leaveTicket(String approvalId) {
        services.tickets().leave(approvalId, watcher);
        awaitedTicket = null;
        cancelTimers();
    }

    /** What the session's caller waits for on its target: in sessions of this gateway, and with tickets of any. */
    List<WaitingStatement> waiting() {
        var waiting = new ArrayList<>(services.holds().of(established.principal(), established.target()));
        waiting.addAll(services.tickets().of(established.principal(), established.target()));
        return waiting;
    }

    private void beat() {
        long millis = services.heartbeat().toMillis();
        heartbeatTimer = millis == 0 ? NO_TIMER : services.vertx().setPeriodic(millis, id -> session.accept(new Input.Heartbeat()));
    }

    private void cancelTimers() {
        services.vertx().cancelTimer(endTimer);
        services.vertx().cancelTimer(heartbeatTimer);
    }

    /** The session is over. */
    void end() {
        over = true;
        cancelTimers();
        if (openHold != null) {
            services.holds().close(openHold);
        }
        if (awaitedTicket != null) {
            services.tickets().leave(awaitedTicket, watcher);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.net;

import dev.sluice.gateway.identity.AgentToken;
import dev.sluice.gateway.identity.AgentTokens;
import dev.sluice.gateway.kafka.RecordRefused;
import dev.sluice.gateway.kafka.SessionLog;
import dev.sluice.gateway.kafka.SessionLogListener;
import dev.sluice.gateway.policy.Policy;
import dev.sluice.gateway.session.Effect;
import dev.sluice.gateway.session.GatewayFacts;
import dev.sluice.gateway.session.Input;
import dev.sluice.gateway.session.Moment;
import dev.sluice.gateway.session.Session;
import dev.sluice.gateway.session.SessionContext;
import dev.sluice.gateway.statement.Reading;
import dev.sluice.gateway.wire.BackendEncoder;
import dev.sluice.gateway.wire.BackendMessage;
import dev.sluice.gateway.wire.Diagnosis;
import dev.sluice.gateway.wire.FrontendEncoder;
import dev.sluice.gateway.wire.FrontendMessage;
import dev.sluice.gateway.wire.ProtocolViolation;
import dev.sluice.gateway.wire.SqlState;
import dev.sluice.schemas.event.SessionEvent.SessionOpened;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries out what a {@link Session} decides: reads and writes both sockets, records, opens holds. Lives on one event loop. */
final class SessionDriver implements SessionLogListener {
    private static final Logger LOGGER = LoggerFactory.getLogger(SessionDriver.class);

    private static final long NO_ROOM_MILLIS = 20;
    private static final long NO_TIMER = -1;

    private final EstablishedSession established;
    private final SessionServices services;
    private final BiConsumer<SessionDriver, CompletionStage<Long>> ended;
    private final Context context;
    private final Moment started;
    private final SessionLog log;
    private final Leg frontend;
    private final Leg backend;
    private final SessionMasks masks;
    private final SessionHolds holds;
    private final ArrayDeque<Input> inputs = new ArrayDeque<>();
    private final SessionRecord record;
    private long openedSequence;
    private @Nullable Session session;
    private long openingTimer = NO_TIMER;
    private long roomTimer = NO_TIMER;
    private boolean feeding;
    private boolean over;

    SessionDriver(EstablishedSession established, SessionServices services, BiConsumer<SessionDriver, CompletionStage<Long>> ended) {
        this.established = established;
        this.services = services;
        this.ended = ended;
        this.context = services.vertx().getOrCreateContext();
        this.started = services.clock().get();
        this.log = services.recorder().open(established.sessionId(), services.source(), this::onLoop, this);
        this.record = new SessionRecord(log, this::tell);
        this.masks = new SessionMasks(services, established.target(), established.database(), this::tell);
        this.holds = new SessionHolds(services, established, this::tell);
        this.frontend = new Leg(established.frontend());
        this.backend = new Leg(established.backend());
    }

    /** Records the opening; the client hears that it may begin once that is safe. */
    void start(boolean recording) {
        established.frontend().closeHandler(gone -> tell(new Input.FrontendClosed()));
        // Its end comes after what it has said, even if that waits for a slow client; its closing would come before.
        established.backend().endHandler(gone -> tell(new Input.BackendClosed()));
        // A failed socket closes; these handlers tell.
        established.frontend().exceptionHandler(failure -> LOGGER.debug("frontend socket of session {} failed", established.sessionId(), failure));
        established.backend().exceptionHandler(failure -> LOGGER.debug("backend socket of session {} failed", established.sessionId(), failure));
        established.cancel().onCancel(() -> tell(new Input.CancelRequested()));
        if (!recording) {
            giveUp("sessions cannot be recorded: " + services.recorder().condition());
            return;
        }
        Policy policy = services.policy().get();
        try {
            openedSequence = log.append(opened(policy));
        } catch (RecordRefused refused) {
            giveUp("the session's opening cannot be recorded: " + refused.getMessage());
            return;
        }
        openingTimer = services.vertx().setTimer(
                services.recordingTimeout().toMillis(), id -> giveUp("the session's opening could not be recorded in time"));
    }

    private SessionOpened opened(Policy policy) {
        return new SessionOpened(
                established.principal(),
                established.target(),
                established.database(),
                established.role(),
                established.application(),
                established.clientAddress(),
                established.encrypted(),
                "3." + established.minorVersion(),
                established.parameterStatus().get("server_version"),
                policy.version(),
                policy.mode().name().toLowerCase(Locale.ROOT),
                established.traceparent(),
                established.purpose());
    }

    @Override
    public void acknowledged(long throughSequence) {
        if (session == null) {
            if (throughSequence >= openedSequence) {
                begin();
            }
            return;
        }
        record.acknowledged(throughSequence);
    }

    @Override
    public void failed(Throwable cause) {
        LOGGER.error("recording of session {} has failed", established.sessionId(), cause);
        tell(new Input.Unrecordable(SqlState.IO_ERROR, "the session ends because it cannot be recorded"));
    }

    /** The agent tokens are these now. From any thread. */
    void agentTokens(AgentTokens tokens) {
        AgentToken proven = established.agentToken();
        String withdrawal = proven == null ? null : tokens.withdrawal(proven);
        if (withdrawal != null) {
            tell(new Input.CredentialWithdrawn(withdrawal));
        }
    }

    /** From any thread. */
    void tell(Input input) {
        onLoop(() -> feed(input));
    }

    private void onLoop(Runnable task) {
        if (services.vertx().getOrCreateContext() == context && Context.isOnEventLoopThread()) {
            task.run();
        } else {
            context.runOnContext(ignored -> task.run());
        }
    }

    private void begin() {
        services.vertx().cancelTimer(openingTimer);
        if (over) {
            return;
        }
        session = new Session(
                new SessionContext(
                        established.sessionId(),
                        established.principal(),
                        established.credentialEnds(),
                        established.target(),
                        established.database(),
                        established.role(),
                        established.application(),
                        established.clientAddress(),
                        services.policy(),
                        services.holds()::hasRoom,
                        services.practice(established.manner()),
                        services.overlapsReads(),
                        services.pendingLimit(),
                        masks.tokens(),
                        new GatewayFacts(services.source(), holds::waiting),
                        masks::exposed,
                        established.traceparent(),
                        services.resultChunk(),
                        established.purpose()),
                established.parameterStatus(),
                established.transactionStatus(),
                services.clock().get());
        frontend.write(BackendEncoder.readyForQuery(established.transactionStatus()));
        frontend.flush();
        established.frontend().handler(bytes -> {
            established.frontendReader().feed(bytes);
            feedFrontend();
        });
        established.backend().handler(bytes -> {
            established.backendReader().feed(bytes);
            feedBackend();
        });
        established.frontend().drainHandler(ignored -> steer());
        established.backend().drainHandler(ignored -> steer());
        established.frontend().resume();
        established.backend().resume();
        feedBackend();
        feedFrontend();
    }

    private void feedFrontend() {
        boolean more = true;
        while (more) {
            try {
                FrontendMessage message = established.frontendReader().next();
                more = message != null;
                if (message != null) {
                    inputs.addLast(new Input.FromFrontend(message));
                }
            } catch (ProtocolViolation violation) {
                more = violation.framingIntact();
                inputs.addLast(more
                        ? new Input.FromFrontend(new FrontendMessage.Malformed((byte) violation.tag(), violation.sqlState(), violation.getMessage()))
                        : new Input.ProtocolBroken(true, violation.sqlState(), violation.getMessage()));
            }
        }
        feed();
    }

    private void feedBackend() {
        try {
            for (BackendMessage message = established.backendReader().next(); message != null; message = established.backendReader().next()) {
                inputs.addLast(new Input.FromBackend(message));
            }
        } catch (ProtocolViolation violation) {
            inputs.addLast(new Input.ProtocolBroken(false, violation.sqlState(), violation.getMessage()));
        }
        feed();
    }

    private void feed(Input input) {
        inputs.addLast(input);
        feed();
    }

    /** One input after the other, never one within another: performing an effect may bring the next input. */
    private void feed() {
        if (feeding) {
            return;
        }
        feeding = true;
        Session running = session;
        try {
            for (Input input = inputs.pollFirst(); input != null; input = inputs.pollFirst()) {
                if (running == null) {
                    beforeBegin(input);
                } else {
                    perform(running.on(input, services.clock().get()));
                }
            }
        } catch (RuntimeException broken) {
            // A bug of ours: nothing that this session would still do can be trusted.
            LOGGER.error("session {} ends by an internal error", established.sessionId(), broken);
            close("internal error");
        } finally {
            feeding = false;
        }
        frontend.flush();
        backend.flush();
        steer();
    }

    private void beforeBegin(Input input) {
        switch (input) {
            case Input.FrontendClosed closed -> close("the client closed the connection");
            case Input.BackendClosed closed -> giveUp("the database server closed the connection");
            case Input.DrainRequested drain -> giveUp(SqlState.ADMIN_SHUTDOWN, "the gateway is shutting down");
            case Input.DrainDeadline drain -> giveUp(SqlState.ADMIN_SHUTDOWN, "the gateway is shutting down");
            case Input.CredentialWithdrawn withdrawn -> giveUp(SqlState.ADMIN_SHUTDOWN, withdrawn.reason());
            case Input.Unrecordable unrecordable -> giveUp(unrecordable.reason());
            case Input.RecordingStalled stalled -> giveUp("sessions cannot be recorded: " + services.recorder().condition());
            default -> LOGGER.debug("session {} has not begun: {} ignored", established.sessionId(), input.getClass().getSimpleName());
        }
    }

    private void perform(List<Effect> effects) {
        for (Effect effect : effects) {
            switch (effect) {
                case Effect.ToBackend to -> backend.write(to.bytes());
                case Effect.ToFrontend to -> frontend.write(to.bytes());
                case Effect.Read read -> read(read.sql());
                case Effect.BindMasks bind -> masks.bind(bind.number(), bind.rules());
                case Effect.PlanMasks plan -> masks.plan(plan.number(), plan.masks(), plan.trees());
                case Effect.SearchWritten search -> masks.search(search.number(), search.values());
                case Effect.CatalogChanged changed -> masks.changed();
                case Effect.Disagreed(var disagreement) -> masks.disagreed(disagreement);
                case Effect.Record _, Effect.RecordResult _ -> {
                    try {
                        if (effect instanceof Effect.Record event) {
                            record.take(event);
                        } else if (effect instanceof Effect.RecordResult kept) {
                            record.take(kept);
                        }
                    } catch (RecordRefused refused) {
                        // What follows in this list depends on this record: none of it may happen.
                        if (session == null || session.isClosed()) {
                            close(String.valueOf(refused.getMessage()));
                        } else {
                            inputs.addFirst(SessionRecord.unrecordable(refused));
                        }
                        return;
                    }
                }
                case Effect.OpenHold open -> holds.open(open.hold());
                case Effect.CloseHold close -> holds.close(close.approvalId());
                case Effect.PresentTicket present -> holds.presentTicket(present.again());
                case Effect.OpenTicket open -> holds.openTicket(open.hold());
                case Effect.AwaitTicket await -> holds.awaitTicket(await.approvalId(), await.patience());
                case Effect.LeaveTicket leave -> holds.leaveTicket(leave.approvalId());
                case Effect.RelayCancel cancel -> established.upstreamCancel().send().onFailure(
                        failure -> LOGGER.warn("cancel request of session {} failed: {}", established.sessionId(), failure.getMessage()));
                case Effect.CloseBoth close -> close(close.reason());
            }
        }
    }

    private void read(String sql) {
        Reading known = services.reader().readNow(sql);
        if (known != null) {
            inputs.addLast(new Input.HasRead(known));
            return;
        }
        services.reader().read(sql).whenComplete((reading, failure) -> tell(new Input.HasRead(
                failure == null ? reading : new Reading.Refused(SqlState.INTERNAL_ERROR.code(), "the statement could not be read", "(not read)"))));
    }

    /** Reads from each side as fast as the other side, the record and the session can take it. */
    private void steer() {
        Session running = session;
        if (running == null || over) {
            return;
        }
        frontend.reading(running.wantsFrontend() && (running.isHolding() || !backend.isFull()));
        boolean room = !running.keepsAnswer() || services.recorder().takesResults();
        backend.reading(running.wantsBackend() && !frontend.isFull() && room);
        if (!room && roomTimer == NO_TIMER) {
            // Others have filled the queue: there is nothing of ours whose acknowledgement would tell.
            roomTimer = services.vertx().setTimer(NO_ROOM_MILLIS, id -> {
                roomTimer = NO_TIMER;
                steer();
            });
        }
    }

    private void giveUp(String reason) {
        giveUp(SqlState.IO_ERROR, reason);
    }

    private void giveUp(SqlState state, String reason) {
        if (!over) {
            services.vertx().cancelTimer(openingTimer);
            frontend.write(BackendEncoder.errorResponse(Diagnosis.fatal(state, reason)));
            close(reason);
        }
    }

    private void close(String reason) {
        if (over) {
            return;
        }
        over = true;
        services.vertx().cancelTimer(openingTimer);
        services.vertx().cancelTimer(roomTimer);
        holds.end();
        established.cancel().close();
        frontend.end(services.vertx(), Buffer.buffer(), services.closeTimeout());
        backend.end(services.vertx(), FrontendEncoder.terminate(), services.closeTimeout());
        long statements = session == null ? 0 : session.statements();
        long micros = (services.clock().get().nanos() - started.nanos()) / 1_000;
        CompletionStage<Long> recorded = log.close(reason, statements, micros).whenComplete((sequence, failure) -> {
            if (failure != null) {
                LOGGER.warn("the end of session {} is not recorded: {}", established.sessionId(), failure.getMessage());
            }
        });
        LOGGER.atInfo().addKeyValue("sessionId", established.sessionId()).addKeyValue("reason", reason).log("session closed");
        ended.accept(this, recorded);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.session;

import dev.sluice.gateway.wire.SqlState;
import dev.sluice.gateway.wire.TransactionStatus;
import java.util.List;
import java.util.Map;

/**
 * One connection's rules. Feed it everything that happens, perform what it returns, in order.
 *
 * <p>It keeps its state between inputs and is otherwise a function of them: no sockets, no clock, no randomness.
 */
public final class Session {
    private final Conversation conversation;
    private final FrontendSide frontend;
    private final BackendSide backend;

    /**
     * @param parameterStatus what the server reported at startup
     * @param status what the server's first ReadyForQuery said
     */
    public Session(SessionContext context, Map<String, String> parameterStatus, TransactionStatus status, Moment start) {
        this.conversation = new Conversation(context, parameterStatus, status, start);
        var judge = new Judge(conversation);
        this.frontend = new FrontendSide(conversation, judge);
        this.backend = new BackendSide(conversation, frontend, judge);
    }

    /** @return what is to be done, in order; nothing once the session has ended */
    public List<Effect> on(Input input, Moment moment) {
        if (conversation.closed) {
            return List.of();
        }
        conversation.now = moment;
        switch (input) {
            case Input.FromFrontend from -> frontend.receive(OwnFunction.substituted(from.message()));
            case Input.FromBackend from -> backend.receive(from.message());
            case Input.HasRead read -> frontend.hasRead(read.reading());
            case Input.MasksBound bound -> frontend.masks().bound(bound.number(), bound.masks(), bound.reason());
            case Input.MasksPlanned planned -> frontend.masks().planned(planned.number(), planned.plan(), planned.objects());
            case Input.WrittenSearched searched -> frontend.masks().searched(searched.number(), searched.objection());
            case Input.Acknowledged acknowledged -> {
                frontend.acknowledged();
                conversation.acknowledge(acknowledged.mark());
            }
            case Input.RecordingStalled stalled -> stalled();
            case Input.RecordingRecovered recovered -> conversation.recording = true;
            case Input.Granted granted -> frontend.holds().granted(granted);
            case Input.GrantRejected rejected -> frontend.holds().rejected(rejected);
            case Input.HoldRefused refused -> frontend.holds().refused(refused.approvalId(), refused.sqlState(), refused.reason());
            case Input.TicketAnswered answered -> frontend.holds().tickets().answered(answered);
            case Input.TicketDecided decided -> frontend.holds().tickets().decided(decided.approvalId());
            case Input.PatienceEnded ended -> frontend.holds().tickets().patienceEnded(ended.approvalId());
            case Input.Heartbeat heartbeat -> frontend.holds().heartbeat();
            case Input.CancelRequested cancel -> cancelled();
            case Input.FrontendClosed closed -> {
                frontend.holds().withdrawForGood("the client closed the connection");
                if (!conversation.ledger.isSettled()) {
                    conversation.perform(new Effect.RelayCancel());
                }
                conversation.end(null, "the client closed the connection");
            }
            case Input.BackendClosed closed -> backend.closed();
            case Input.ProtocolBroken broken -> {
                frontend.holds().withdrawForGood(broken.reason());
                conversation.end(Words.fatal(broken.sqlState(), broken.reason()),
                        "protocol violation by the " + (broken.byFrontend() ? "client: " : "database server: ") + broken.reason());
            }
            case Input.Unrecordable unrecordable -> {
                frontend.holds().withdrawForGood("the event log is away");
                if (!conversation.ledger.isSettled()) {
                    conversation.perform(new Effect.RelayCancel());
                }
                conversation.end(Words.fatal(unrecordable.sqlState(), unrecordable.reason()), unrecordable.reason());
            }
            case Input.CredentialWithdrawn withdrawn -> {
                frontend.holds().withdrawForGood(withdrawn.reason());
                if (!conversation.ledger.isSettled()) {
                    conversation.perform(new Effect.RelayCancel());
                }
                conversation.end(Words.fatal(SqlState.ADMIN_SHUTDOWN, "terminating connection: " + withdrawn.reason()), withdrawn.reason());
            }
            case Input.DrainRequested drain -> {
                conversation.draining = true;
                if (frontend.holds().isHolding()) {
                    shutDown();
                }
            }
            case Input.DrainDeadline deadline -> shutDown();
        }
        if (!conversation.closed && conversation.keepsInVain()) {
            stalled();
        }
        frontend.proceed();
        if (conversation.draining && frontend.isIdle() && conversation.ledger.isSettled() && conversation.releaseGate.isEmpty()) {
            shutDown();
        }
        return conversation.takeEffects();
    }

    /** Whether more of the client's messages should be read. A held statement's client is read on, so that its going is noticed. */
    public boolean wantsFrontend() {
        long waiting = frontend.pendingBytes() + conversation.sendGate.waitingBytes();
        return frontend.holds().isHolding() || waiting <= conversation.context.pendingLimit() && !conversation.ledger.isFull();
    }

    /** Whether more of the server's messages should be read: what waits for Kafka is bounded. */
    public boolean wantsBackend() {
        return conversation.releaseGate.withheldBytes() <= conversation.context.pendingLimit();
    }

    /** Whether the answer that the server is giving now is to be kept. */
    public boolean keepsAnswer() {
        Owed head = conversation.ledger.head();
        return head != null && head.execution != null && head.execution.tape != null;
    }

    public boolean isHolding() {
        return frontend.holds().isHolding();
    }

    public boolean isClosed() {
        return conversation.closed;
    }

    /** Statements that have been decided so far. */
    public long statements() {
        return conversation.statements();
    }

    private void cancelled() {
        if (frontend.holds().isHolding()) {
            frontend.holds().cancelled();
        } else if (!frontend.cancel() && !conversation.ledger.isSettled()) {
            conversation.perform(new Effect.RelayCancel());
        }
    }

    /** What was not sent is refused; an answer that waits for its record can be neither given nor taken back, so its session ends. */
    private void stalled() {
        conversation.recording = false;
        if (conversation.releaseGate.isEmpty()) {
            frontend.takeBackUnsent();
        }
        if (!conversation.releaseGate.isEmpty() || conversation.ledger.dependsOnRecordsAfter(conversation.acknowledged)) {
            frontend.holds().withdrawForGood("the event log is away");
            conversation.perform(new Effect.RelayCancel());
            conversation.end(Words.fatal(SqlState.IO_ERROR, "the session ends because its statements cannot be recorded"), "the event log is away");
        }
    }

    private void shutDown() {
        frontend.holds().withdrawForGood("the gateway is shutting down");
        conversation.end(Words.fatal(SqlState.ADMIN_SHUTDOWN, "terminating connection: the gateway is shutting down"), "the gateway is shutting down");
    }
}

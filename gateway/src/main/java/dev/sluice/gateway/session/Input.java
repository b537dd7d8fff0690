// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.session;

import dev.sluice.gateway.hold.TicketAnswer;
import dev.sluice.gateway.masking.BoundMasks;
import dev.sluice.gateway.masking.MaskPlan;
import dev.sluice.gateway.masking.TreeObjects;
import dev.sluice.gateway.statement.Reading;
import dev.sluice.gateway.wire.BackendMessage;
import dev.sluice.gateway.wire.FrontendMessage;
import dev.sluice.gateway.wire.SqlState;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Everything that can happen to a connection. */
public sealed interface Input {
    record FromFrontend(FrontendMessage message) implements Input {}

    record FromBackend(BackendMessage message) implements Input {}

    /** The answer to {@link Effect.Read}. */
    record HasRead(Reading reading) implements Input {}

    /**
     * The answer to {@link Effect.BindMasks}.
     *
     * @param number as there
     * @param masks null when the catalog is not known, for {@code reason}
     */
    record MasksBound(long number, @Nullable BoundMasks masks, String reason) implements Input {}

    /**
     * The answer to {@link Effect.PlanMasks} of this number.
     *
     * @param objects what the trees name
     */
    record MasksPlanned(long number, MaskPlan plan, TreeObjects objects) implements Input {}

    /**
     * The answer to {@link Effect.SearchWritten} of this number.
     *
     * @param objection null if nothing was found
     */
    record WrittenSearched(long number, MaskPlan.@Nullable Refused objection) implements Input {}

    /** Kafka has everything up to and including this mark of {@link Effect.Record}. */
    record Acknowledged(long mark) implements Input {}

    /** The record is not getting through: nothing may run until {@link RecordingRecovered}. */
    record RecordingStalled() implements Input {}

    record RecordingRecovered() implements Input {}

    /** A verified grant for the open hold. {@code verdict} is its JWS, {@code standsUntil} when it ends with a credential of its approvers', if it does. */
    record Granted(String approvalId, String verdictEventId, String verdict, @Nullable Instant standsUntil) implements Input {}

    /** A grant for the open hold that is not valid. The hold stays. */
    record GrantRejected(String approvalId, String verdictEventId, String verdict, String reason) implements Input {}

    /** The open hold ends without a grant: refused, expired, over a bound, or a verdict that did not verify. */
    record HoldRefused(String approvalId, SqlState sqlState, String reason) implements Input {}

    /** The answer to {@link Effect.PresentTicket} and {@link Effect.OpenTicket}; {@code statementId} is that of the statement it is for. */
    record TicketAnswered(String statementId, TicketAnswer answer) implements Input {}

    /** A verdict has come for the ticket that the client waits for. */
    record TicketDecided(String approvalId) implements Input {}

    /** The client has waited for its ticket's verdict as long as it wanted. */
    record PatienceEnded(String approvalId) implements Input {}

    /** Time to tell the waiting client that its statement still waits. */
    record Heartbeat() implements Input {}

    record CancelRequested() implements Input {}

    record FrontendClosed() implements Input {}

    record BackendClosed() implements Input {}

    /** A peer broke the protocol. */
    record ProtocolBroken(boolean byFrontend, SqlState sqlState, String reason) implements Input {}

    /** An event could not be appended: the session cannot go on. */
    record Unrecordable(SqlState sqlState, String reason) implements Input {}

    /** What the caller was proven with has been taken back: nothing more may run for it. */
    record CredentialWithdrawn(String reason) implements Input {}

    /** The gateway is going down: end as soon as nothing runs. */
    record DrainRequested() implements Input {}

    /** The gateway is going down now. */
    record DrainDeadline() implements Input {}
}

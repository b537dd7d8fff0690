// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.session;

import dev.sluice.gateway.lineage.Disagreement;
import dev.sluice.gateway.masking.BoundMasks;
import dev.sluice.gateway.masking.MaskRules;
import dev.sluice.schemas.event.ResultEvent;
import dev.sluice.schemas.event.StatementEvent;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.List;

/** Everything that a connection may do to the world. Performed in order. */
public sealed interface Effect {
    record ToBackend(Buffer bytes) implements Effect {}

    record ToFrontend(Buffer bytes) implements Effect {}

    /** Read this text; answered by {@link Input.HasRead}. At most one is open at a time. */
    record Read(String sql) implements Effect {}

    /** Find the columns that the rules name; answered by {@link Input.MasksBound} with the same number. Answers may come that are not wanted any more. */
    record BindMasks(long number, MaskRules rules) implements Effect {}

    /** Follow the server's trees and plan what the caller may see; answered by {@link Input.MasksPlanned}, as {@link BindMasks} is. */
    record PlanMasks(long number, BoundMasks masks, List<String> trees) implements Effect {}

    /** Look for what masks have shown in what is written; answered by {@link Input.WrittenSearched}, as {@link BindMasks} is. */
    record SearchWritten(long number, WrittenValues values) implements Effect {}

    /** Objects of the database may have changed. */
    record CatalogChanged() implements Effect {}

    /** The server has contradicted what a statement was resolved to: nothing of its answer passes, and the operator should hear of it. */
    record Disagreed(Disagreement disagreement) implements Effect {}

    /** Append to the session's record; {@link Input.Acknowledged} with this mark says that it is safe. Marks rise by one. */
    record Record(StatementEvent event, long mark) implements Effect {}

    /** Keep this part of an answer; marks and acknowledgement as for {@link Record}. */
    record RecordResult(ResultEvent.ResultRecorded result, long mark) implements Effect {}

    /** Register the hold and start its expiry; answered by {@link Input.Granted} or {@link Input.HoldRefused}. */
    record OpenHold(StatementEvent.StatementHeld hold) implements Effect {}

    /** The hold is over: forget it, whatever still arrives for it. */
    record CloseHold(String approvalId) implements Effect {}

    /** Ask whether people have answered about this statement before; answered by {@link Input.TicketAnswered}. */
    record PresentTicket(StatementEvent.StatementHeld again) implements Effect {}

    /** Give the hold a ticket; answered by {@link Input.TicketAnswered}. */
    record OpenTicket(StatementEvent.StatementHeld hold) implements Effect {}

    /** Tell of the ticket's verdict by {@link Input.TicketDecided}, and of the client's patience by {@link Input.PatienceEnded}. */
    record AwaitTicket(String approvalId, Duration patience) implements Effect {}

    /** The client waits for no ticket any more. */
    record LeaveTicket(String approvalId) implements Effect {}

    /** Ask the server to cancel what it runs for this session. */
    record RelayCancel() implements Effect {}

    /** Close both sides once everything written so far is out. */
    record CloseBoth(String reason) implements Effect {}
}

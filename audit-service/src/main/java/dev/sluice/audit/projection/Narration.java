// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.projection;

import dev.sluice.audit.projection.ReadRecord.Content;
import dev.sluice.schemas.event.ApprovalEvent;
import dev.sluice.schemas.event.AuditEvent;
import dev.sluice.schemas.event.DomainEvent;
import dev.sluice.schemas.event.ResultEvent;
import dev.sluice.schemas.event.SessionEvent;
import dev.sluice.schemas.event.StatementEvent;
import dev.sluice.schemas.event.TicketEvent;
import dev.sluice.schemas.event.VerdictEvent;
import dev.sluice.schemas.event.WebhookEvent;

/** One sentence per event, for a person who reads a timeline. */
public final class Narration {
    private Narration() {}

    /** What the record says happened. */
    public static String of(ReadRecord record) {
        return switch (record.content()) {
            case Content.Known(var envelope) -> of(envelope.data());
            case Content.UnknownType(var type) -> "an event of the unknown type " + type;
            case Content.Unreadable(var reason) -> "a record that cannot be read: " + reason;
        };
    }

    private static String of(DomainEvent event) {
        return switch (event) {
            case SessionEvent session -> of(session);
            case StatementEvent statement -> of(statement);
            case ResultEvent.ResultRecorded result -> result.rows() + " rows of the answer, as the client received them";
            case ApprovalEvent.ApprovalRequested requested ->
                "approval asked of " + String.join(", ", requested.held().approverGroups()) + ", quorum " + requested.held().quorum();
            case ApprovalEvent.ApprovalVoted voted ->
                voted.voter().subject() + (voted.vote() == ApprovalEvent.Vote.APPROVE ? " approved" : " rejected")
                        + (voted.comment() == null ? "" : ": " + voted.comment());
            case ApprovalEvent.ApprovalAssessed _ -> "shown to the approvers: what it would do";
            case ApprovalEvent.ApprovalWithdrawn withdrawn -> "approval withdrawn: " + withdrawn.reason();
            case ApprovalEvent.ApprovalExpired _ -> "approval expired";
            case ApprovalEvent.ApprovalLapsed lapsed -> "the vote of " + lapsed.voter().subject() + " counts no longer: "
                    + (lapsed.reason() == null ? "it was seen without the group" : lapsed.reason());
            case ApprovalEvent.ApprovalSealed sealed -> "approval sealed over " + sealed.records() + " records";
            case WebhookEvent.WebhookDelivered delivered -> "told to " + delivered.endpoint();
            case WebhookEvent.WebhookFailed failed -> failed.endpoint() + " could not be told: " + failed.reason();
            case WebhookEvent.WebhookRequeued requeued -> requeued.by().subject() + " asked to tell " + requeued.endpoint() + " after all";
            case VerdictEvent.VerdictGranted _ -> "verdict: granted";
            case VerdictEvent.VerdictRefused refused -> "verdict: refused, " + refused.reason();
            case VerdictEvent.VerdictExpired _ -> "verdict: expired";
            case TicketEvent.TicketOpened opened -> "a ticket until " + opened.expiresAt() + " for the statement to be sent again";
            case TicketEvent.TicketClaimed claimed -> "the ticket was used in session " + claimed.sessionId();
            case AuditEvent.EvidenceAccessed accessed -> accessed.caller().subject() + (accessed.permitted() ? " asked for " : " was refused ") + accessed.route();
            case AuditEvent.LegalholdPlaced placed -> placed.placedBy().subject() + " placed a legal hold on " + placed.value() + ": " + placed.reason();
            case AuditEvent.LegalholdLifted lifted -> lifted.liftedBy().subject() + " lifted a legal hold: " + lifted.reason();
        };
    }

    private static String of(SessionEvent event) {
        return switch (event) {
            case SessionEvent.SessionOpened opened ->
                opened.principal().subject() + " opened a session on " + opened.target() + " (" + opened.database() + ") as " + opened.role();
            case SessionEvent.SessionRefused refused -> "session refused with " + refused.sqlState() + ": " + refused.reason();
            case SessionEvent.ImpactAssessed assessed -> "found out what the statement of " + assessed.approvalId() + " would do";
            case SessionEvent.PolicyLoaded loaded -> "the gateway judges by policy " + loaded.version() + " (" + loaded.mode() + ")"
                    + (loaded.previousVersion() == null ? "" : " instead of " + loaded.previousVersion());
            case SessionEvent.SessionBypassed bypassed -> "the server's process " + bypassed.serverProcess() + " serves a session of " + bypassed.role() + " on "
                    + bypassed.target() + " that did not come through the gateway, since " + bypassed.startedAt();
            case SessionEvent.SessionCheckpointed checkpoint -> "the gateway signed the chain up to sequence " + checkpoint.checkpointSequence();
            case SessionEvent.SessionClosed closed -> "session closed after " + closed.statements() + " statements: " + closed.reason();
        };
    }

    private static String of(StatementEvent event) {
        return switch (event) {
            case StatementEvent.StatementDecided decided -> "decided: "
                    + switch (decided.outcome()) {
                        case ALLOW -> "allow";
                        case DENY -> "deny";
                        case HOLD -> "hold";
                    }
                    + " by rule " + decided.rule() + (decided.enforced() ? "" : ", not enforced");
            case StatementEvent.StatementParted parted -> "part " + (parted.number() + 1) + (parted.parameter() == null ? " of the query" : " of parameter " + (parted.parameter() + 1));
            case StatementEvent.StatementHeld held -> (held.returns() ? "held, to be sent again before " : "held until ") + held.expiresAt() + " for " + String.join(", ", held.approverGroups());
            case StatementEvent.StatementReleased released ->
                released.ticket() == null ? "released by a verified grant" : "sent again, and released by the grant for it";
            case StatementEvent.GrantRejected rejected -> "a grant was not accepted: " + rejected.reason();
            case StatementEvent.StatementRefused refused -> "refused with " + refused.sqlState() + ": " + refused.reason();
            case StatementEvent.StatementWithdrawn withdrawn -> "withdrawn: " + withdrawn.reason();
            case StatementEvent.StatementCompleted completed -> completed.sqlState() == null
                    ? "completed: " + String.join(", ", completed.commandTags()) + ", " + completed.rows() + " rows"
                    : "failed with " + completed.sqlState();
        };
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.schemas.event;

/** Something that has happened. Facts only: past tense, self-contained, immutable; fields are only ever added. */
public sealed interface DomainEvent permits SessionEvent, StatementEvent, ResultEvent, ApprovalEvent, VerdictEvent, TicketEvent, WebhookEvent, AuditEvent {}

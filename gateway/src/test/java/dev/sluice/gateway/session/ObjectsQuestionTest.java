// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.session;

import static dev.sluice.gateway.session.SessionScript.play;

import dev.sluice.gateway.config.HoldManner;
import dev.sluice.gateway.config.HoldMode;
import dev.sluice.gateway.config.TransactionHold;
import org.junit.jupiter.api.Test;

/** What the server keeps prepared for a statement that waits, and for how long. */
class ObjectsQuestionTest {
    private static final HoldManner RETURNS = new HoldManner(HoldMode.RETURN, null, TransactionHold.HOLD);
    private static final String WAITING =
            "NoticeResponse S \"NOTICE\" V \"NOTICE\" C \"00000\" M \"statement held by rule word: waiting for approval approval-s-1\" D \"approval by 1 of dba, until 2026-01-01T12:05:00Z\" H \"cancel the statement to withdraw it\"";

    @Test
    void itStaysAsLongAsTheStatementWaits() {
        play("""
                client Query "update held"
                < %1$s
                ! question prepared
                ! heartbeat
                < %1$s
                ! question prepared
                ! granted
                ! question closed
                > Query "update held"
                """.formatted(WAITING));
    }

    @Test
    void itIsClosedWhenPeopleRefuse() {
        play("""
                client Query "update held"
                < %s
                ! refused
                ! question closed
                < ErrorResponse S "ERROR" V "ERROR" C "42501" M "held statement was not released: not today" D "approval approval-s-1"
                < ReadyForQuery I
                """.formatted(WAITING));
    }

    @Test
    void itIsClosedWhenTheClientCancels() {
        play("""
                client Query "update held"
                < %s
                ! cancel
                ! question closed
                < ErrorResponse S "ERROR" V "ERROR" C "57014" M "canceling statement due to user request"
                < ReadyForQuery I
                """.formatted(WAITING));
    }

    @Test
    void itIsClosedWhenTheGrantIsVoid() {
        play("""
                client Query "update held"
                < %s
                ! table changed
                ! granted
                ! question closed
                < ErrorResponse S "ERROR" V "ERROR" C "42501" M "held statement was not released: its approval is void: public.t changed since it was asked for" D "approval approval-s-1"
                < ReadyForQuery I
                """.formatted(WAITING));
    }

    @Test
    void itIsClosedWhenTheClientGetsATicket() {
        play(RETURNS, """
                client Query "update held"
                ! question closed
                < ErrorResponse S "ERROR" V "ERROR" C "SL001" M "statement is waiting for approval and has not run: ticket ticket-s-1" D "ticket ticket-s-1; held by rule word; approvers: 1 of dba; expires 2026-01-01T12:05:00Z" H "retry the identical statement after approval, on any connection, before it expires; it then runs once. Do not change its text or parameters, and do not try another way: that would ask anew. SELECT sluice.pending() lists what waits"
                < ReadyForQuery I
                """);
    }

    @Test
    void aTicketThatIsUsedClosesItToo() {
        play(RETURNS, """
                client Query "update held"
                < ErrorResponse S "ERROR" V "ERROR" C "SL001" M "statement is waiting for approval and has not run: ticket ticket-s-1" D "ticket ticket-s-1; held by rule word; approvers: 1 of dba; expires 2026-01-01T12:05:00Z" H "retry the identical statement after approval, on any connection, before it expires; it then runs once. Do not change its text or parameters, and do not try another way: that would ask anew. SELECT sluice.pending() lists what waits"
                < ReadyForQuery I
                ! ticket granted
                client Query "update held"
                ! question closed
                > Query "update held"
                """);
    }
}

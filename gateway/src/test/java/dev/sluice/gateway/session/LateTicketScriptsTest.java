// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.session;

import static dev.sluice.gateway.session.SessionScript.play;

import dev.sluice.gateway.config.HoldManner;
import dev.sluice.gateway.config.HoldMode;
import dev.sluice.gateway.config.TransactionHold;
import dev.sluice.gateway.policy.Mode;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Verdicts for tickets that let nothing run are recorded, behind the decision about the statement that they came for. */
class LateTicketScriptsTest {
    private static final HoldManner AUTO = new HoldManner(HoldMode.AUTO, Duration.ofSeconds(30), TransactionHold.HOLD);
    private static final HoldManner RETURNS = new HoldManner(HoldMode.RETURN, null, TransactionHold.HOLD);

    /** A patient client whose ticket has been used up; the server is still asked whether all is as it was. */
    private static final String BEING_USED = """
            client Query "update held"
            < NoticeResponse S "NOTICE" V "NOTICE" C "00000" M "statement held by rule word: waiting for approval ticket-s-1" D "approval by 1 of dba, until 2026-01-01T12:05:00Z" H "if the wait ends first, send the identical statement again after approval"
            * decided HOLD SIMPLE "update held"
            * held "update held" as app in public
            ! ticket granted
            ! server silent
            ! ticket decided
            """;

    @Test
    void aReplayOfAUsedTicketsGrantIsRecorded() {
        play(AUTO, BEING_USED + """
                ! server speaks
                > Query "update held"
                * released verdict
                ! ticket replayed
                > nothing
                * rejected again, another one was used before
                """);
    }

    @Test
    void aReplayWhileTheTicketIsBeingUsedIsRecordedBeforeTheRelease() {
        play(AUTO, BEING_USED + """
                ! ticket replayed
                ! server speaks
                > Query "update held"
                * rejected again, another one was used before
                * released verdict
                """);
    }

    @Test
    void aGrantForATicketThatWasRefusedIsRecorded() {
        play(RETURNS, """
                ! ticket rejected
                client Query "update held"
                > nothing
                < ErrorResponse S "ERROR" V "ERROR" C "42501" M "statement has not run: rejected by pat: no" D "ticket ticket-other-9 is closed" H "the same statement sent again asks for a new approval"
                < ReadyForQuery I
                * decided DENY SIMPLE "update held"
                ! closed ticket replayed
                > nothing
                * rejected again, its ticket had ended before
                """);
    }

    @Test
    void aVerdictForATicketThatWasNotUsedHereIsNotThisSessionsToRecord() {
        play(RETURNS, """
                ! closed ticket replayed
                > nothing
                < nothing
                ! open
                """);
    }

    @Test
    void aForgedGrantForATicketThatWaitsIsRecorded() {
        play(RETURNS, """
                ! ticket forged
                client Query "update held"
                > nothing
                < ErrorResponse S "ERROR" V "ERROR" C "SL001" M "statement is waiting for approval and has not run: ticket ticket-other-9" D "ticket ticket-other-9; held by rule word; approvers: 1 of dba; expires 2026-01-01T12:01:00Z" H "retry the identical statement after approval, on any connection, before it expires; it then runs once. Do not change its text or parameters, and do not try another way: that would ask anew. SELECT sluice.pending() lists what waits"
                < ReadyForQuery I
                * decided DENY SIMPLE "update held"
                * rejected event, the key is not known
                """);
    }

    @Test
    void aTicketWhoseClientGoesWhileItIsBeingUsedIsRecordedAsUnused() {
        play(AUTO, BEING_USED + """
                ! client gone
                > nothing
                * rejected granted, its statement waited for it no longer
                ! closed
                """);
    }

    @Test
    void aTicketThatIsUsedUpWhileNothingCanBeRecordedIsRecordedAsUnused() {
        play(AUTO, BEING_USED + """
                ! stalled
                ! server speaks
                > nothing
                < ErrorResponse S "ERROR" V "ERROR" C "58030" M "the statement was not run because it cannot be recorded" D "the event log does not acknowledge records" H "try again; the session goes on by itself as soon as the event log answers"
                < ReadyForQuery I
                * rejected granted, its statement could not be recorded
                * refused 58030
                """);
    }

    @Test
    void aTicketWhoseRequestersCredentialEndsWhileItIsBeingUsedIsRecordedAsUnused() {
        play(Mode.ENFORCE, AUTO, Instant.parse("2026-01-01T12:02:00Z"), BEING_USED + """
                ! minutes pass
                ! server speaks
                > nothing
                < ErrorResponse S "ERROR" V "ERROR" C "42501" M "statement needs approval by rule word and the credential of this session ended at 2026-01-01T12:02:00Z" H "connect again with a new one"
                < ReadyForQuery I
                * rejected granted, the requester's credential has ended
                * refused 42501
                """);
    }
}

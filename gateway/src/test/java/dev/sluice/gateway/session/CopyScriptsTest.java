// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.session;

import static dev.sluice.gateway.session.SessionScript.play;

import org.junit.jupiter.api.Test;

/** COPY FROM STDIN, in scripts. */
class CopyScriptsTest {
    @Test
    void syncAfterCopyDoesNotWaitForAnAnswerThatTheServerKeepsUntilIt() {
        play("""
                client Parse "" "copy t from stdin" 0
                client Bind "" "" 0 0 0
                client Execute "" 0
                > Parse "" "copy t from stdin" 0
                > Bind "" "" 0 0 0
                > Execute "" 0
                server ParseComplete
                server BindComplete
                server CopyInResponse 0 1 0
                < ParseComplete
                < BindComplete
                < CopyInResponse 0 1 0
                client Sync
                client CopyData '1\\n'
                client CopyDone
                client Sync
                > CopyData '1\\n'
                > CopyDone
                > Sync
                server CommandComplete "COPY 1"
                server ReadyForQuery I
                < CommandComplete "COPY 1"
                < ReadyForQuery I
                """);
    }

    @Test
    void copyDataFollowsItsStatement() {
        play("""
                client Query "copy t from stdin"
                > Query "copy t from stdin"
                server CopyInResponse 0 1 0
                < CopyInResponse 0 1 0
                client CopyData '1\\n'
                client CopyDone
                > CopyData '1\\n'
                > CopyDone
                server CommandComplete "COPY 1"
                server ReadyForQuery I
                < CommandComplete "COPY 1"
                < ReadyForQuery I
                """);
    }

    @Test
    void whatWasLoadedIsRecordedHoweverItWasCut() {
        play("""
                client Query "copy t from stdin"
                server CopyInResponse 0 1 0
                client CopyData '1\\n2'
                client CopyData '\\n3\\n'
                client CopyDone
                server CommandComplete "COPY 3"
                server ReadyForQuery I
                > Query "copy t from stdin"
                > CopyData '1\\n2'
                > CopyData '\\n3\\n'
                > CopyDone
                < CopyInResponse 0 1 0
                < CommandComplete "COPY 3"
                < ReadyForQuery I
                * decided ALLOW SIMPLE "copy t from stdin"
                * completed [COPY 3] rows 0 copied 6 14c5e74c4b96ccef41cd94db73a9ec3348038ac094feca4fd897cecffa07cdae
                """);
    }

    @Test
    void whatHasNoPlaceAmongCopyDataReachesTheServerAsItsTagAlone() {
        play("""
                client Query "copy t from stdin"
                server CopyInResponse 0 1 0
                client CopyData '1\\n'
                client Query "update denied"
                > Query "copy t from stdin"
                > CopyData '1\\n'
                > Raw 'Q\\x00\\x00\\x00\\x04'
                server ErrorResponse S "ERROR" V "ERROR" C "08P01" M "unexpected message type 0x51 during COPY from stdin" W "COPY t, line 2"
                server ErrorResponse S "FATAL" V "FATAL" C "08P01" M "terminating connection because protocol synchronization was lost"
                ! server gone
                < CopyInResponse 0 1 0
                < ErrorResponse S "ERROR" V "ERROR" C "08P01" M "unexpected message type 0x51 during COPY from stdin" W "COPY t, line 2"
                < ErrorResponse S "FATAL" V "FATAL" C "08P01" M "terminating connection because protocol synchronization was lost"
                ! closed
                * decided ALLOW SIMPLE "copy t from stdin"
                * completed [] rows 0 08P01 copied 2 4355a46b19d348dc2f57c046f8ef63d4538ebb936000f3c9ee954a27460dd865
                """);
    }

    @Test
    void whatComesBehindDataThatHasFailedAlreadyIsRefusedUnread() {
        play("""
                client Query "copy t from stdin"
                server CopyInResponse 0 1 0
                client CopyData 'x\\n'
                client Query "update t"
                client Query "select 1"
                > Query "copy t from stdin"
                > CopyData 'x\\n'
                > Raw 'Q\\x00\\x00\\x00\\x04'
                server ErrorResponse S "ERROR" V "ERROR" C "22P02" M "not a number"
                server ReadyForQuery I
                server ErrorResponse S "ERROR" V "ERROR" C "08P01" M "invalid string in message"
                server ReadyForQuery I
                < CopyInResponse 0 1 0
                < ErrorResponse S "ERROR" V "ERROR" C "22P02" M "not a number"
                < ReadyForQuery I
                < ErrorResponse S "ERROR" V "ERROR" C "08P01" M "unexpected message type 0x51 during COPY from stdin"
                < ReadyForQuery I
                > Query "select 1"
                """);
    }
}

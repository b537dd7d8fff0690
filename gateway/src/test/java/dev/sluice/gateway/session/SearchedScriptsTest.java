// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.session;

import dev.sluice.gateway.detection.DetectionRules;
import dev.sluice.gateway.detection.Detector;
import dev.sluice.gateway.detection.DetectorKind;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Answers to callers under detectors, at every chunking of what both peers send. */
class SearchedScriptsTest {
    private static final DetectionRules MASKING = rules(Detector.Action.MASK);
    private static final DetectionRules DENYING = rules(Detector.Action.DENY);

    private static DetectionRules rules(Detector.Action action) {
        return new DetectionRules(List.of(Detector.builtIn(DetectorKind.SSN, action)), List.of());
    }

    @Test
    void overwritesInTheAnswerToASimpleQuery() {
        SessionScript.play(MASKING, """
                client Query "select note from t"
                > Query "select note from t"
                server RowDescription 1 "note" 0 0 25 -1 -1 0
                server DataRow 1 'ssn 078-05-1120'
                server NoticeResponse S "NOTICE" C "00000" M "saw 078-05-1120"
                server DataRow 1 'plain'
                server CommandComplete "SELECT 2"
                server ReadyForQuery I
                < RowDescription 1 "note" 0 0 25 -1 -1 0
                < DataRow 1 'ssn ***-**-****'
                < NoticeResponse S "NOTICE" C "00000" M "saw ***-**-****"
                < DataRow 1 'plain'
                < CommandComplete "SELECT 2"
                < ReadyForQuery I
                """);
    }

    @Test
    void asksWhatAPortalGivesBeforeItRuns() {
        SessionScript.play(MASKING, """
                client Parse "" "select note from t" 0
                client Bind "" "" 0 0 0
                client Execute "" 0
                client Sync
                > Parse "" "select note from t" 0
                > Bind "" "" 0 0 0
                > Describe P ""
                > Execute "" 0
                > Sync
                server ParseComplete
                server BindComplete
                server RowDescription 1 "note" 0 0 25 -1 -1 0
                server DataRow 1 '078-05-1120'
                server CommandComplete "SELECT 1"
                server ReadyForQuery I
                < ParseComplete
                < BindComplete
                < DataRow 1 '***-**-****'
                < CommandComplete "SELECT 1"
                < ReadyForQuery I
                """);
    }

    @Test
    void overwritesInErrorsAndNotifications() {
        SessionScript.play(MASKING, """
                client Query "select note::int from t"
                > Query "select note::int from t"
                server NotificationResponse 7 "channel" "078-05-1120 said"
                server ErrorResponse S "ERROR" C "22P02" M "invalid input: 078-05-1120"
                server ReadyForQuery I
                < NotificationResponse 7 "channel" "***-**-**** said"
                < ErrorResponse S "ERROR" C "22P02" M "invalid input: ***-**-****"
                < ReadyForQuery I
                """);
    }

    @Test
    void overwritesInErrorsAndNoticesOutsideOfAnswers() {
        SessionScript.play(MASKING, """
                client Parse "" "select note from t where id = f()" 0
                client Bind "" "" 0 0 0
                client Execute "" 0
                client Sync
                > Parse "" "select note from t where id = f()" 0
                > Bind "" "" 0 0 0
                > Describe P ""
                > Execute "" 0
                > Sync
                server ParseComplete
                server NoticeResponse S "NOTICE" C "00000" M "saw 078-05-1120"
                server ErrorResponse S "ERROR" C "22P02" M "invalid input: 078-05-1120"
                server ReadyForQuery I
                server NoticeResponse S "WARNING" C "00000" M "saw 078-05-1120"
                < ParseComplete
                < NoticeResponse S "NOTICE" C "00000" M "saw ***-**-****"
                < ErrorResponse S "ERROR" C "22P02" M "invalid input: ***-**-****"
                < ReadyForQuery I
                < NoticeResponse S "WARNING" C "00000" M "saw ***-**-****"
                """);
    }

    private static final String REFUSAL = "ErrorResponse S \"ERROR\" V \"ERROR\" C \"42501\" M \"the answer is denied by the detector ssn: it found a match in column \\\"note\\\"\""
            + " D \"the statement has run; the row with the match and those behind it are withheld\" H \"leave the column out of the answer\"";

    @Test
    void endsAnAnswerInItsMiddle() {
        SessionScript.play(DENYING, """
                client Query "select note from t"
                > Query "select note from t"
                server RowDescription 1 "note" 0 0 25 -1 -1 0
                server DataRow 1 'plain'
                server DataRow 1 'ssn 078-05-1120'
                server DataRow 1 'plain'
                server CommandComplete "SELECT 3"
                server ReadyForQuery I
                < RowDescription 1 "note" 0 0 25 -1 -1 0
                < DataRow 1 'plain'
                < REFUSAL
                < ReadyForQuery I
                """.replace("REFUSAL", REFUSAL));
    }

    @Test
    void failsTheTransactionOfAnAnswerThatIsCut() {
        SessionScript.play(DENYING, """
                client Query "begin"
                > Query "begin"
                server CommandComplete "BEGIN"
                server ReadyForQuery T
                < CommandComplete "BEGIN"
                < ReadyForQuery T
                client Query "select note from t"
                > Query "select note from t"
                server RowDescription 1 "note" 0 0 25 -1 -1 0
                server DataRow 1 'ssn 078-05-1120'
                server CommandComplete "SELECT 1"
                server ReadyForQuery T
                < RowDescription 1 "note" 0 0 25 -1 -1 0
                < REFUSAL
                > Query "refused by sluice: this text only fails the transaction of the refused statement"
                server ErrorResponse S "ERROR" C "42601" M "syntax error"
                server ReadyForQuery E
                < ReadyForQuery E
                """.replace("REFUSAL", REFUSAL));
    }

    @Test
    void failsTheTransactionOfAPortalThatIsCut() {
        SessionScript.play(DENYING, """
                client Query "begin"
                > Query "begin"
                server CommandComplete "BEGIN"
                server ReadyForQuery T
                < CommandComplete "BEGIN"
                < ReadyForQuery T
                client Parse "" "select note from t" 0
                client Bind "" "" 0 0 0
                client Execute "" 0
                client Sync
                > Parse "" "select note from t" 0
                > Bind "" "" 0 0 0
                > Describe P ""
                > Execute "" 0
                > Sync
                server ParseComplete
                server BindComplete
                server RowDescription 1 "note" 0 0 25 -1 -1 0
                server DataRow 1 '078-05-1120'
                server CommandComplete "SELECT 1"
                server ReadyForQuery T
                < ParseComplete
                < BindComplete
                < REFUSAL
                > Query "refused by sluice: this text only fails the transaction of the refused statement"
                server ErrorResponse S "ERROR" C "42601" M "syntax error"
                server ReadyForQuery E
                < ReadyForQuery E
                """.replace("REFUSAL", REFUSAL));
    }

    @Test
    void nothingIsSentBehindAnAnswerThatIsCutBeforeItsTransactionHasFailed() {
        SessionScript.play(DENYING, """
                client Query "begin"
                > Query "begin"
                server CommandComplete "BEGIN"
                server ReadyForQuery T
                < CommandComplete "BEGIN"
                < ReadyForQuery T
                client Query "select note from t"
                > Query "select note from t"
                server RowDescription 1 "note" 0 0 25 -1 -1 0
                server DataRow 1 'ssn 078-05-1120'
                client Query "commit"
                > nothing
                server DataRow 1 'plain'
                server CommandComplete "SELECT 2"
                server ReadyForQuery T
                < RowDescription 1 "note" 0 0 25 -1 -1 0
                < REFUSAL
                > Query "refused by sluice: this text only fails the transaction of the refused statement"
                server ErrorResponse S "ERROR" C "42601" M "syntax error"
                server ReadyForQuery E
                < ReadyForQuery E
                > Query "commit"
                """.replace("REFUSAL", REFUSAL));
    }

    @Test
    void nothingIsSentBehindAPortalThatIsCutBeforeItsTransactionHasFailed() {
        SessionScript.play(DENYING, """
                client Query "begin"
                > Query "begin"
                server CommandComplete "BEGIN"
                server ReadyForQuery T
                < CommandComplete "BEGIN"
                < ReadyForQuery T
                client Parse "" "select note from t" 0
                client Bind "" "" 0 0 0
                client Execute "" 0
                client Sync
                > Parse "" "select note from t" 0
                > Bind "" "" 0 0 0
                > Describe P ""
                > Execute "" 0
                > Sync
                server ParseComplete
                server BindComplete
                server RowDescription 1 "note" 0 0 25 -1 -1 0
                server DataRow 1 '078-05-1120'
                < ParseComplete
                < BindComplete
                client Query "commit"
                > nothing
                server CommandComplete "SELECT 1"
                > nothing
                server ReadyForQuery T
                < REFUSAL
                > Query "refused by sluice: this text only fails the transaction of the refused statement"
                server ErrorResponse S "ERROR" C "42601" M "syntax error"
                server ReadyForQuery E
                < ReadyForQuery E
                > Query "commit"
                """.replace("REFUSAL", REFUSAL));
    }

    @Test
    void searchesWhatIsCopiedOut() {
        SessionScript.play(MASKING, """
                client Query "copy t to stdout"
                > Query "copy t to stdout"
                server CopyOutResponse 0 1 0
                server CopyData 'ssn 078-05-1120\\n'
                server CopyDone
                server CommandComplete "COPY 1"
                server ReadyForQuery I
                < CopyOutResponse 0 1 0
                < CopyData 'ssn ***-**-****\\n'
                < CopyDone
                < CommandComplete "COPY 1"
                < ReadyForQuery I
                """);
    }
}

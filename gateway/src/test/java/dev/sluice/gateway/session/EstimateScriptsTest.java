// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.session;

import org.junit.jupiter.api.Test;

/** Statements that need no human where the planner expects few rows, and texts of which the planner cannot be asked. */
final class EstimateScriptsTest {
    /** What no Bind can carry values for: a Bind counts them in 16 bits. */
    private static final String TOO_MANY_PARAMETERS = "update t set a = $70000 where many";

    @Test
    void aTextWithMoreParametersThanABindCarriesWaitsForPeopleAndTheSessionLives() {
        SessionScript.play("""
                server ParameterStatus "server_version" "18.1"
                < ParameterStatus "server_version" "18.1"
                client Query "%s"
                > nothing
                < NoticeResponse S "NOTICE" V "NOTICE" C "00000" M "statement held by rule word: waiting for approval approval-s-1" D "approval by 1 of dba, until 2026-01-01T12:05:00Z" H "cancel the statement to withdraw it"
                * decided HOLD SIMPLE "%1$s"
                * held "%1$s" as app in public
                ! refused
                < ErrorResponse S "ERROR" V "ERROR" C "42501" M "held statement was not released: not today" D "approval approval-s-1"
                < ReadyForQuery I
                * refused 42501
                client Query "select 1"
                > Query "select 1"
                * decided ALLOW SIMPLE "select 1"
                """.formatted(TOO_MANY_PARAMETERS));
    }
}

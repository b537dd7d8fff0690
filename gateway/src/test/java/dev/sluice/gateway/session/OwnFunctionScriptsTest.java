// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.session;

import static dev.sluice.gateway.session.SessionScript.play;

import dev.sluice.gateway.policy.Mode;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** The functions that the gateway answers itself, in scripts. */
class OwnFunctionScriptsTest {
    private static final String WHOAMI = "SELECT NULL::pg_catalog.text AS subject, NULL::pg_catalog.text AS issuer, NULL::pg_catalog.text AS method, "
            + "NULL::pg_catalog.text AS groups, NULL::pg_catalog.text AS on_behalf_of, NULL::pg_catalog.text AS role, NULL::pg_catalog.text AS target, "
            + "NULL::pg_catalog.text AS database, NULL::pg_catalog.text AS application, NULL::pg_catalog.text AS client_address, "
            + "NULL::pg_catalog.text AS credential_ends WHERE false /* sluice.whoami() */";

    @Test
    void aSimpleQueryGetsTheGatewaysRows() {
        play("""
                client Query "SELECT sluice.pending();"
                > Query "SELECT NULL::pg_catalog.text AS ticket, NULL::pg_catalog.text AS state, NULL::pg_catalog.text AS expires_at, NULL::pg_catalog.text AS statement WHERE false /* sluice.pending() */"
                server RowDescription 4 "ticket" 0 0 25 -1 -1 0 "state" 0 0 25 -1 -1 0 "expires_at" 0 0 25 -1 -1 0 "statement" 0 0 25 -1 -1 0
                server CommandComplete "SELECT 0"
                server ReadyForQuery I
                < RowDescription 4 "ticket" 0 0 25 -1 -1 0 "state" 0 0 25 -1 -1 0 "expires_at" 0 0 25 -1 -1 0 "statement" 0 0 25 -1 -1 0
                < DataRow 4 'ticket-1' 'waiting' '2026-01-01T12:05:00Z' 'delete from t'
                < CommandComplete "SELECT 1"
                < ReadyForQuery I
                * decided ALLOW SIMPLE "SELECT NULL::pg_catalog.text AS ticket, NULL::pg_catalog.text AS state, NULL::pg_catalog.text AS expires_at, NULL::pg_catalog.text AS statement WHERE false /* sluice.pending() */"
                * completed [SELECT 1] rows 1
                """);
    }

    @Test
    void whoeverAsksIsToldWhoWasProvenAndHow() {
        play(Mode.ENFORCE, Instant.parse("2026-01-01T13:00:00Z"), """
                client Query "select * from sluice.whoami()"
                > Query "%1$s"
                server CommandComplete "SELECT 0"
                server ReadyForQuery I
                < DataRow 11 'alice' 'https://issuer.test' 'oidc' 'agents' NULL 'app' 'shop' 'shop' 'psql' '127.0.0.1:1' '2026-01-01T13:00:00Z'
                < CommandComplete "SELECT 1"
                < ReadyForQuery I
                * decided ALLOW SIMPLE "%1$s"
                * completed [SELECT 1] rows 1
                """.formatted(WHOAMI));
    }

    @Test
    void anExtendedQueryGetsThemAtEveryExecute() {
        play("""
                client Parse "p" "select * from Sluice.Pending ( )" 0
                client Bind "" "p" 0 0 0
                client Execute "" 0
                client Sync
                > Parse "p" "SELECT NULL::pg_catalog.text AS ticket, NULL::pg_catalog.text AS state, NULL::pg_catalog.text AS expires_at, NULL::pg_catalog.text AS statement WHERE false /* sluice.pending() */" 0
                > Bind "" "p" 0 0 0
                > Execute "" 0
                > Sync
                server ParseComplete
                server BindComplete
                server CommandComplete "SELECT 0"
                server ReadyForQuery I
                < ParseComplete
                < BindComplete
                < DataRow 4 'ticket-1' 'waiting' '2026-01-01T12:05:00Z' 'delete from t'
                < CommandComplete "SELECT 1"
                < ReadyForQuery I
                """);
    }

    @Test
    void inAFailedTransactionTheyAreRefusedAsEverythingIs() {
        play("""
                client Query "SELECT sluice.pending()"
                > Query "SELECT NULL::pg_catalog.text AS ticket, NULL::pg_catalog.text AS state, NULL::pg_catalog.text AS expires_at, NULL::pg_catalog.text AS statement WHERE false /* sluice.pending() */"
                server ErrorResponse S "ERROR" V "ERROR" C "25P02" M "current transaction is aborted, commands ignored until end of transaction block"
                server ReadyForQuery E
                < ErrorResponse S "ERROR" V "ERROR" C "25P02" M "current transaction is aborted, commands ignored until end of transaction block"
                < ReadyForQuery E
                """);
    }

    @Test
    void whatIsNotExactlyTheCallIsTheServersToAnswer() {
        play("""
                client Query "SELECT sluice.pending(1)"
                > Query "SELECT sluice.pending(1)"
                client Query "SELECT 1, sluice.pending()"
                > Query "SELECT 1, sluice.pending()"
                """);
    }
}

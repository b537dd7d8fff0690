// SPDX-License-Identifier: Apache-2.0
package dev.sluice.quickstart;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * A shop with some 50,000 rows: customers, cards, orders, order items, employees and support tickets. Made by SQL alone and without
 * randomness, so that every run has the same rows. All names, numbers and addresses are invented; card numbers are of test ranges.
 */
public final class SampleDatabase {
    /** The database's name on the server and the target's name at the gateway. */
    public static final String NAME = "shop";

    /** The login that only the gateway uses. */
    public static final String GATEWAY_ROLE = "sluice_gateway";

    private SampleDatabase() {}

    /** Makes the database and its rows unless they are there; sets the gateway's password in any case. */
    public static void prepare(LocalPostgres server, String gatewayPassword) {
        boolean fresh = server.created();
        server.database(NAME, GATEWAY_ROLE, gatewayPassword);
        if (fresh) {
            server.execute(NAME, script());
        }
    }

    private static String script() {
        try (InputStream script = SampleDatabase.class.getResourceAsStream("/sample/shop.sql")) {
            if (script == null) {
                throw new IllegalStateException("sample/shop.sql is not on the class path");
            }
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}

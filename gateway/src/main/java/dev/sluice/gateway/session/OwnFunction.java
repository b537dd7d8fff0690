// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.session;

import dev.sluice.gateway.wire.FrontendEncoder;
import dev.sluice.gateway.wire.FrontendMessage;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Functions that the gateway answers itself: {@code SELECT sluice.status()}, {@code SELECT * FROM sluice.status()} and nothing around them. The database
 * needs nothing for them. The server is sent a query in their place that has their columns and no rows, so that whatever the protocol allows of a query
 * (names, portals, formats, a failed transaction) is as ever; the rows are put in when it completes.
 */
enum OwnFunction {
    STATUS(List.of(
            "gateway", "session", "target", "database", "policy_version", "policy_mode", "hold_mode", "hold_in_transaction", "recording")),
    WHOAMI(List.of("subject", "issuer", "method", "groups", "on_behalf_of", "role", "target", "database", "application", "client_address", "credential_ends")),
    PENDING(List.of("ticket", "state", "expires_at", "statement"));

    private static final Pattern CALL = Pattern.compile(
            "\\s*SELECT\\s+(?:\\*\\s*FROM\\s+)?sluice\\s*\\.\\s*(status|whoami|pending)\\s*\\(\\s*\\)\\s*;?\\s*", Pattern.CASE_INSENSITIVE);
    private static final int LONGEST = 200;

    final List<String> columns;
    private final String substitute;

    OwnFunction(List<String> columns) {
        this.columns = columns;
        var list = new StringBuilder();
        columns.forEach(column -> list.append(list.isEmpty() ? "" : ", ").append("NULL::pg_catalog.text AS ").append(column));
        this.substitute = "SELECT " + list + " WHERE false /* sluice." + name().toLowerCase(Locale.ROOT) + "() */";
    }

    /** The message as the server is to have it. */
    static FrontendMessage substituted(FrontendMessage message) {
        return switch (message) {
            case FrontendMessage.Query query when called(query.sql()) instanceof OwnFunction own ->
                new FrontendMessage.Query(own.substitute, true, FrontendEncoder.query(own.substitute));
            case FrontendMessage.Parse parse when called(parse.sql()) instanceof OwnFunction own -> new FrontendMessage.Parse(
                    parse.statement(), own.substitute, true, parse.parameterTypes(), FrontendEncoder.parse(parse.statement(), own.substitute, parse.parameterTypes()));
            default -> message;
        };
    }

    private static @Nullable OwnFunction called(String sql) {
        if (sql.length() > LONGEST || sql.indexOf(')') < 0) {
            return null;
        }
        Matcher call = CALL.matcher(sql);
        return call.matches() ? valueOf(call.group(1).toUpperCase(Locale.ROOT)) : null;
    }

    /** The function that a text stands for; null for any other. */
    static @Nullable OwnFunction of(@Nullable String sql) {
        for (OwnFunction own : values()) {
            if (own.substitute.equals(sql)) {
                return own;
            }
        }
        return null;
    }
}

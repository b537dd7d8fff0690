// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.session;

import dev.sluice.gateway.wire.TransactionStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The server's own limits on a session that does nothing, as one does whose statement is held. The owner of the database has set them, so they are kept:
 * the hold ends a little before the server would end the session.
 */
final class ServerTimeouts {
    private static final String IN_TRANSACTION = "idle_in_transaction_session_timeout";
    private static final String SESSION = "idle_session_timeout";
    private static final String TRANSACTION = "transaction_timeout";
    private static final int SESSION_SINCE = 14;
    private static final int TRANSACTION_SINCE = 17;
    /** As SHOW writes durations: a whole number with a unit, or without one for milliseconds. */
    private static final Pattern VALUE = Pattern.compile("(\\d{1,10})(ms|s|min|h|d)?");

    private ServerTimeouts() {}

    /** {@code parameter} is the server's, {@code until} when the hold must be over. */
    record Limit(String parameter, String value, Instant until) {}

    /**
     * The parameters that this server has and that would end the session as it is now.
     *
     * @param major the server's version, 0 where it is not known
     */
    static List<String> toAsk(int major, TransactionStatus status, boolean unsynced) {
        var asked = new ArrayList<String>();
        boolean inTransaction = unsynced || status != TransactionStatus.IDLE;
        if (major == 0) {
            return asked;
        }
        // Between extended-query messages a server is not idle: only what limits a whole transaction counts.
        if (!unsynced && inTransaction) {
            asked.add(IN_TRANSACTION);
        }
        if (!inTransaction && major >= SESSION_SINCE) {
            asked.add(SESSION);
        }
        if (inTransaction && major >= TRANSACTION_SINCE) {
            asked.add(TRANSACTION);
        }
        return asked;
    }

    /** The one that comes first; null where none does. */
    static @Nullable Limit first(Map<String, String> values, Moment now, long transactionSinceNanos) {
        Limit first = null;
        for (Map.Entry<String, String> entry : values.entrySet()) {
            Duration timeout = duration(entry.getValue());
            if (timeout.isZero()) {
                continue;
            }
            Duration left = entry.getKey().equals(TRANSACTION) ? timeout.minusNanos(now.nanos() - transactionSinceNanos) : timeout;
            var limit = new Limit(entry.getKey(), entry.getValue(), now.instant().plus(left).minus(margin(timeout)));
            if (first == null || limit.until.isBefore(first.until)) {
                first = limit;
            }
        }
        return first;
    }

    /** A tenth, from a fifth of a second to five seconds: for the way to the server and back. */
    private static Duration margin(Duration timeout) {
        return Duration.ofMillis(Math.clamp(timeout.toMillis() / 10, 200, 5_000));
    }

    /** Zero for none, and for what is not understood. */
    static Duration duration(String value) {
        Matcher matcher = VALUE.matcher(value);
        if (!matcher.matches()) {
            return Duration.ZERO;
        }
        long number = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2) == null ? "ms" : matcher.group(2)) {
            case "s" -> Duration.ofSeconds(number);
            case "min" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            case "d" -> Duration.ofDays(number);
            default -> Duration.ofMillis(number);
        };
    }
}

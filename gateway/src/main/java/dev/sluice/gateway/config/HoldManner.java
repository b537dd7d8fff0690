// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.config;

import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How clients of held statements wait, as far as somebody has said: a rule, the client, a target or the gateway's own setting. Each part is null where
 * nothing was said about it.
 *
 * @param patience how long a client waits under {@link HoldMode#AUTO}
 */
public record HoldManner(@Nullable HoldMode mode, @Nullable Duration patience, @Nullable TransactionHold inTransaction) {
    public static final HoldManner UNSAID = new HoldManner(null, null, null);
    /** The longest {@link #patience}. */
    public static final Duration MOST_PATIENCE = Duration.ofHours(1);

    /** Each part from here, or from {@code other} where nothing is said here. */
    public HoldManner orElse(HoldManner other) {
        return new HoldManner(
                mode == null ? other.mode : mode, patience == null ? other.patience : patience, inTransaction == null ? other.inTransaction : inTransaction);
    }

    /**
     * One manner from several, part by part: what keeps a connection and its locks for the shortest time. Return before auto before wait, the shortest
     * patience; in a transaction deny before return before hold.
     */
    public static HoldManner strictest(Collection<HoldManner> manners) {
        return new HoldManner(
                least(manners, HoldManner::mode, Comparator.comparing(mode -> switch (mode) {
                    case RETURN -> 0;
                    case AUTO -> 1;
                    case WAIT -> 2;
                })),
                least(manners, HoldManner::patience, Comparator.naturalOrder()),
                least(manners, HoldManner::inTransaction, Comparator.comparing(inside -> switch (inside) {
                    case DENY -> 0;
                    case RETURN -> 1;
                    case HOLD -> 2;
                })));
    }

    private static <T> @Nullable T least(Collection<HoldManner> manners, Function<HoldManner, @Nullable T> part, Comparator<T> order) {
        return manners.stream().map(part).filter(Objects::nonNull).min(order).orElse(null);
    }
}

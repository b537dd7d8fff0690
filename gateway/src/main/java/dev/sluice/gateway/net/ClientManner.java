// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.net;

import dev.sluice.gateway.config.Durations;
import dev.sluice.gateway.config.HoldManner;
import dev.sluice.gateway.config.HoldMode;
import dev.sluice.gateway.config.TransactionHold;
import dev.sluice.gateway.wire.SqlState;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a client says to the gateway alone. How it wants to wait for people: {@code options='-c sluice.hold=return'}, {@code auto}, {@code auto:30s} or {@code wait}, and
 * {@code -c sluice.hold_in_transaction=deny}, {@code hold} or {@code return}. What its session is for: {@code -c sluice.purpose=support-ticket}. They are
 * for the gateway and not passed on.
 *
 * @param purpose its own word, 1 to {@value #LONGEST_PURPOSE} printable characters; null if it says none
 */
record ClientManner(HoldManner holds, @Nullable String purpose) {
    static final String HOLD = "sluice.hold";
    static final String IN_TRANSACTION = "sluice.hold_in_transaction";
    static final String PURPOSE = "sluice.purpose";
    private static final int LONGEST_PURPOSE = 128;
    private static final Set<String> OURS = Set.of(HOLD, IN_TRANSACTION, PURPOSE);
    private static final String AUTO_FOR = "auto:";
    private static final String OPTIONS = "options";

    /** Takes what is for the gateway out of the startup packet's parameters. */
    static ClientManner taken(Map<String, String> parameters) throws RefusedException {
        Map<String, String> settings = new LinkedHashMap<>();
        String options = parameters.get(OPTIONS);
        if (options != null && options.contains("sluice.")) {
            settings.putAll(StartupOptions.parse(options));
            parameters.put(OPTIONS, withoutOurs(settings));
        }
        for (String name : OURS) {
            String given = parameters.remove(name);
            if (given != null) {
                settings.put(name, given);
            }
        }
        HoldManner manner = mode(settings.get(HOLD));
        String inside = settings.get(IN_TRANSACTION);
        return new ClientManner(
                new HoldManner(manner.mode(), manner.patience(), inside == null ? null : choice(IN_TRANSACTION, TransactionHold.class, inside)), purpose(settings.get(PURPOSE)));
    }

    private static @Nullable String purpose(@Nullable String value) throws RefusedException {
        if (value != null && (value.isBlank() || value.codePointCount(0, value.length()) > LONGEST_PURPOSE || value.codePoints().anyMatch(Character::isISOControl))) {
            throw refusal(PURPOSE, value, "1 to " + LONGEST_PURPOSE + " printable characters");
        }
        return value;
    }

    /** The rest of the options, written so that {@link StartupOptions} and a server read them as before. */
    private static String withoutOurs(Map<String, String> settings) {
        var rest = new StringBuilder();
        settings.forEach((name, value) -> {
            if (!OURS.contains(name)) {
                String escaped = (name + "=" + value).replace("\\", "\\\\").replaceAll("(\\s)", "\\\\$1");
                rest.append(rest.isEmpty() ? "-c " : " -c ").append(escaped);
            }
        });
        return rest.toString();
    }

    private static HoldManner mode(@Nullable String value) throws RefusedException {
        if (value == null) {
            return HoldManner.UNSAID;
        }
        if (!value.startsWith(AUTO_FOR)) {
            return new HoldManner(choice(HOLD, HoldMode.class, value), null, null);
        }
        try {
            Duration patience = Durations.parse(value.substring(AUTO_FOR.length()));
            if (patience.toMillis() >= 1_000 && patience.compareTo(HoldManner.MOST_PATIENCE) <= 0) {
                return new HoldManner(HoldMode.AUTO, patience, null);
            }
        } catch (IllegalArgumentException unreadable) {
            throw refusal(HOLD, value, "auto:30s, for example, and from 1s to 1h");
        }
        throw refusal(HOLD, value, "auto:30s, for example, and from 1s to 1h");
    }

    private static <E extends Enum<E>> E choice(String name, Class<E> type, String value) throws RefusedException {
        for (E constant : type.getEnumConstants()) {
            if (word(constant).equals(value)) {
                return constant;
            }
        }
        throw refusal(name, value, String.join(", ", Arrays.stream(type.getEnumConstants()).map(ClientManner::word).toList()));
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    private static RefusedException refusal(String name, String value, String possible) {
        return Refusal.of(SqlState.INVALID_PARAMETER_VALUE, "invalid value for parameter \"" + name + "\": \"" + StartupParameters.shown(value) + "\"")
                .withHint("Possible: " + possible + ".")
                .asException();
    }
}

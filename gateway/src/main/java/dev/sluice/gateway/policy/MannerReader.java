// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.policy;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.gateway.config.Durations;
import dev.sluice.gateway.config.HoldManner;
import dev.sluice.gateway.config.HoldMode;
import dev.sluice.gateway.config.Suggestion;
import dev.sluice.gateway.config.TransactionHold;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads how the client of a held statement waits: {@code mode}, {@code patience} and {@code inTransaction} among the terms of a hold. */
final class MannerReader {
    private MannerReader() {}

    /** What is said; after a problem was noted, nothing of it. */
    static HoldManner read(PolicySource source, ObjectNode terms, JsonPointer at) {
        HoldMode mode = choice(source, terms, at, "mode", HoldMode.class);
        Duration patience = patience(source, terms.get("patience"), at.appendProperty("patience"));
        if (patience != null && mode != HoldMode.AUTO) {
            source.problem(at.appendProperty("patience"), "patience is for 'mode: auto' only");
        }
        return new HoldManner(mode, patience, choice(source, terms, at, "inTransaction", TransactionHold.class));
    }

    private static <E extends Enum<E>> @Nullable E choice(PolicySource source, ObjectNode terms, JsonPointer at, String key, Class<E> type) {
        JsonNode node = terms.get(key);
        if (node == null) {
            return null;
        }
        List<String> words = Arrays.stream(type.getEnumConstants()).map(Variables::word).toList();
        if (!node.isTextual() || !words.contains(node.asText())) {
            source.problem(at.appendProperty(key), key + " must be one of " + String.join(", ", words) + ", but is '" + node.asText() + "'"
                    + Suggestion.among(words, node.asText()));
            return null;
        }
        return type.getEnumConstants()[words.indexOf(node.asText())];
    }

    private static @Nullable Duration patience(PolicySource source, @Nullable JsonNode node, JsonPointer at) {
        if (node == null) {
            return null;
        }
        try {
            Duration patience = Durations.parse(node.asText());
            if (patience.compareTo(Duration.ofSeconds(1)) < 0 || patience.compareTo(HoldManner.MOST_PATIENCE) > 0) {
                source.problem(at, "patience must be from 1s to " + Durations.format(HoldManner.MOST_PATIENCE) + ", but is '" + node.asText() + "'");
            }
            return patience;
        } catch (IllegalArgumentException unreadable) {
            source.problem(at, "patience is wrong: " + unreadable.getMessage());
            return null;
        }
    }
}

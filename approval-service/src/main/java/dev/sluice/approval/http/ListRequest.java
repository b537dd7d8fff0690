// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval.http;

import dev.sluice.approval.decider.ApprovalState.Asked;
import dev.sluice.approval.register.PageKey;
import io.vertx.core.MultiMap;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a list is to contain.
 *
 * @param statuses empty means every status
 * @param after last line of the page before
 */
record ListRequest(Set<Status> statuses, @Nullable String target, @Nullable String requester, int limit, @Nullable PageKey after) {
    static final Set<String> PARAMETERS = Set.of("status", "target", "requester", "limit", "cursor");
    static final int USUAL = 50;
    static final int MOST = 200;

    static ListRequest parse(MultiMap query) {
        for (String name : query.names()) {
            if (!PARAMETERS.contains(name)) {
                throw refused(name, "there is no such parameter; there are " + PARAMETERS.stream().sorted().collect(Collectors.joining(", ")));
            }
        }
        var statuses = query.getAll("status").stream()
                .flatMap(text -> Arrays.stream(text.split(",", -1)))
                .map(Status::parse)
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(Status.class)));
        return new ListRequest(statuses, query.get("target"), query.get("requester"), limit(query.get("limit")), cursor(query.get("cursor")));
    }

    boolean wants(Asked approval) {
        return (statuses.isEmpty() || statuses.contains(Status.of(approval)))
                && (target == null || target.equals(approval.held().target()))
                && (requester == null || requester.equals(approval.held().requester().subject()));
    }

    static String cursorBehind(Asked approval) {
        var key = PageKey.of(approval);
        return Base64.getUrlEncoder().withoutPadding().encodeToString((key.requestedAt() + " " + key.approvalId()).getBytes(StandardCharsets.UTF_8));
    }

    private static int limit(@Nullable String text) {
        if (text == null) {
            return USUAL;
        }
        if (!text.matches("[0-9]{1,3}") || Integer.parseInt(text) < 1 || Integer.parseInt(text) > MOST) {
            throw refused("limit", "'" + text + "' is not a number from 1 to " + MOST);
        }
        return Integer.parseInt(text);
    }

    private static @Nullable PageKey cursor(@Nullable String text) {
        if (text == null) {
            return null;
        }
        try {
            var parts = new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8).split(" ", 2);
            if (parts.length == 2) {
                return new PageKey(Instant.parse(parts[0]), parts[1]);
            }
        } catch (IllegalArgumentException | DateTimeException _) {
            // Falls through to the one answer for a cursor that is not ours.
        }
        throw refused("cursor", "it is not one that a list has returned as 'next'");
    }

    private static RequestRefused refused(String parameter, String why) {
        return new RequestRefused(Problem.badRequest(parameter + ": " + why + "."));
    }
}

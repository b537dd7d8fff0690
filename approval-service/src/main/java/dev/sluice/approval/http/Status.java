// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval.http;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.sluice.approval.decider.ApprovalState;
import dev.sluice.approval.decider.ApprovalState.Asked;
import dev.sluice.approval.decider.Outcome;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** Where an approval stands, in one word. */
enum Status {
    OPEN,
    GRANTED,
    REFUSED,
    WITHDRAWN,
    EXPIRED;

    static Status of(Asked approval) {
        return switch (approval) {
            case ApprovalState.Open _ -> OPEN;
            case ApprovalState.Closed closed -> of(closed.outcome());
        };
    }

    static Status of(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Granted _, Outcome.GrantedByEstimate _ -> GRANTED;
            case Outcome.Refused _ -> REFUSED;
            case Outcome.Withdrawn _ -> WITHDRAWN;
            case Outcome.Expired _ -> EXPIRED;
        };
    }

    static Status parse(String text) {
        return Arrays.stream(values())
                .filter(status -> status.text().equals(text))
                .findFirst()
                .orElseThrow(() -> new RequestRefused(Problem.badRequest("status: '" + text + "' is not one of "
                        + Arrays.stream(values()).map(Status::text).collect(Collectors.joining(", ")) + ".")));
    }

    @JsonValue
    String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}

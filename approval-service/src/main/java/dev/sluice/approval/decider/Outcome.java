// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval.decider;

import dev.sluice.schemas.Principal;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** How an approval ended. There is exactly one per approval, and none is ever taken back. */
public sealed interface Outcome {
    /** For people: {@code approved by bob, carol}. */
    default String inWords() {
        return switch (this) {
            case Granted(var approvers) -> "approved by " + approvers.stream().map(Principal::subject).collect(Collectors.joining(", "));
            case GrantedByEstimate(var rows, var below) ->
                "no human was needed: the planner expects " + rows + " rows, and the rule lets fewer than " + below + " go";
            case Refused(var by, var comment) -> "rejected by " + by.subject() + (comment == null ? "" : ": " + comment);
            case Withdrawn(var reason) -> "withdrawn: " + reason;
            case Expired _ -> "nobody had answered in time";
        };
    }

    /** {@code approvers} in the order in which their votes stand in the log; distinct people, the requester not among them. */
    record Granted(List<Principal> approvers) implements Outcome {
        public Granted {
            approvers = List.copyOf(approvers);
        }
    }

    /** Nobody was asked: the planner expected {@code estimatedRows}, fewer than the rule's {@code below}. */
    record GrantedByEstimate(long estimatedRows, long below) implements Outcome {}

    record Refused(Principal by, @Nullable String comment) implements Outcome {}

    record Withdrawn(String reason) implements Outcome {}

    record Expired() implements Outcome {}
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval.register;

import dev.sluice.approval.decider.ApprovalState.Asked;
import java.time.Instant;
import java.util.Comparator;

/** Place of an approval in lists: the newest first; the id decides between approvals of one instant. */
public record PageKey(Instant requestedAt, String approvalId) implements Comparable<PageKey> {
    private static final Comparator<PageKey> NEWEST_FIRST =
            Comparator.comparing(PageKey::requestedAt).thenComparing(PageKey::approvalId).reversed();

    public static PageKey of(Asked asked) {
        return new PageKey(asked.requestedAt(), asked.held().approvalId());
    }

    @Override
    public int compareTo(PageKey other) {
        return NEWEST_FIRST.compare(this, other);
    }
}

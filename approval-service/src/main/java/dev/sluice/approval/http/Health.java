// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval.http;

import java.util.List;

/** Whether this replica can do its work. Asked per request; cheap. */
@FunctionalInterface
public interface Health {
    /** What keeps it from working, one sentence each; empty when ready. */
    List<String> obstacles();

    /** What has ended for good, so that only another process can do its work; empty while it lives. */
    default List<String> ended() {
        return List.of();
    }
}

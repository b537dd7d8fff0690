// SPDX-License-Identifier: Apache-2.0
package dev.sluice.e2e;

import java.nio.file.Path;

/** Under which policy a statement passes through the gateway. Both let pass what does not ask for a denial, so nothing may differ from a direct connection. */
enum Guard {
    /** Judged and recorded, never refused. */
    OBSERVING(Path.of("..", "policies", "observe.yaml")),
    /** Judged, recorded, and refused where no policy could allow it. */
    ENFORCING(Path.of("src", "test", "resources", "policies", "permissive.yaml"));

    private final Path policy;

    Guard(Path policy) {
        this.policy = policy;
    }

    Path policy() {
        return policy;
    }
}

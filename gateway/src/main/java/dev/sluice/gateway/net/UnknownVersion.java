// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.net;

import dev.sluice.gateway.lineage.LineageResolver;

/** A target's server has a major version on which nobody has seen masks hold, and the operator has not allowed it. */
public final class UnknownVersion extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** @param target its name */
    public UnknownVersion(String target, int serverMajor) {
        super("target " + target + " runs PostgreSQL " + serverMajor + ", and masks are known to hold on " + LineageResolver.OLDEST_SERVER + " to "
                + LineageResolver.NEWEST_SERVER + " only; its operator can set allowUnknownVersion");
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.masking;

import dev.sluice.gateway.lineage.Disagreement;
import org.jspecify.annotations.Nullable;

/** A value could not be masked, or what came does not fit the plan. The statement ends; nothing more of its answer may pass. */
public sealed class MaskingFailed extends RuntimeException permits UnknownOrigin {
    private static final long serialVersionUID = 1;

    private final @Nullable Disagreement disagreement;

    /** @param message never with a value in it: clients see it */
    public MaskingFailed(String message) {
        super(message);
        this.disagreement = null;
    }

    /** @param message as above */
    public MaskingFailed(String message, Disagreement disagreement) {
        super(message);
        this.disagreement = disagreement;
    }

    /** How the server contradicts what the statement was resolved to; null if it does not. */
    public @Nullable Disagreement disagreement() {
        return disagreement;
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.masking;

/** A value could not be masked, or what came does not fit the plan. The statement ends; nothing more of its answer may pass. */
public final class MaskingFailed extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** @param message never with a value in it: clients see it */
    public MaskingFailed(String message) {
        super(message);
    }
}

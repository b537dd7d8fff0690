// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.net;

/** Carries a {@link Refusal} through a failed future. An expected outcome, hence without stack trace. */
final class RefusedException extends Exception {
    private final transient Refusal refusal;

    RefusedException(Refusal refusal) {
        super(refusal.message(), null, false, false);
        this.refusal = refusal;
    }

    Refusal refusal() {
        return refusal;
    }
}

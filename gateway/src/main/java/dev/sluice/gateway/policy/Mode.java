// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.policy;

/** Whether decisions bind. */
public enum Mode {
    /** A denied statement is refused, a held one waits. */
    ENFORCE,
    /** Every decision is recorded as it would have been, and the statement passes. */
    OBSERVE
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.config;

/** What becomes of a client whose statement needs people. */
public enum HoldMode {
    /** It waits for the answer. */
    WAIT,
    /** It gets an error with a ticket at once, and sends the same statement again when it is approved. */
    RETURN,
    /** It waits for a while, and then gets the ticket. */
    AUTO
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.config;

/** What becomes of a statement that needs people inside a transaction, whose locks and snapshot would be kept meanwhile. */
public enum TransactionHold {
    /** It waits, for a shorter time than elsewhere. */
    HOLD,
    /** It is denied, with the way out. */
    DENY,
    /** Its client gets a ticket; the transaction fails. */
    RETURN
}

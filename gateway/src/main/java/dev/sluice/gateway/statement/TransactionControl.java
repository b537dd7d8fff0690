// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.statement;

/** How a statement steers its transaction. */
public enum TransactionControl {
    NONE, BEGIN, COMMIT, ROLLBACK, SAVEPOINT, RELEASE, ROLLBACK_TO, PREPARE_TRANSACTION, COMMIT_PREPARED, ROLLBACK_PREPARED
}

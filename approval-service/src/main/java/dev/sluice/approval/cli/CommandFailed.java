// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval.cli;

/** A command could not be carried out. The message says why, and the way out. */
final class CommandFailed extends RuntimeException {
    private static final long serialVersionUID = 1;

    CommandFailed(String message) {
        super(message, null, false, false);
    }
}

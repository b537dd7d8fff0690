// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.store;

/** Another instance has written what this batch holds; nothing was written now. */
public final class OffsetsMoved extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    OffsetsMoved(String message) {
        super(message);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.masking;

/**
 * Rows come from where they are not known to come from: a relation or column that the catalog did not have when it was read, or others than when
 * the statement was resolved. Nothing is wrong but that the catalog is old.
 */
public final class UnknownOrigin extends MaskingFailed {
    private static final long serialVersionUID = 1;

    UnknownOrigin(int relation) {
        this("relation " + Integer.toUnsignedString(relation) + ", or a column of it, is new to the gateway");
    }

    /** @param message what is new, as a clause */
    public UnknownOrigin(String message) {
        super(message);
    }
}

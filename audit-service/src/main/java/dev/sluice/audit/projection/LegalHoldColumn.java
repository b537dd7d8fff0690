// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.projection;

/** The columns of the table {@code legal_holds}. */
public enum LegalHoldColumn implements Column {
    LEGAL_HOLD_ID(Kind.TEXT),
    KIND(Kind.TEXT),
    VALUE(Kind.TEXT),
    REASON(Kind.TEXT),
    PLACED_BY(Kind.TEXT),
    PLACED_AT(Kind.TIMESTAMPTZ),
    LIFTED_BY(Kind.TEXT),
    LIFTED_AT(Kind.TIMESTAMPTZ),
    LIFT_REASON(Kind.TEXT),
    PROVEN(Kind.BOOLEAN);

    private final Kind kind;

    LegalHoldColumn(Kind kind) {
        this.kind = kind;
    }

    @Override
    public Kind kind() {
        return kind;
    }
}

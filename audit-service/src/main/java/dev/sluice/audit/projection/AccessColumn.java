// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.projection;

/** The columns of the table {@code accesses}: who has asked for what. */
public enum AccessColumn implements Column {
    EVENT_ID(Kind.TEXT),
    ACCESSED_AT(Kind.TIMESTAMPTZ),
    CALLER(Kind.TEXT),
    ISSUER(Kind.TEXT),
    GROUPS(Kind.TEXT_ARRAY),
    CLIENT_ADDRESS(Kind.TEXT),
    METHOD(Kind.TEXT),
    ROUTE(Kind.TEXT),
    SESSION_ID(Kind.TEXT),
    PARAMETERS(Kind.TEXT_ARRAY),
    PERMITTED(Kind.BOOLEAN),
    REASON(Kind.TEXT),
    PROVEN(Kind.BOOLEAN);

    private final Kind kind;

    AccessColumn(Kind kind) {
        this.kind = kind;
    }

    @Override
    public Kind kind() {
        return kind;
    }
}

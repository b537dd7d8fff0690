// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.projection;

import java.util.EnumSet;
import java.util.Set;

/** The columns of the table {@code sessions}. */
public enum SessionColumn implements Column {
    SESSION_ID(Kind.TEXT),
    DAY(Kind.DATE),
    STARTED_AT(Kind.TIMESTAMPTZ),
    PRINCIPAL(Kind.TEXT),
    ISSUER(Kind.TEXT),
    METHOD(Kind.TEXT),
    GROUPS(Kind.TEXT_ARRAY),
    ON_BEHALF_OF(Kind.TEXT),
    TARGET(Kind.TEXT),
    DATABASE(Kind.TEXT),
    ROLE(Kind.TEXT),
    APPLICATION(Kind.TEXT),
    CLIENT_ADDRESS(Kind.TEXT),
    ENCRYPTED(Kind.BOOLEAN),
    PROTOCOL_VERSION(Kind.TEXT),
    SERVER_VERSION(Kind.TEXT),
    POLICY_VERSION(Kind.TEXT),
    MODE(Kind.TEXT),
    OPENED_AT(Kind.TIMESTAMPTZ),
    CLAIMED_USER(Kind.TEXT),
    REFUSED_AT(Kind.TIMESTAMPTZ),
    REFUSAL_SQLSTATE(Kind.TEXT),
    REFUSAL_REASON(Kind.TEXT),
    CLOSED_AT(Kind.TIMESTAMPTZ),
    CLOSE_REASON(Kind.TEXT),
    DURATION_MICROS(Kind.BIGINT),
    SEALED_SEQUENCE(Kind.BIGINT),
    SEALED_DIGEST(Kind.TEXT),
    SEAL(Kind.TEXT),
    LAST_AT(Kind.TIMESTAMPTZ),
    LAST_SEQUENCE(Kind.BIGINT),
    LAST_DIGEST(Kind.TEXT),
    STATEMENTS(Kind.BIGINT),
    TRACE_ID(Kind.TEXT),
    BYPASSED_AT(Kind.TIMESTAMPTZ),
    SERVER_PROCESS(Kind.BIGINT),
    POLICY_LOADED_AT(Kind.TIMESTAMPTZ),
    PREVIOUS_POLICY_VERSION(Kind.TEXT);

    private static final Set<SessionColumn> MOVING = EnumSet.of(LAST_AT, LAST_SEQUENCE, LAST_DIGEST, STATEMENTS, SEALED_SEQUENCE, SEALED_DIGEST, SEAL);

    private final Kind kind;

    SessionColumn(Kind kind) {
        this.kind = kind;
    }

    @Override
    public Kind kind() {
        return kind;
    }

    /** True for what each record moves on; the first value of any other column stays. */
    public boolean moves() {
        return MOVING.contains(this);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.projection;

import dev.sluice.schemas.chain.SignedRecord;
import dev.sluice.schemas.event.AuditEvent;
import dev.sluice.schemas.event.AuditEvent.EvidenceAccessed;
import dev.sluice.schemas.event.AuditEvent.LegalholdLifted;
import dev.sluice.schemas.event.AuditEvent.LegalholdPlaced;
import dev.sluice.schemas.signature.TrustedKeys;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Folds what auditors did into rows. Of legal holds only what a key of the audit-service has signed is believed, and the rest is turned to the safe side:
 * who can write to the topic can keep what would otherwise go, but can neither lift a hold nor take its name. One instance per batch, one thread.
 */
final class AuditFold {
    private static final int DISTINCT = 12;

    private final @Nullable TrustedKeys keys;
    private final Map<String, ProjectedRow> accesses = new LinkedHashMap<>();
    private final Map<String, ProjectedRow> legalHolds = new LinkedHashMap<>();

    /** {@code keys} of the audit-service; null proves nothing. */
    AuditFold(@Nullable TrustedKeys keys) {
        this.keys = keys;
    }

    /** {@code id} is the event's own. Returns what is wrong with it, null for nothing. */
    @Nullable String add(ReadRecord record, String id, AuditEvent event) {
        String trouble = unproven(record, event);
        switch (event) {
            case EvidenceAccessed accessed -> {
                access(record, trouble == null ? id : ownName(id, record), accessed, trouble == null);
                return trouble == null ? null : "an access is listed although its record is not proven: " + trouble;
            }
            case LegalholdPlaced placed -> {
                ProjectedRow row = legalHold(trouble == null ? placed.legalHoldId() : ownName(placed.legalHoldId(), record));
                row.put(LegalHoldColumn.PROVEN, trouble == null);
                row.put(LegalHoldColumn.KIND, placed.kind().name().toLowerCase(Locale.ROOT));
                row.put(LegalHoldColumn.VALUE, placed.value());
                row.put(LegalHoldColumn.REASON, placed.reason());
                row.put(LegalHoldColumn.PLACED_BY, placed.placedBy().subject());
                row.put(LegalHoldColumn.PLACED_AT, record.time());
            }
            case LegalholdLifted lifted when trouble != null -> {
                return "legal hold " + lifted.legalHoldId() + " stays in force, its lift is not proven: " + trouble;
            }
            case LegalholdLifted lifted -> {
                ProjectedRow row = legalHold(lifted.legalHoldId());
                row.put(LegalHoldColumn.LIFTED_BY, lifted.liftedBy().subject());
                row.put(LegalHoldColumn.LIFTED_AT, record.time());
                row.put(LegalHoldColumn.LIFT_REASON, lifted.reason());
            }
        }
        return trouble == null ? null : "a legal hold counts although its placement is not proven: " + trouble;
    }

    /** Of what is not proven: it must not take the place of what is. */
    private static String ownName(String id, ReadRecord record) {
        return id + "~" + record.digest().substring(0, DISTINCT);
    }

    private @Nullable String unproven(ReadRecord record, AuditEvent event) {
        return keys == null ? "no key of the audit-service is known" : SignedRecord.verify(event, record.raw().value(), keys);
    }

    private void access(ReadRecord record, String id, EvidenceAccessed event, boolean proven) {
        ProjectedRow row = accesses.computeIfAbsent(StorableText.of(id), _ -> new ProjectedRow(AccessColumn.values().length));
        row.put(AccessColumn.EVENT_ID, id);
        row.put(AccessColumn.ACCESSED_AT, record.time());
        row.put(AccessColumn.CALLER, event.caller().subject());
        row.put(AccessColumn.ISSUER, event.caller().issuer());
        row.put(AccessColumn.GROUPS, event.caller().groups().stream().sorted().toList());
        row.put(AccessColumn.CLIENT_ADDRESS, event.clientAddress());
        row.put(AccessColumn.METHOD, event.method());
        row.put(AccessColumn.ROUTE, event.route());
        row.put(AccessColumn.SESSION_ID, event.sessionId());
        row.put(AccessColumn.PARAMETERS, event.parameters().stream().map(parameter -> parameter.name() + "=" + parameter.value()).toList());
        row.put(AccessColumn.PROVEN, proven);
        row.put(AccessColumn.PERMITTED, event.permitted());
        row.put(AccessColumn.REASON, event.reason());
    }

    private ProjectedRow legalHold(String id) {
        return legalHolds.computeIfAbsent(StorableText.of(id), key -> {
            var fresh = new ProjectedRow(LegalHoldColumn.values().length);
            fresh.put(LegalHoldColumn.LEGAL_HOLD_ID, key);
            return fresh;
        });
    }

    Collection<ProjectedRow> accesses() {
        return List.copyOf(accesses.values());
    }

    Collection<ProjectedRow> legalHolds() {
        return List.copyOf(legalHolds.values());
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.projection;

import dev.sluice.schemas.event.AuditEvent;
import dev.sluice.schemas.event.AuditEvent.EvidenceAccessed;
import dev.sluice.schemas.event.AuditEvent.LegalholdLifted;
import dev.sluice.schemas.event.AuditEvent.LegalholdPlaced;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Folds what auditors did into rows. One instance per batch, one thread. */
final class AuditFold {
    private final Map<String, ProjectedRow> accesses = new LinkedHashMap<>();
    private final Map<String, ProjectedRow> legalHolds = new LinkedHashMap<>();

    /** {@code id} is the event's own. */
    void add(ReadRecord record, String id, AuditEvent event) {
        switch (event) {
            case EvidenceAccessed accessed -> access(record, id, accessed);
            case LegalholdPlaced placed -> {
                ProjectedRow row = legalHold(placed.legalHoldId());
                row.put(LegalHoldColumn.KIND, placed.kind().name().toLowerCase(Locale.ROOT));
                row.put(LegalHoldColumn.VALUE, placed.value());
                row.put(LegalHoldColumn.REASON, placed.reason());
                row.put(LegalHoldColumn.PLACED_BY, placed.placedBy().subject());
                row.put(LegalHoldColumn.PLACED_AT, record.time());
            }
            case LegalholdLifted lifted -> {
                ProjectedRow row = legalHold(lifted.legalHoldId());
                row.put(LegalHoldColumn.LIFTED_BY, lifted.liftedBy().subject());
                row.put(LegalHoldColumn.LIFTED_AT, record.time());
                row.put(LegalHoldColumn.LIFT_REASON, lifted.reason());
            }
        }
    }

    private void access(ReadRecord record, String id, EvidenceAccessed event) {
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

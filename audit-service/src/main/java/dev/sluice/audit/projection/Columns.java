// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.projection;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.nimbusds.jose.JWSObject;
import dev.sluice.schemas.event.SessionEvent.SessionClosed;
import dev.sluice.schemas.event.SessionEvent.SessionOpened;
import dev.sluice.schemas.event.SessionEvent.SessionRefused;
import dev.sluice.schemas.event.StatementEvent;
import java.text.ParseException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which column each part of an event goes to. The first value of a column stays. */
final class Columns {
    private Columns() {}

    static void opened(ObjectNode row, Instant time, SessionOpened event) {
        put(row, "opened_at", time);
        put(row, "principal", event.principal().subject());
        put(row, "issuer", event.principal().issuer());
        put(row, "method", word(event.principal().method()));
        put(row, "groups", event.principal().groups().stream().sorted().toList());
        put(row, "on_behalf_of", event.principal().onBehalfOf());
        put(row, "target", event.target());
        put(row, "database", event.database());
        put(row, "role", event.role());
        put(row, "application", event.application());
        put(row, "client_address", event.clientAddress());
        put(row, "encrypted", event.encrypted());
        put(row, "protocol_version", event.protocolVersion());
        put(row, "server_version", event.serverVersion());
        put(row, "policy_version", event.policyVersion());
        put(row, "mode", event.mode());
    }

    static void refused(ObjectNode row, Instant time, SessionRefused event) {
        put(row, "refused_at", time);
        put(row, "claimed_user", event.user());
        put(row, "target", event.target());
        put(row, "client_address", event.clientAddress());
        put(row, "refusal_sqlstate", event.sqlState());
        put(row, "refusal_reason", event.reason());
    }

    static void closed(ObjectNode row, Instant time, SessionClosed event) {
        put(row, "closed_at", time);
        put(row, "close_reason", event.reason());
        put(row, "duration_micros", event.durationMicros());
    }

    static void statement(ObjectNode row, Instant time, long nextOrdinal, StatementEvent event) {
        switch (event) {
            case StatementEvent.StatementDecided decided -> {
                put(row, "decided_at", time);
                put(row, "ordinal", nextOrdinal);
                put(row, "protocol", word(decided.protocol()));
                put(row, "query", decided.query());
                put(row, "query_digest", decided.queryDigest());
                put(row, "kinds", decided.facts().kinds());
                put(row, "effects", decided.facts().effects());
                put(row, "relations", relations(decided.facts().relations()));
                put(row, "bounded", decided.facts().bounded());
                put(row, "outcome", word(decided.outcome()));
                put(row, "rule", decided.rule());
                put(row, "reason", decided.reason());
                put(row, "enforced", decided.enforced());
                put(row, "masks", decided.masks());
            }
            case StatementEvent.StatementHeld held -> {
                put(row, "held_at", time);
                put(row, "approval_id", held.approvalId());
                put(row, "statement_digest", held.statementDigest());
                put(row, "approver_groups", held.approverGroups());
                put(row, "quorum", held.quorum());
                put(row, "hold_expires_at", held.expiresAt());
            }
            case StatementEvent.StatementReleased released -> {
                put(row, "released_at", time);
                put(row, "approval_id", released.approvalId());
                put(row, "approvers", approvers(released.verdict()));
            }
            // It changes nothing about the statement; the timeline tells of it.
            case StatementEvent.GrantRejected _ -> {}
            case StatementEvent.StatementRefused refused -> {
                put(row, "refused_at", time);
                put(row, "approval_id", refused.approvalId());
                put(row, "refusal_sqlstate", refused.sqlState());
                put(row, "refusal_reason", refused.reason());
            }
            case StatementEvent.StatementWithdrawn withdrawn -> {
                put(row, "withdrawn_at", time);
                put(row, "approval_id", withdrawn.approvalId());
                put(row, "withdrawal_reason", withdrawn.reason());
            }
            case StatementEvent.StatementCompleted completed -> {
                put(row, "completed_at", time);
                put(row, "command_tags", completed.commandTags());
                put(row, "sqlstate", completed.sqlState());
                put(row, "row_count", completed.rows());
                put(row, "byte_count", completed.bytes());
                put(row, "answer_digest", completed.digest());
                put(row, "duration_micros", completed.durationMicros());
            }
        }
    }

    /** {@code table} as the statement wrote it and, when it was qualified, {@code schema.table} too: both find the statement. */
    private static List<String> relations(List<StatementEvent.RelationAccess> accesses) {
        return accesses.stream()
                .flatMap(access -> access.schema() == null
                        ? java.util.stream.Stream.of(access.name())
                        : java.util.stream.Stream.of(access.name(), access.schema() + "." + access.name()))
                .distinct()
                .sorted()
                .toList();
    }

    /** Who the verdict names, for searching; whether the verdict is genuine is for verification to say. */
    private static List<String> approvers(String verdict) {
        try {
            Map<String, Object> claims = JWSObject.parse(verdict).getPayload().toJSONObject();
            return claims != null && claims.get("approvers") instanceof Collection<?> names ? names.stream().map(String::valueOf).toList() : List.of();
        } catch (ParseException _) {
            return List.of();
        }
    }

    static void put(ObjectNode row, String column, @Nullable Object value) {
        if (value == null || row.has(column)) {
            return;
        }
        switch (value) {
            case Boolean flag -> row.put(column, flag);
            case Integer number -> row.put(column, number);
            case Long number -> row.put(column, number);
            case Collection<?> values -> {
                ArrayNode array = row.putArray(column);
                values.forEach(element -> array.add(storable(String.valueOf(element))));
            }
            default -> row.put(column, storable(value.toString()));
        }
    }

    /** PostgreSQL's text holds neither NUL nor half of a surrogate pair; the raw record still does. */
    static String storable(String text) {
        if (text.indexOf('\0') < 0 && text.chars().noneMatch(c -> Character.isSurrogate((char) c))) {
            return text;
        }
        StringBuilder clean = new StringBuilder(text.length());
        text.codePoints()
                .map(point -> point == 0 || (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE) ? 0xFFFD : point)
                .forEach(clean::appendCodePoint);
        return clean.toString();
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}

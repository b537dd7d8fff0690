// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.store;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Pool;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The figures of reports, and the rows behind them. */
public final class ReportStore {
    static final String DESTROYS = "(effects @> ARRAY['schema'] OR (effects @> ARRAY['write'] AND NOT bounded)) AND protocol <> 'parse'";
    private static final List<StatementEnd> DESTRUCTIVE_ENDS = List.of(
            StatementEnd.APPROVED, StatementEnd.AUTO_APPROVED, StatementEnd.REJECTED, StatementEnd.EXPIRED, StatementEnd.VOID, StatementEnd.WITHDRAWN,
            StatementEnd.WAITING, StatementEnd.DENIED, StatementEnd.ALLOWED, StatementEnd.RAN_UNAPPROVED, StatementEnd.END_UNKNOWN);
    private static final List<StatementEnd> DENIED_ENDS =
            List.of(StatementEnd.DENIED, StatementEnd.REJECTED, StatementEnd.EXPIRED, StatementEnd.VOID, StatementEnd.WAITING, StatementEnd.DETECTED);
    private static final String NEWEST = "ORDER BY started_at DESC, session_id DESC, statement_id DESC";
    private static final String DENIED = StatementEnd.STOPPED.condition();

    /** What ran and gave an answer that may show columns that a mask names. */
    private static final String EXPOSES = "(cardinality(masks) > 0 OR exposed IS NOT NULL) AND " + StatementEnd.RAN.condition();

    private final Pool pool;

    public ReportStore(Pool pool) {
        this.pool = pool;
    }

    /**
     * What a report is about.
     *
     * @param started over the start of statements, or of sessions
     */
    public record Scope(Filters.Span started, @Nullable String target, Visibility visibility) {}

    /** Statements that change the schema, or change or remove rows without bound: how many, and what became of them. */
    public Future<JsonObject> destructiveFigures(Scope scope) {
        return one("SELECT count(*) AS statements, " + counts(DESTRUCTIVE_ENDS) + " FROM statements", statements(scope, DESTROYS));
    }

    /** How many statements came to each of the ends, under its word. */
    private static String counts(List<StatementEnd> ends) {
        return ends.stream().map(end -> "count(*) FILTER (WHERE " + end.condition() + ") AS \"" + end.name().toLowerCase(Locale.ROOT) + "\"").collect(Collectors.joining(", "));
    }

    /** The rows behind {@link #destructiveFigures}, newest first. */
    public Rows destructive(Scope scope) {
        return rows("""
                SELECT started_at, session_id, statement_id, principal, target, outcome, rule, approval_id, approvers, refusal_reason, withdrawal_reason,
                       sqlstate, row_count, query FROM statements""", statements(scope, DESTROYS), NEWEST);
    }

    /** What was stopped: how many, by whom and what, of how many callers, by how many rules; and how many callers did not even come in. */
    public Future<JsonObject> deniedFigures(Scope scope) {
        return one("SELECT count(*) AS statements, " + counts(DENIED_ENDS) + ", count(DISTINCT principal) AS principals, count(DISTINCT rule) AS rules FROM statements",
                        statements(scope, DENIED))
                .compose(figures -> one("SELECT count(*) AS refused_sessions FROM sessions", sessions(scope).also(SessionState.REFUSED.condition())).map(figures::mergeIn));
    }

    /** Sessions that were refused, newest first: nobody is proven to be who they say. */
    public Rows refusedSessions(Scope scope) {
        return rows("SELECT started_at, session_id, claimed_user AS principal, target, refusal_sqlstate, refusal_reason FROM sessions",
                sessions(scope).also(SessionState.REFUSED.condition()), "ORDER BY started_at DESC, session_id DESC");
    }

    /** The rows behind {@link #deniedFigures}, newest first. */
    public Rows denied(Scope scope) {
        return rows("""
                SELECT started_at, session_id, statement_id, principal, target, outcome, rule, reason, approval_id, refusal_sqlstate, refusal_reason, denied_by, enforced, query
                FROM statements""", statements(scope, DENIED), NEWEST);
    }

    /** Who has read columns that a mask names: how many statements, columns and people. */
    public Future<JsonObject> exposureFigures(Scope scope) {
        return one("""
                SELECT count(*) FILTER (WHERE cardinality(masks) > 0) AS masked_statements,
                       count(*) FILTER (WHERE exposed IS NOT NULL) AS unmasked_statements,
                       count(DISTINCT principal) FILTER (WHERE cardinality(masks) > 0) AS principals_masked,
                       count(DISTINCT principal) FILTER (WHERE exposed IS NOT NULL) AS principals_unmasked
                FROM statements""", statements(scope, EXPOSES));
    }

    /** The rows behind {@link #exposureFigures}: each reader and column, masked or not and by which exemption; what was seen unmasked first. */
    public Rows exposures(Scope scope) {
        return rows("""
                SELECT principal, target, masked_column, masked, mask_rule, exemption, count(*) AS statements, sum(row_count)::bigint AS row_count,
                       min(started_at) AS first_at, max(started_at) AS last_at, (array_agg(session_id ORDER BY started_at DESC))[1] AS session_id
                FROM statements, LATERAL (
                       SELECT m.name, true, m.rule, NULL FROM unnest(masks, mask_rules) AS m (name, rule)
                       UNION ALL
                       SELECT e.name, false, e.rule, e.exemption FROM unnest(exposed, exposed_rules, exemptions) AS e (name, rule, exemption)
                ) AS seen (masked_column, masked, mask_rule, exemption)""", statements(scope, EXPOSES),
                "GROUP BY principal, target, masked_column, masked, mask_rule, exemption ORDER BY masked, masked_column, principal, target, mask_rule, exemption");
    }

    /** How many policies were in force, and how often a gateway took one up. */
    public Future<JsonObject> policyFigures(Scope scope) {
        return one("SELECT count(DISTINCT policy_version) AS policies FROM statements", statements(scope, null))
                .compose(figures -> one("SELECT count(*) AS loads FROM sessions", sessions(scope).also(SessionState.POLICY.condition())).map(figures::mergeIn));
    }

    /** Which policies were in force, as the statements that they decided tell, and since when a gateway had them. */
    public Rows policies(Scope scope) {
        return rows("""
                SELECT target, policy_version, min(started_at) AS first_decision, max(started_at) AS last_decision, count(*) AS statements,
                       (SELECT min(l.policy_loaded_at) FROM sessions l WHERE l.policy_version = statements.policy_version AND l.policy_loaded_at IS NOT NULL) AS first_loaded,
                       count(*) FILTER (WHERE NOT enforced) AS not_enforced, (array_agg(session_id ORDER BY started_at))[1] AS session_id
                FROM statements""", statements(scope, "policy_version IS NOT NULL"), "GROUP BY target, policy_version ORDER BY min(started_at) DESC, policy_version");
    }

    /** How whole the record is. */
    public Future<JsonObject> completenessFigures(Scope scope) {
        String states = Arrays.stream(SessionState.values())
                .map(state -> "count(*) FILTER (WHERE " + state.condition() + ") AS \"" + state.name().toLowerCase(Locale.ROOT) + "\"")
                .collect(Collectors.joining(", "));
        return one("SELECT count(*) AS sessions, " + states + " FROM sessions", sessions(scope))
                .compose(figures -> one("SELECT count(*) AS statements FROM statements", statements(scope, null)).map(figures::mergeIn));
    }

    /** Sessions that are not whole: without an end, or with findings. */
    public Rows completeness(Scope scope) {
        Where where = sessions(scope)
                .also("((" + SessionState.WITHOUT_END.condition() + ") OR " + SessionState.WITH_FINDINGS.condition() + ")");
        return rows("""
                SELECT started_at, session_id, principal, target, role, application, client_address, server_process, last_at, last_sequence, sealed_sequence, closed_at,
                       ARRAY(SELECT DISTINCT f.kind FROM findings f WHERE f.session_id = sessions.session_id ORDER BY 1) AS findings
                FROM sessions""", where, "ORDER BY started_at DESC, session_id DESC");
    }

    /** How many findings of each kind belong to no session, for those who see everything; none where one target is asked for. */
    public Future<List<JsonObject>> findingsWithoutSession(Scope scope) {
        if (scope.visibility().targets() != null || scope.target() != null) {
            return Future.succeededFuture(List.of());
        }
        Where where = new Where()
                .also("NOT EXISTS (SELECT FROM sessions s WHERE s.session_id = findings.session_id)")
                .and("recorded_at >= ?", Where.utc(scope.started().from()))
                .and("recorded_at < ?", Where.utc(scope.started().to()));
        return Listing.rows(pool, "SELECT kind, count(*) AS findings FROM findings" + where + " GROUP BY kind ORDER BY kind", where);
    }

    private static Where statements(Scope scope, @Nullable String condition) {
        return sessions(scope).also(condition).and("day <= ?", Where.day(scope.started().to()));
    }

    private static Where sessions(Scope scope) {
        return new Where()
                .and("started_at >= ?", Where.utc(scope.started().from()))
                .and("started_at < ?", Where.utc(scope.started().to()))
                .and("target = ?", scope.target())
                .and("target = ANY (?)", (Object) scope.visibility().parameter());
    }

    private Future<JsonObject> one(String select, Where where) {
        return pool.preparedQuery(select + where).execute(where.values()).map(rows -> RowJson.of(rows.iterator().next()));
    }

    private Rows rows(String select, Where where, String order) {
        return new QueriedRows(pool, select + where + " " + order, where.values());
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.store;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The figures of reports, and the rows behind them. */
public final class ReportStore {
    /** Most rows of one report; its figures count all. */
    public static final int ROWS = 5_000;

    private static final String DESTROYS = "(effects @> ARRAY['schema'] OR (effects @> ARRAY['write'] AND NOT bounded)) AND protocol <> 'parse'";
    private static final String DENIED = "(outcome = 'deny' OR refused_at IS NOT NULL)";

    /** What ran and gave an answer that may show columns that a mask names. */
    private static final String EXPOSES =
            "(cardinality(masks) > 0 OR exposed IS NOT NULL) AND protocol <> 'parse' AND completed_at IS NOT NULL AND sqlstate IS NULL AND refused_at IS NULL";

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
        return one("""
                SELECT count(*) AS statements,
                       count(*) FILTER (WHERE released_at IS NOT NULL) AS approved,
                       count(*) FILTER (WHERE refused_at IS NOT NULL) AS refused,
                       count(*) FILTER (WHERE withdrawn_at IS NOT NULL) AS withdrawn,
                       count(*) FILTER (WHERE outcome = 'deny') AS denied,
                       count(*) FILTER (WHERE outcome = 'allow') AS allowed_by_policy,
                       count(*) FILTER (WHERE completed_at IS NOT NULL AND sqlstate IS NULL AND released_at IS NULL) AS ran_unapproved
                FROM statements""", statements(scope, DESTROYS));
    }

    /** The rows behind {@link #destructiveFigures}, newest first. */
    public Future<List<JsonObject>> destructive(Scope scope) {
        return rows("""
                SELECT started_at, session_id, statement_id, principal, target, outcome, rule, approval_id, approvers, refusal_reason, withdrawal_reason,
                       sqlstate, row_count, query FROM statements""", statements(scope, DESTROYS), "ORDER BY started_at DESC, session_id DESC, statement_id DESC");
    }

    /** What was refused: how many, of whom, by which rules. */
    public Future<JsonObject> deniedFigures(Scope scope) {
        return one("""
                SELECT count(*) AS statements, count(*) FILTER (WHERE outcome = 'deny') AS by_policy, count(*) FILTER (WHERE refused_at IS NOT NULL) AS by_people,
                       count(DISTINCT principal) AS principals, count(DISTINCT rule) AS rules FROM statements""", statements(scope, DENIED));
    }

    /** The rows behind {@link #deniedFigures}, newest first. */
    public Future<List<JsonObject>> denied(Scope scope) {
        return rows("""
                SELECT started_at, session_id, statement_id, principal, target, outcome, rule, reason, approval_id, refusal_sqlstate, refusal_reason, enforced, query
                FROM statements""", statements(scope, DENIED), "ORDER BY started_at DESC, session_id DESC, statement_id DESC");
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
    public Future<List<JsonObject>> exposures(Scope scope) {
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

    /** Which policies were in force, as the statements that they decided tell. */
    public Future<List<JsonObject>> policies(Scope scope) {
        return rows("""
                SELECT target, policy_version, min(started_at) AS first_decision, max(started_at) AS last_decision, count(*) AS statements,
                       count(*) FILTER (WHERE NOT enforced) AS not_enforced, (array_agg(session_id ORDER BY started_at))[1] AS session_id
                FROM statements""", statements(scope, "policy_version IS NOT NULL"), "GROUP BY target, policy_version ORDER BY min(started_at) DESC, policy_version");
    }

    /** How whole the record is. */
    public Future<JsonObject> completenessFigures(Scope scope) {
        return one("""
                SELECT count(*) AS sessions, count(*) FILTER (WHERE closed_at IS NOT NULL) AS closed, count(*) FILTER (WHERE refused_at IS NOT NULL) AS refused,
                       count(*) FILTER (WHERE closed_at IS NULL AND refused_at IS NULL AND bypassed_at IS NULL) AS without_end,
                       count(*) FILTER (WHERE bypassed_at IS NOT NULL) AS bypassed,
                       count(*) FILTER (WHERE seal IS NOT NULL) AS signed, coalesce(sum(statements), 0)::bigint AS statements,
                       coalesce(sum(last_sequence + 1), 0)::bigint AS events,
                       count(*) FILTER (WHERE EXISTS (SELECT FROM findings f WHERE f.session_id = sessions.session_id)) AS with_findings
                FROM sessions""", sessions(scope));
    }

    /** Sessions that are not whole: without an end, or with findings. */
    public Future<List<JsonObject>> completeness(Scope scope) {
        Where where = sessions(scope)
                .also("((closed_at IS NULL AND refused_at IS NULL AND bypassed_at IS NULL) OR EXISTS (SELECT FROM findings f WHERE f.session_id = sessions.session_id))");
        return rows("""
                SELECT started_at, session_id, principal, target, role, application, client_address, server_process, last_at, last_sequence, sealed_sequence, closed_at,
                       ARRAY(SELECT DISTINCT f.kind FROM findings f WHERE f.session_id = sessions.session_id ORDER BY 1) AS findings
                FROM sessions""", where, "ORDER BY started_at DESC, session_id DESC");
    }

    /** How many findings of each kind belong to no session, for those who see everything. */
    public Future<List<JsonObject>> findingsWithoutSession(Visibility visibility) {
        return visibility.targets() != null
                ? Future.succeededFuture(List.of())
                : pool.preparedQuery("SELECT kind, count(*) AS findings FROM findings f WHERE session_id IS NULL OR NOT EXISTS (SELECT FROM sessions s WHERE s.session_id = f.session_id)"
                                + " GROUP BY kind ORDER BY kind")
                        .execute(Tuple.tuple())
                        .map(rows -> {
                            List<JsonObject> items = new ArrayList<>();
                            rows.forEach(row -> items.add(RowJson.of(row)));
                            return items;
                        });
    }

    private static Where statements(Scope scope, String condition) {
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

    private Future<List<JsonObject>> rows(String select, Where where, String order) {
        return pool.preparedQuery(select + where + " " + order + " LIMIT " + ROWS).execute(where.values()).map(rows -> {
            List<JsonObject> items = new ArrayList<>();
            rows.forEach(row -> items.add(RowJson.of(row)));
            return items;
        });
    }
}

// SPDX-License-Identifier: Apache-2.0
/**
 * What a statement's answer depends on, read from the tree that the server itself made of it: names resolved under the session's own
 * search_path and role, views expanded, row security applied. {@link dev.sluice.gateway.lineage.NodeReader} reads the text,
 * {@link dev.sluice.gateway.lineage.LineageResolver} follows it, {@link dev.sluice.gateway.lineage.FunctionClasses} tells what functions do. All
 * of it is pure and may be used by any thread; it imports no sockets, no Kafka, no clock and no random source.
 *
 * <h2>How the tree is asked for (seen on PostgreSQL 13 to 18, as a role without privileges)</h2>
 *
 * <ul>
 *   <li>{@code SET client_min_messages = log; SET debug_pretty_print = off; SET debug_print_rewritten = on}. From then on every statement that is
 *       analysed sends a NoticeResponse with severity LOG, message {@code rewritten parse tree:} and the tree as its detail, before it is planned.
 *       Any role may set these; they are transactional like every setting. Other LOG messages (durations, other trees) reach the client too as
 *       long as {@code client_min_messages} is {@code log}.
 *   <li>Ask by a Parse message, before anything runs: one notice, whose detail is the list of all queries that rules made of the statement. The
 *       client's own Parse will do, as long as its Bind waits. Do not ask by {@code PREPARE} in SQL: versions 13 and 14 print nothing for its query. A
 *       simple query of several statements prints each tree only when the ones before have run.
 *   <li>In a failed transaction nothing is analysed. A Parse that fails fails the transaction, as the client's own would.
 *   <li>A tree follows temporary tables, search_path, role and catalog: ask again when one of them has changed. Where row security or a role is
 *       in play, the server itself plans anew.
 *   <li>The same text goes to the server's log, unless {@code log_min_messages} is above {@code log} for the session ({@code fatal}), which takes a
 *       superuser or, since 15, {@code GRANT SET ON PARAMETER log_min_messages}.
 * </ul>
 *
 * <h2>Utility statements</h2>
 *
 * <p>Their own tree never says what they read, so it is {@link dev.sluice.gateway.lineage.Lineage.Unresolved}. Before 16 it is {@code ?} for
 * all but DECLARE. Since 16, DECLARE, EXPLAIN, CREATE TABLE AS and SELECT INTO hold an analysed query, but one whose views are not expanded and
 * whose row security is not applied: the rewriter runs when the utility statement does, and prints nothing then. PREPARE, CREATE VIEW,
 * CREATE RULE, CREATE FUNCTION and COPY hold raw grammar; COPY prints its query's tree when it has begun. So have the query alone parsed:
 * {@link dev.sluice.gateway.statement.InnerQuery} cuts it out of the text; what {@code COPY t (a) TO} reads is {@code SELECT a FROM ONLY t}. EXECUTE and
 * FETCH follow what they name; the rows of REFRESH go where the materialized view's own query says.
 *
 * <h2>Bodies of functions in SQL</h2>
 *
 * <p>{@code SELECT fmgr_sql_validator(oid)} has the server analyse and rewrite a body under the session's role and search_path, whoever owns it: after the
 * tree of that SELECT itself comes one notice per statement of the body, and nothing runs. Give their details to
 * {@link dev.sluice.gateway.lineage.LineageResolver#resolve(java.util.List, int, dev.sluice.gateway.catalog.Catalog, java.util.Map)}, and ask for those
 * that appear in {@link dev.sluice.gateway.lineage.Lineage.Resolved#opaque} until none in SQL is left. No tree comes for polymorphic functions: they
 * stay opaque. A function with settings of its own (SET search_path) is analysed under the session's instead: leave it opaque.
 *
 * <h2>What is not in the tree</h2>
 *
 * <ul>
 *   <li>Generated columns: a column is its own origin, whatever it is computed from. Children of a parent table: a reference to the parent is one to
 *       the parent's column alone. Materialized views: a column of one is its own origin. Whoever binds masks covers all three.
 *   <li>Triggers, constraints, defaults that the table computes when it is written, and foreign data wrappers.
 *   <li>The order of rows without ORDER BY may follow any of the conditions, joins and groups of a statement, and errors may tell what a value was.
 * </ul>
 */
@NullMarked
package dev.sluice.gateway.lineage;

import org.jspecify.annotations.NullMarked;

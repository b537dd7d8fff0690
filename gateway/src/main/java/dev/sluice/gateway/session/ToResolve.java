// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.session;

import dev.sluice.gateway.masking.BoundMasks;
import dev.sluice.gateway.masking.MaskRules;
import dev.sluice.gateway.masking.Reach;
import dev.sluice.gateway.statement.CopyDirection;
import dev.sluice.gateway.statement.CopyOut;
import dev.sluice.gateway.statement.Effect;
import dev.sluice.gateway.statement.InnerQuery;
import dev.sluice.gateway.statement.PlainChange;
import dev.sluice.gateway.statement.StatementFacts;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What has to be found out about one statement of a masked caller. */
sealed interface ToResolve {
    /** Nothing. */
    record Settled(Masking masking) implements ToResolve {}

    /**
     * What the server makes of this text.
     *
     * @param copy the COPY that the text is the query of; null for other statements
     */
    record Ask(Source source, Masking.Rows rows, @Nullable CopyOut copy) implements ToResolve {}

    /** It cannot be found out, so the statement must not run. */
    record Unresolvable(String reason, String hint) implements ToResolve {}

    /** What returns no rows and puts no value elsewhere. A view shows what its query shows: it is followed whenever it is read. */
    Set<String> WITHOUT_ROWS = Set.of(
            "TRUNCATE TABLE", "LOCK TABLE", "VACUUM", "ANALYZE", "REINDEX", "COMMENT", "GRANT", "REVOKE", "DROP TABLE", "DROP VIEW",
            "DROP MATERIALIZED VIEW", "DROP INDEX", "DROP FUNCTION", "DROP SEQUENCE", "CREATE VIEW");

    /** What makes or drops tables and indexes changes no meaning of what is left. */
    Set<String> NEUTRAL = Set.of("CREATE TABLE", "CREATE TABLE AS", "CREATE INDEX", "CREATE SEQUENCE", "ALTER TABLE", "DROP TABLE", "DROP INDEX", "DROP SEQUENCE");

    Set<Effect> LEAVING = Set.of(Effect.FILE, Effect.PROGRAM, Effect.NETWORK);

    /** A publication says what the server sends to others, settings of the system name programs that it runs, and a wrapper's functions act as they like. */
    Set<String> LEAVING_KINDS = Set.of("CREATE PUBLICATION", "ALTER PUBLICATION", "ALTER SYSTEM", "CREATE FOREIGN DATA WRAPPER", "ALTER FOREIGN DATA WRAPPER");

    /** Whether functions, views, types and operators may be others behind it than the catalog has. */
    static boolean changesObjects(StatementFacts facts) {
        return facts.effects().contains(Effect.UNKNOWN) || facts.effects().contains(Effect.SCHEMA) && !NEUTRAL.contains(facts.kind());
    }

    /**
     * What there is to find out about one of the statements of a text.
     *
     * @param rules the caller's masks, as the policy has them
     * @param bound as they are bound in this database, where they may match nothing
     * @param changed whether the transaction has changed settings, the role or objects
     */
    static ToResolve of(Judged judged, int place, MaskRules rules, BoundMasks bound, SessionNames names, boolean changed) {
        StatementFacts statement = judged.reading().statements().get(place);
        if (rules.maskAnything() && (leavesServer(statement) || ForeignTableChanges.mayRedirect(statement, bound.catalog()))) {
            return new Unresolvable(
                    statement.kind() + " would use the server's files, programs or network, or what it sends elsewhere, and masked columns can be read there without their masks",
                    "Ask somebody whose view is not masked, or the policy's owner to exempt you from the masks by unless.");
        }
        boolean before = judged.reading().statements().subList(0, place).stream().anyMatch(ToResolve::changesObjects);
        return of(judged, place, before ? bound.distrusting() : bound, names, changed, before);
    }

    private static ToResolve of(Judged judged, int place, BoundMasks masks, SessionNames names, boolean changed, boolean before) {
        List<StatementFacts> statements = judged.reading().statements();
        StatementFacts facts = statements.get(place);
        Reach.Firing fires = masks.reach().fires(facts);
        if (fires != null) {
            String function = fires.function().schema() + "." + fires.function().name();
            return new Unresolvable(
                    "writing to " + fires.relation() + " calls function " + function + " by a trigger, default, check or index, and nobody vouched for it: it may read masked columns",
                    fires.vouch().isEmpty()
                            ? "Write to another table, or ask somebody whose view is not masked."
                            : "Ask the policy's owner to read the function, and to add this line under vouch: " + fires.vouch());
        }
        String guesses = masks.reach().guesses(facts);
        if (guesses != null) {
            return new Unresolvable(
                    "a COPY into " + guesses + " would tell which values a masked column of it has, because they must be unique or are referred to",
                    "Ask the policy's owner to allow equality on the column, or copy into another table.");
        }
        if (!masks.isEmpty() && facts.kind().equals("ALTER SCHEMA")) {
            return new Unresolvable("masks name tables by their schema, and ALTER SCHEMA may rename it", "Ask somebody whose view is not masked to change the schema.");
        }
        // What the transaction has made is in no catalog yet: names, operators and casts may mean anything.
        boolean uncertain = (changed || before) && (facts.isPlannable() || !facts.inner().isEmpty());
        boolean computes = facts.isPlannable() || !namesNothing(facts);
        if (masks.isEmpty() || !uncertain && !(computes && masks.reach().touches(facts))) {
            return new Settled(Masking.outOfReach(masks));
        }
        if (looksAtNoMaskedValue(judged, facts, place, masks, changed || before)) {
            return new Settled(Masking.withoutRows(masks));
        }
        if (givesNoRows(facts)) {
            return new Settled(Masking.withoutRows(masks));
        }
        if (statements.subList(0, place).stream().anyMatch(each -> ContextChanges.changes(each) || changed && ContextChanges.mayUndo(each))) {
            return new Unresolvable("a statement in front of it in the same text may change what its names mean", "Send the statements one by one.");
        }
        String fetches = facts.fetchesCursor();
        if (fetches != null && !facts.isPlannable()) {
            return ofCursor(names.cursorMasking(fetches), masks);
        }
        return asked(judged, facts, place, names);
    }

    private static ToResolve ofCursor(@Nullable Masking declared, BoundMasks masks) {
        return declared == null || declared.masks() == null || !masks.masksAs(declared.masks())
                ? new Unresolvable("it is not known what the cursor reads", "Declare the cursor and fetch from it without changing the masks in between.")
                : new Settled(declared);
    }

    private static ToResolve asked(Judged judged, StatementFacts facts, int place, SessionNames names) {
        int count = judged.reading().statements().size();
        Source source;
        Masking.Rows rows = Masking.Rows.PLANNED;
        CopyOut copy = null;
        String executes = facts.executes();
        if (executes != null) {
            List<Prepared> candidates = names.statements.candidates(executes);
            source = facts.kind().equals("EXECUTE") && candidates.size() == 1 ? candidates.getFirst().source() : Source.UNKNOWN;
        } else if (facts.isPlannable() && (facts.inner().isEmpty() || facts.fetchesCursor() != null)) {
            // WHERE CURRENT OF: what the cursor reads has been resolved when it was declared.
            source = judged.source().statement(place, count);
        } else if (facts.copy() == CopyDirection.OUT) {
            rows = Masking.Rows.COPIED;
            copy = judged.source().copied(place, count);
            source = copy == null ? Source.UNKNOWN : Source.of(copy.query(), judged.source().parameterTypes());
        } else {
            rows = rowsOf(facts.kind(), judged.source().statement(place, count).sql());
            source = rows == null ? Source.UNKNOWN : judged.source().inner(facts, place, count);
        }
        boolean makes = rows == Masking.Rows.NONE && facts.inner().stream().allMatch(query -> Set.of(Effect.READ).containsAll(query.effects()));
        boolean certain = source.sql() != null && rows != null && (makes || !facts.effects().contains(Effect.SCHEMA)) && !facts.effects().contains(Effect.UNKNOWN);
        return certain
                ? new Ask(source, rows, copy)
                : new Unresolvable(
                        facts.kind() + " over tables with masked columns cannot be resolved",
                        facts.kind().equals("COPY")
                                ? "Use COPY … TO STDOUT, with no other options than FORMAT text, csv or binary, DELIMITER, NULL, HEADER, QUOTE, ESCAPE and FORCE_QUOTE."
                                : "Use SELECT, INSERT, UPDATE, DELETE or MERGE over the tables themselves, one statement at a time.");
    }

    /** What the rows are of a statement that carries a query; null where it is not followed. */
    private static Masking.@Nullable Rows rowsOf(String kind, @Nullable String sql) {
        return switch (kind) {
            case "EXPLAIN" -> sql != null && InnerQuery.isOnlyPlanned(sql) ? Masking.Rows.VALUELESS : Masking.Rows.MEASURED;
            case "DECLARE CURSOR", "PREPARE" -> Masking.Rows.PLANNED;
            case "CREATE TABLE AS", "CREATE MATERIALIZED VIEW" -> Masking.Rows.NONE;
            default -> null;
        };
    }

    /** Changes of a table's other columns, and a materialized view that shows no masked one. */
    private static boolean looksAtNoMaskedValue(Judged judged, StatementFacts facts, int place, BoundMasks masks, boolean changed) {
        return switch (facts.kind()) {
            case "ALTER TABLE", "CREATE INDEX" -> {
                String sql = judged.source().statement(place, judged.reading().statements().size()).sql();
                PlainChange change = sql == null ? null : PlainChange.of(sql);
                yield change != null && change.columns().stream().noneMatch(masks::namesMasked) && facts.functions().isEmpty() && !masks.reach().isEverything();
            }
            case "REFRESH MATERIALIZED VIEW" -> !changed && facts.relations().stream().allMatch(relation -> masks.showsNothing(relation.name())) && facts.functions().isEmpty();
            default -> false;
        };
    }

    private static boolean givesNoRows(StatementFacts facts) {
        return WITHOUT_ROWS.contains(facts.kind()) || facts.copy() == CopyDirection.IN;
    }

    /** Whether it acts by way of the server's own files, programs, connections or settings, where whatever the server may read can be reached. */
    private static boolean leavesServer(StatementFacts facts) {
        return facts.effects().stream().anyMatch(LEAVING::contains) || LEAVING_KINDS.contains(facts.kind()) || facts.inner().stream().anyMatch(ToResolve::leavesServer);
    }

    /** Whether the statement can be told to use nothing of the database, even where its catalog is not known. */
    static boolean namesNothing(StatementFacts facts) {
        return facts.relations().isEmpty()
                && !facts.callsUnknownFunction()
                && facts.functions().isEmpty()
                && facts.inner().isEmpty()
                && facts.executes() == null
                && facts.fetchesCursor() == null
                && !facts.effects().contains(Effect.UNKNOWN)
                && !leavesServer(facts);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.session;

import dev.sluice.gateway.statement.CopyDirection;
import dev.sluice.gateway.statement.Effect;
import dev.sluice.gateway.statement.Reading;
import dev.sluice.gateway.statement.StatementFacts;
import dev.sluice.gateway.statement.TransactionControl;
import dev.sluice.gateway.wire.Diagnosis;
import dev.sluice.gateway.wire.FrontendMessage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The session's prepared statements, portals and cursors, and how a text that uses their names is tied to what they stand for. */
final class SessionNames {
    /** As many names as a client may keep; PostgreSQL has no limit of its own but its memory. */
    static final int MAX_NAMES = 10_000;

    final NamedReadings<Prepared> statements = new NamedReadings<>();
    final NamedReadings<Portal> portals = new NamedReadings<>();
    private final NamedReadings<Cursor> cursors = new NamedReadings<>();
    /** DEALLOCATE ALL frees only what has a name. */
    private static final String UNNAMED = "";
    /** No prepared statement's name begins so: it would have to hold a zero byte. */
    private static final String CURSOR = "\0";

    /** A text whose names have been looked up. {@code objection} says why it is not clear what a name stands for, if it is not. */
    record Tied(Reading.Understood reading, @Nullable Diagnosis objection, Meanings meanings) {}

    /**
     * A cursor that SQL has declared.
     *
     * @param masking what is known of its rows, null if nothing was asked
     * @param declared its DECLARE, with the parameters that this was bound with; null where its text is not known
     */
    private record Cursor(List<StatementFacts> query, @Nullable Masking masking, Meanings.@Nullable Meaning declared) {}

    /** What is known of the rows of the one cursor that the name can stand for; null if that is not clear. */
    @Nullable Masking cursorMasking(String name) {
        List<Cursor> candidates = cursors.candidates(name);
        return candidates.size() == 1 && portals.candidates(name).isEmpty() ? candidates.getFirst().masking() : null;
    }

    Tied tie(Reading.Understood reading) {
        if (!usesNames(reading)) {
            return new Tied(reading, null, Meanings.NONE);
        }
        // Names given earlier in the same text count too: PREPARE p AS …; EXECUTE p.
        Map<String, List<StatementFacts>> here = new HashMap<>();
        var tied = new ArrayList<StatementFacts>(reading.statements().size());
        var fingerprint = new StringBuilder(reading.fingerprint());
        Diagnosis objection = null;
        var known = new ArrayList<Meanings.Meaning>();
        String unknown = null;
        for (StatementFacts facts : reading.statements()) {
            String prepares = facts.prepares();
            if (prepares != null) {
                here.computeIfAbsent(prepares, name -> new ArrayList<>()).addAll(facts.inner());
            }
            String declares = facts.declaresCursor();
            if (declares != null) {
                here.computeIfAbsent(CURSOR + declares, name -> new ArrayList<>()).addAll(facts.inner());
            }
            StatementFacts whole = facts;
            String executes = facts.executes();
            if (executes != null) {
                List<Prepared> candidates = statements.candidates(executes);
                List<StatementFacts> queries = new ArrayList<>(first(here.get(executes)));
                candidates.stream().limit(2).forEach(candidate -> queries.addAll(candidate.reading().statements()));
                candidates.stream().limit(2).forEach(candidate -> fingerprint.append('+').append(candidate.reading().fingerprint()));
                if (isClear(queries)) {
                    whole = facts.tiedTo(queries.getFirst());
                    if (!here.containsKey(executes)) {
                        Prepared prepared = candidates.getFirst();
                        known.add(new Meanings.Meaning(executes, prepared.reading(), prepared.source().parameterTypes(), List.of()));
                        unknown = prepared.source().sql() == null ? executes : unknown;
                    }
                } else if (objection == null) {
                    objection = queries.isEmpty() ? Words.notPrepared(executes) : Words.unclear(executes);
                }
            }
            String fetches = facts.fetchesCursor();
            if (fetches != null) {
                List<StatementFacts> queries = new ArrayList<>(first(here.get(CURSOR + fetches)));
                cursors.candidates(fetches).stream().limit(2).forEach(cursor -> queries.addAll(cursor.query()));
                portals.candidates(fetches).stream().limit(2).forEach(portal -> queries.addAll(portal.reading().statements()));
                // A cursor that a function has opened, or one of several: what it reads is not known.
                whole = whole.tiedTo(isClear(queries) ? queries.getFirst() : Unread.FACTS);
                Meanings.Meaning cursor = isClear(queries) && !here.containsKey(CURSOR + fetches) ? cursor(fetches) : null;
                if (cursor != null) {
                    known.add(cursor);
                } else if (!isClear(queries) || !here.containsKey(CURSOR + fetches)) {
                    unknown = fetches;
                }
            }
            tied.add(whole);
        }
        return new Tied(reading.with(tied, fingerprint.toString()), objection, new Meanings(known, unknown));
    }

    /** What the one cursor or portal of this name reads; null where its text is not known. */
    private Meanings.@Nullable Meaning cursor(String name) {
        List<Cursor> declared = cursors.candidates(name);
        if (!declared.isEmpty()) {
            return declared.getFirst().declared();
        }
        Portal portal = portals.candidates(name).getFirst();
        return portal.source().sql() == null ? null : new Meanings.Meaning(name, portal.reading(), portal.source().parameterTypes(), portal.parameters());
    }

    /** Two are as unclear as two thousand. */
    private static List<StatementFacts> first(@Nullable List<StatementFacts> queries) {
        return queries == null ? List.of() : queries.subList(0, Math.min(2, queries.size()));
    }

    /** One meaning, and not one that uses or changes names in its turn: we would have to follow it as the server does. */
    private static boolean isClear(List<StatementFacts> queries) {
        if (queries.size() != 1) {
            return false;
        }
        StatementFacts query = queries.getFirst();
        return query.executes() == null && query.fetchesCursor() == null && query.copy() == CopyDirection.NONE && !changesNames(query);
    }

    /** The names that the text gives and takes, to be settled statement by statement; empty when it touches none. */
    List<Settlement> changes(Judged judged) {
        Reading.Understood reading = judged.text();
        if (!changesNames(reading)) {
            return List.of();
        }
        List<Settlement> changes = new ArrayList<>();
        for (int i = 0; i < reading.statements().size(); i++) {
            changes.add(change(reading.statements().get(i), i, judged));
        }
        return changes;
    }

    /** What Execute may run by this name: a portal, or a cursor that SQL has declared. */
    List<Portal> portals(String name) {
        List<Portal> bound = portals.candidates(name);
        List<Portal> all = new ArrayList<>(bound);
        if (!portals.isAnnouncedInSeries(name)) {
            cursors.candidates(name).forEach(cursor -> all.add(new Portal(new Reading.Understood(cursor.query(), "cursor", "FETCH FROM " + name), Source.UNKNOWN, List.of())));
        }
        return all;
    }

    /** Bind makes a portal of this name: once the server has done so, no cursor has it. */
    Settlement binds(String name, Portal portal) {
        return both(portals.announceInSeries(name, portal), cursors.remove(name));
    }

    /** Whichever of the candidates it turns out to be: the facts of all of them. */
    static Prepared either(List<Prepared> candidates) {
        if (candidates.size() == 1) {
            return candidates.getFirst();
        }
        List<Integer> parameterTypes = candidates.isEmpty() ? List.of() : candidates.getFirst().source().parameterTypes();
        return new Prepared(either(candidates, Prepared::reading), Source.unknown(parameterTypes));
    }

    static Portal eitherPortal(List<Portal> candidates) {
        if (candidates.size() == 1) {
            return candidates.getFirst();
        }
        return new Portal(either(candidates, Portal::reading), Source.UNKNOWN, candidates.isEmpty() ? List.of() : candidates.getFirst().parameters());
    }

    private static <C> Reading.Understood either(List<C> candidates, Function<C, Reading.Understood> reading) {
        if (candidates.isEmpty()) {
            return Unread.text("(not seen by the gateway)");
        }
        var statements = new ArrayList<StatementFacts>();
        var fingerprints = new TreeSet<String>();
        for (C candidate : candidates) {
            statements.addAll(reading.apply(candidate).statements());
            fingerprints.add(reading.apply(candidate).fingerprint());
        }
        return reading.apply(candidates.getFirst()).with(statements, String.join("|", fingerprints));
    }

    /** A Sync goes to the server. */
    void seriesEnded() {
        statements.seriesEnded();
        portals.seriesEnded();
    }

    /** Portals end with their transaction. */
    void transactionEnded() {
        portals.clear();
    }

    private Settlement change(StatementFacts facts, int place, Judged judged) {
        Reading.Understood text = judged.text();
        String prepares = facts.prepares();
        String declares = facts.declaresCursor();
        String deallocates = facts.deallocates();
        String closes = facts.closesCursor();
        bound(statements);
        bound(cursors);
        if (prepares != null) {
            Source inner = judged.source().inner(facts, place, text.statements().size());
            return statements.announce(prepares, new Prepared(alone(facts, place, judged), inner));
        }
        if (declares != null) {
            List<Masking> maskings = judged.maskings();
            Masking masking = maskings == null ? null : maskings.get(Math.min(place, maskings.size() - 1));
            boolean known = judged.source().statement(place, text.statements().size()).sql() != null;
            var declared = new Meanings.Meaning(declares, alone(facts, place, judged), judged.source().parameterTypes(), judged.parameters());
            return both(cursors.announce(declares, new Cursor(facts.inner(), masking, known ? declared : null)), portals.remove(declares));
        }
        if (deallocates != null) {
            return deallocates.equals(StatementFacts.ALL) ? statements.removeAllBut(UNNAMED) : statements.remove(deallocates);
        }
        if (closes != null) {
            return closes.equals(StatementFacts.ALL) ? both(cursors.removeAllBut(UNNAMED), portals.removeAllBut(running(judged))) : both(cursors.remove(closes), portals.remove(closes));
        }
        return endsPortals(facts) ? portals.removeAllBut(running(judged)) : Settlement.NONE;
    }

    /** The portal that runs the statement: it stays when all others end, though only to refuse another Execute (PortalHashTableDeleteAll, PreCommit_Portals). */
    private static String running(Judged judged) {
        return judged.message() instanceof FrontendMessage.Execute execute ? execute.portal() : UNNAMED;
    }

    /** Portals end with their transaction, also where the next one begins at once. */
    private static boolean endsPortals(StatementFacts facts) {
        return switch (facts.transactionControl()) {
            case COMMIT, ROLLBACK, PREPARE_TRANSACTION -> true;
            case NONE, BEGIN, SAVEPOINT, RELEASE, ROLLBACK_TO, COMMIT_PREPARED, ROLLBACK_PREPARED -> false;
        };
    }

    /** The statement of the text that gives the name, with the facts of what the name stands for. */
    private static Reading.Understood alone(StatementFacts facts, int place, Judged judged) {
        Reading.Understood text = judged.text();
        String sql = judged.source().statement(place, text.statements().size()).sql();
        return sql == null ? text.with(facts.inner(), text.fingerprint()) : text.only(sql, facts.inner());
    }

    private static Settlement both(Settlement first, Settlement second) {
        return new Settlement() {
            @Override
            public void succeeded() {
                first.succeeded();
                second.succeeded();
            }

            @Override
            public void failed() {
                first.failed();
                second.failed();
            }
        };
    }

    /** A name that has been forgotten is refused when it is used; only memory must not grow with what a client makes up. */
    static void bound(NamedReadings<?> names) {
        if (names.size() >= MAX_NAMES) {
            names.clear();
        }
    }

    private static boolean usesNames(Reading.Understood reading) {
        for (StatementFacts facts : reading.statements()) {
            if (facts.executes() != null || facts.fetchesCursor() != null) {
                return true;
            }
        }
        return false;
    }

    private static boolean changesNames(Reading.Understood reading) {
        for (StatementFacts facts : reading.statements()) {
            if (changesNames(facts)) {
                return true;
            }
        }
        return false;
    }

    private static boolean changesNames(StatementFacts facts) {
        return facts.prepares() != null || facts.declaresCursor() != null || facts.deallocates() != null || facts.closesCursor() != null || endsPortals(facts);
    }

    /** What stands for text that cannot be read. */
    static final class Unread {
        static final StatementFacts FACTS = new StatementFacts(
                "UNKNOWN",
                Set.of(Effect.UNKNOWN),
                List.of(),
                Map.of(),
                Set.of(),
                Set.of(),
                false,
                TransactionControl.NONE,
                null,
                null,
                null,
                null,
                null,
                null,
                List.of(),
                Map.of(),
                false,
                CopyDirection.NONE,
                true);

        private Unread() {}

        static Reading.Understood text(String sql) {
            return new Reading.Understood(List.of(FACTS), "unread", sql);
        }
    }
}

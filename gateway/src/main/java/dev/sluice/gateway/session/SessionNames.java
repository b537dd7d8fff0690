// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.session;

import dev.sluice.gateway.statement.CopyDirection;
import dev.sluice.gateway.statement.Effect;
import dev.sluice.gateway.statement.Reading;
import dev.sluice.gateway.statement.StatementFacts;
import dev.sluice.gateway.statement.TransactionControl;
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
    final NamedReadings<Prepared> statements = new NamedReadings<>();
    final NamedReadings<Portal> portals = new NamedReadings<>();
    private final NamedReadings<List<StatementFacts>> cursors = new NamedReadings<>();

    /** A text whose names have been looked up. {@code missing} is the first prepared statement that nobody has prepared. */
    record Tied(Reading.Understood reading, @Nullable String missing) {}

    Tied tie(Reading.Understood reading) {
        if (reading.statements().stream().allMatch(facts -> facts.executes() == null && facts.fetchesCursor() == null)) {
            return new Tied(reading, null);
        }
        // Names given earlier in the same text count too: PREPARE p AS …; EXECUTE p.
        Map<String, List<StatementFacts>> here = new HashMap<>();
        Map<String, List<StatementFacts>> cursorsHere = new HashMap<>();
        var tied = new ArrayList<StatementFacts>(reading.statements().size());
        var fingerprints = new TreeSet<String>();
        String missing = null;
        for (StatementFacts facts : reading.statements()) {
            StatementFacts whole = facts;
            String prepares = facts.prepares();
            if (prepares != null) {
                here.computeIfAbsent(prepares, name -> new ArrayList<>()).addAll(facts.inner());
            }
            String declares = facts.declaresCursor();
            if (declares != null) {
                cursorsHere.computeIfAbsent(declares, name -> new ArrayList<>()).addAll(facts.inner());
            }
            String executes = facts.executes();
            if (executes != null) {
                var queries = new ArrayList<>(here.getOrDefault(executes, List.of()));
                for (Prepared candidate : statements.candidates(executes)) {
                    queries.addAll(candidate.reading().statements());
                    fingerprints.add(candidate.reading().fingerprint());
                }
                if (queries.isEmpty() && missing == null) {
                    missing = executes;
                }
                whole = tieAll(whole, queries);
            }
            String fetches = facts.fetchesCursor();
            if (fetches != null) {
                var queries = new ArrayList<>(cursorsHere.getOrDefault(fetches, List.of()));
                cursors.candidates(fetches).forEach(queries::addAll);
                portals.candidates(fetches).forEach(portal -> queries.addAll(portal.reading().statements()));
                // A cursor that a function has opened: what it reads is not in any text that we have seen.
                whole = tieAll(whole, queries.isEmpty() ? UNSEEN : queries);
            }
            tied.add(whole);
        }
        String fingerprint = fingerprints.isEmpty() ? reading.fingerprint() : reading.fingerprint() + "+" + String.join("+", fingerprints);
        return new Tied(new Reading.Understood(tied, fingerprint, reading.redactedSql()), missing);
    }

    /** The names that the text gives and takes, to be settled statement by statement; empty when it touches none. */
    List<Settlement> changes(Reading.Understood reading) {
        if (reading.statements().stream().noneMatch(SessionNames::changesNames)) {
            return List.of();
        }
        return reading.statements().stream().map(facts -> change(facts, reading)).toList();
    }

    /** What Execute may run by this name: a portal, or a cursor that SQL has declared. */
    List<Portal> portals(String name) {
        List<Portal> bound = portals.candidates(name);
        return bound.isEmpty()
                ? cursors.candidates(name).stream().map(facts -> new Portal(new Reading.Understood(facts, "cursor", "FETCH FROM " + name), List.of())).toList()
                : bound;
    }

    /** Whichever of the candidates it turns out to be: the facts of all of them. */
    static Prepared either(List<Prepared> candidates) {
        if (candidates.size() == 1) {
            return candidates.getFirst();
        }
        return new Prepared(either(candidates, Prepared::reading), candidates.isEmpty() ? List.of() : candidates.getFirst().parameterTypes());
    }

    static Portal eitherPortal(List<Portal> candidates) {
        if (candidates.size() == 1) {
            return candidates.getFirst();
        }
        return new Portal(either(candidates, Portal::reading), candidates.isEmpty() ? List.of() : candidates.getFirst().parameters());
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
        return new Reading.Understood(statements, String.join("|", fingerprints), reading.apply(candidates.getFirst()).redactedSql());
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

    private Settlement change(StatementFacts facts, Reading.Understood text) {
        String prepares = facts.prepares();
        String declares = facts.declaresCursor();
        String deallocates = facts.deallocates();
        String closes = facts.closesCursor();
        if (prepares != null) {
            return statements.announce(prepares, new Prepared(new Reading.Understood(facts.inner(), text.fingerprint(), text.redactedSql()), List.of()));
        }
        if (declares != null) {
            return cursors.announce(declares, facts.inner());
        }
        if (deallocates != null) {
            return deallocates.equals(StatementFacts.ALL) ? statements.removeAll() : statements.remove(deallocates);
        }
        if (closes != null) {
            return closes.equals(StatementFacts.ALL) ? cursors.removeAll() : cursors.remove(closes);
        }
        return Settlement.NONE;
    }

    private static boolean changesNames(StatementFacts facts) {
        return facts.prepares() != null || facts.declaresCursor() != null || facts.deallocates() != null || facts.closesCursor() != null;
    }

    private static StatementFacts tieAll(StatementFacts facts, List<StatementFacts> queries) {
        StatementFacts whole = facts;
        for (StatementFacts query : queries) {
            whole = whole.tiedTo(query);
        }
        return whole;
    }

    private static final List<StatementFacts> UNSEEN = List.of(Unread.FACTS);

    /** What stands for text that cannot be read. */
    static final class Unread {
        static final StatementFacts FACTS = new StatementFacts(
                "UNKNOWN",
                Set.of(Effect.UNKNOWN),
                List.of(),
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

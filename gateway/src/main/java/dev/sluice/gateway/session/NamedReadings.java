// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.session;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What each name may stand for: prepared statements (protocol and SQL share one name space in PostgreSQL), portals and cursors.
 *
 * <p>A name is changed only by what the server confirms. Between the request and its answer the name may stand for the old or for the new
 * meaning, so {@link #candidates} gives both, and the judgement is the strictest over them. Otherwise a PREPARE that fails because the name
 * is taken would make us judge a harmless text where the server runs the old one.
 *
 * <p>Within one series of extended-query messages there is no such doubt about what Parse and Bind announce: when one of them fails, the
 * server discards everything up to the Sync, so whatever it does take in that series has met the new meaning.
 */
final class NamedReadings<R> {
    private static final class Meaning<R> {
        @Nullable R confirmed;
        final ArrayDeque<Announced<R>> announced = new ArrayDeque<>(1);
    }

    private record Announced<R>(R reading, long series) {}

    private static final long NO_SERIES = -1;

    /** With so many candidates a name is not clear enough to be judged by all of them. */
    static final int MANY = 3;

    private final Map<String, Meaning<R>> meanings = new HashMap<>();
    private long series;

    /** The request to give {@code name} this meaning is on its way, and what comes after it runs even if it fails. */
    Settlement announce(String name, R reading) {
        return announce(name, new Announced<>(reading, NO_SERIES));
    }

    /** The same for Parse and Bind, after whose failure the server runs nothing before the next Sync. */
    Settlement announceInSeries(String name, R reading) {
        return announce(name, new Announced<>(reading, series));
    }

    /** A Sync goes to the server: what comes after it runs whatever has failed before it. */
    void seriesEnded() {
        series++;
    }

    private Settlement announce(String name, Announced<R> announced) {
        meanings.computeIfAbsent(name, ignored -> new Meaning<>()).announced.addLast(announced);
        return new Settlement() {
            @Override
            public void succeeded() {
                Meaning<R> meaning = meanings.computeIfAbsent(name, ignored -> new Meaning<>());
                meaning.announced.remove(announced);
                meaning.confirmed = announced.reading();
            }

            @Override
            public void failed() {
                Meaning<R> meaning = meanings.get(name);
                if (meaning != null) {
                    meaning.announced.remove(announced);
                    forgetIfEmpty(name, meaning);
                }
            }
        };
    }

    Settlement remove(String name) {
        return new Settlement() {
            @Override
            public void succeeded() {
                Meaning<R> meaning = meanings.get(name);
                if (meaning != null) {
                    meaning.confirmed = null;
                    forgetIfEmpty(name, meaning);
                }
            }
        };
    }

    /** Everything confirmed goes; what is still on its way stays. */
    void clear() {
        meanings.values().removeIf(meaning -> {
            meaning.confirmed = null;
            return meaning.announced.isEmpty();
        });
    }

    /** What DEALLOCATE ALL, CLOSE ALL and the end of a transaction do; {@code kept} outlives them. */
    Settlement removeAllBut(String kept) {
        return new Settlement() {
            @Override
            public void succeeded() {
                Meaning<R> stays = meanings.remove(kept);
                clear();
                if (stays != null) {
                    meanings.put(kept, stays);
                }
            }
        };
    }

    /** At most {@link #MANY}: whoever looks at them need not know by how many more it is unclear. */
    List<R> candidates(String name) {
        Meaning<R> meaning = meanings.get(name);
        if (meaning == null) {
            return List.of();
        }
        if (meaning.announced.isEmpty()) {
            return meaning.confirmed == null ? List.of() : List.of(meaning.confirmed);
        }
        Announced<R> latest = meaning.announced.getLast();
        if (latest.series() == series) {
            return List.of(latest.reading());
        }
        var all = new ArrayList<R>(MANY);
        if (meaning.confirmed != null) {
            all.add(meaning.confirmed);
        }
        for (Announced<R> announced : meaning.announced) {
            if (all.size() == MANY) {
                break;
            }
            all.add(announced.reading());
        }
        return all;
    }

    /** Whether what the server takes now has met the meaning that the name was given last. */
    boolean isAnnouncedInSeries(String name) {
        Meaning<R> meaning = meanings.get(name);
        return meaning != null && !meaning.announced.isEmpty() && meaning.announced.getLast().series() == series;
    }

    /** Whether the name stands for something, or may soon. */
    boolean isTaken(String name) {
        return meanings.containsKey(name);
    }

    int size() {
        return meanings.size();
    }

    private void forgetIfEmpty(String name, Meaning<R> meaning) {
        if (meaning.confirmed == null && meaning.announced.isEmpty()) {
            meanings.remove(name);
        }
    }
}

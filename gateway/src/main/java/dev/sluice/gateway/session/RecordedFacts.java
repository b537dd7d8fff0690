// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.session;

import dev.sluice.gateway.statement.Effect;
import dev.sluice.gateway.statement.FunctionName;
import dev.sluice.gateway.statement.RelationAccess;
import dev.sluice.gateway.statement.StatementFacts;
import dev.sluice.schemas.event.StatementEvent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What was read out of a text, in the words of the record. */
final class RecordedFacts {
    /** A text may name every column of very many relations. Where it names more than this, the record says that it asks for all of them. */
    static final int MOST_COLUMNS = 1_000;

    private RecordedFacts() {}

    static StatementEvent.Facts of(List<StatementFacts> statements) {
        var kinds = new ArrayList<String>();
        var effects = new LinkedHashSet<String>();
        var relations = new LinkedHashMap<RelationAccess, Set<String>>();
        var functions = new LinkedHashSet<String>();
        boolean bounded = true;
        boolean understood = true;
        for (StatementFacts facts : statements) {
            kinds.add(facts.kind());
            facts.effects().forEach(effect -> effects.add(word(effect)));
            facts.relations().forEach(relation -> relations
                    .computeIfAbsent(relation, each -> new TreeSet<>())
                    .addAll(facts.columns().getOrDefault(relation, Set.of())));
            facts.functions().stream().map(FunctionName::toString).forEach(functions::add);
            bounded &= facts.bounded();
            understood &= !facts.effects().contains(Effect.UNKNOWN);
        }
        return new StatementEvent.Facts(kinds, List.copyOf(effects), inWords(relations), List.copyOf(functions), bounded, understood);
    }

    private static List<StatementEvent.RelationAccess> inWords(Map<RelationAccess, Set<String>> relations) {
        boolean many = relations.values().stream().mapToInt(Set::size).sum() > MOST_COLUMNS;
        return relations.entrySet().stream()
                .map(relation -> new StatementEvent.RelationAccess(
                        relation.getKey().schema(), relation.getKey().name(), word(relation.getKey().access()), columns(relation.getValue(), many)))
                .toList();
    }

    private static @Nullable List<String> columns(Set<String> names, boolean many) {
        if (names.isEmpty()) {
            return null;
        }
        return many ? List.of(StatementFacts.ALL) : List.copyOf(names);
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}

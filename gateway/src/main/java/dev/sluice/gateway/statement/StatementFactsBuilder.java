// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.statement;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Collects the facts of one statement. Starts as a bounded statement without effects. For one thread. */
public final class StatementFactsBuilder {
    private String kind;
    private final Set<Effect> effects = EnumSet.noneOf(Effect.class);
    private final Set<RelationAccess> relations = new LinkedHashSet<>();
    private final Map<RelationAccess, Set<String>> columns = new LinkedHashMap<>();
    private final Set<FunctionName> functions = new LinkedHashSet<>();
    private final Set<FunctionName> unknownFunctions = new LinkedHashSet<>();
    private boolean bounded = true;
    private TransactionControl transactionControl = TransactionControl.NONE;
    private @Nullable String prepares;
    private @Nullable String executes;
    private @Nullable String deallocates;
    private @Nullable String declaresCursor;
    private @Nullable String fetchesCursor;
    private @Nullable String closesCursor;
    private final List<StatementFacts> inner = new ArrayList<>();
    private final Map<String, @Nullable String> settings = new LinkedHashMap<>();
    private boolean setsRole;
    private CopyDirection copy = CopyDirection.NONE;
    private boolean mayChangeReading;

    /** Begins with a kind, as in {@link StatementFacts#kind}. */
    public StatementFactsBuilder(String kind) {
        this.kind = kind;
    }

    /** Begins with everything that is known already. */
    public StatementFactsBuilder(StatementFacts facts) {
        kind = facts.kind();
        fold(facts);
        transactionControl = facts.transactionControl();
        prepares = facts.prepares();
        executes = facts.executes();
        deallocates = facts.deallocates();
        declaresCursor = facts.declaresCursor();
        fetchesCursor = facts.fetchesCursor();
        closesCursor = facts.closesCursor();
        inner.addAll(facts.inner());
        copy = facts.copy();
    }

    public StatementFactsBuilder kind(String value) {
        kind = value;
        return this;
    }

    public StatementFactsBuilder effect(Effect... values) {
        effects.addAll(List.of(values));
        return this;
    }

    public StatementFactsBuilder relation(@Nullable String schema, String name, Access access) {
        relations.add(new RelationAccess(schema, name, access));
        return this;
    }

    /** Columns of a relation that the statement names. */
    public StatementFactsBuilder columns(RelationAccess relation, Set<String> names) {
        columns.computeIfAbsent(relation, each -> new LinkedHashSet<>()).addAll(names);
        return this;
    }

    /** A function that PostgreSQL brings. */
    public StatementFactsBuilder function(FunctionName name) {
        functions.add(name);
        return this;
    }

    /** A function that is not PostgreSQL's own. */
    public StatementFactsBuilder unknownFunction(FunctionName name) {
        functions.add(name);
        unknownFunctions.add(name);
        return this;
    }

    public StatementFactsBuilder unbounded() {
        bounded = false;
        return this;
    }

    public StatementFactsBuilder transactionControl(TransactionControl value) {
        transactionControl = value;
        return this;
    }

    public StatementFactsBuilder prepares(String name) {
        prepares = name;
        return this;
    }

    public StatementFactsBuilder executes(String name) {
        executes = name;
        return this;
    }

    public StatementFactsBuilder deallocates(String name) {
        deallocates = name;
        return this;
    }

    public StatementFactsBuilder declaresCursor(String name) {
        declaresCursor = name;
        return this;
    }

    public StatementFactsBuilder fetchesCursor(String name) {
        fetchesCursor = fetchesCursor == null || fetchesCursor.equals(name) ? name : StatementFacts.ALL;
        return this;
    }

    public StatementFactsBuilder closesCursor(String name) {
        closesCursor = name;
        return this;
    }

    /** A statement inside this one that is not executed by it. */
    public StatementFactsBuilder inner(StatementFacts facts) {
        inner.add(facts);
        return this;
    }

    /** A statement inside this one that is executed with it: what it does, this statement does. */
    public StatementFactsBuilder executedInner(StatementFacts facts) {
        return inner(facts).fold(facts);
    }

    public StatementFactsBuilder setting(String name, @Nullable String value) {
        settings.put(name, value);
        return this;
    }

    public StatementFactsBuilder setsRole() {
        setsRole = true;
        return this;
    }

    public StatementFactsBuilder copy(CopyDirection value) {
        copy = value;
        return this;
    }

    public StatementFactsBuilder mayChangeReading() {
        mayChangeReading = true;
        return this;
    }

    StatementFactsBuilder fold(StatementFacts facts) {
        effects.addAll(facts.effects());
        relations.addAll(facts.relations());
        facts.columns().forEach(this::columns);
        functions.addAll(facts.functions());
        unknownFunctions.addAll(facts.unknownFunctions());
        bounded &= facts.bounded();
        settings.putAll(facts.settings());
        setsRole |= facts.setsRole();
        mayChangeReading |= facts.mayChangeReading();
        return this;
    }

    StatementFactsBuilder tie(StatementFacts query) {
        if (executes != null) {
            effects.remove(Effect.UNKNOWN);
        }
        return executedInner(query);
    }

    public StatementFacts build() {
        return new StatementFacts(
                kind,
                EnumSet.copyOf(effects),
                List.copyOf(relations),
                columns,
                new LinkedHashSet<>(functions),
                new LinkedHashSet<>(unknownFunctions),
                bounded,
                transactionControl,
                prepares,
                executes,
                deallocates,
                declaresCursor,
                fetchesCursor,
                closesCursor,
                inner,
                settings,
                setsRole,
                copy,
                mayChangeReading);
    }
}

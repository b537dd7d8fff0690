// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.statement;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What was read out of one SQL statement, its whole tree included: no opinion.
 *
 * @param kind PostgreSQL's command tag without counts: {@code SELECT}, {@code CREATE TABLE AS}, {@code EXPLAIN}, {@code DECLARE CURSOR}, …
 * @param effects of everything that this statement executes. What PREPARE and a plain EXPLAIN only look at is in {@code inner}. EXECUTE has
 *     {@link Effect#UNKNOWN} until it is {@linkplain #tiedTo tied to} what was prepared
 * @param relations that it names, data-modifying common table expressions and subqueries included
 * @param columns by relation, those that the statement names and that may be of it; {@link #ALL} where it asks for all of them. A name that does not
 *     say of which relation it is counts for each that is read
 * @param functions every function that is called by name, anywhere in the tree
 * @param unknownFunctions those of {@code functions} that are not PostgreSQL's own: what they do cannot be seen in the text
 * @param bounded false if an UPDATE, DELETE or MERGE that it executes has no condition or one that is always true, and for TRUNCATE and DROP
 * @param prepares the name given by PREPARE
 * @param executes the name that EXECUTE runs
 * @param deallocates the name that DEALLOCATE frees; {@link #ALL} for all
 * @param declaresCursor the name given by DECLARE CURSOR
 * @param fetchesCursor the cursor that FETCH or MOVE reads, or that WHERE CURRENT OF names
 * @param closesCursor the cursor that CLOSE ends; {@link #ALL} for all
 * @param inner the statements inside PREPARE, EXPLAIN, DECLARE, COPY (query), CREATE TABLE AS, CREATE VIEW, CREATE RULE, CREATE SCHEMA and SQL-standard
 *     function bodies
 * @param settings run-time parameters that it sets, lower-case name to value; the value is absent for DEFAULT, RESET, and what is not a constant.
 *     RESET ALL and DISCARD ALL have the name {@link #ALL}
 * @param setsRole SET ROLE, SET SESSION AUTHORIZATION, their RESET, and set_config of the same
 * @param mayChangeReading after it {@code client_encoding} or {@code standard_conforming_strings} may differ: it sets or resets parameters, or runs
 *     code that may
 */
public record StatementFacts(
        String kind,
        Set<Effect> effects,
        List<RelationAccess> relations,
        Map<RelationAccess, Set<String>> columns,
        Set<FunctionName> functions,
        Set<FunctionName> unknownFunctions,
        boolean bounded,
        TransactionControl transactionControl,
        @Nullable String prepares,
        @Nullable String executes,
        @Nullable String deallocates,
        @Nullable String declaresCursor,
        @Nullable String fetchesCursor,
        @Nullable String closesCursor,
        List<StatementFacts> inner,
        Map<String, @Nullable String> settings,
        boolean setsRole,
        CopyDirection copy,
        boolean mayChangeReading) {
    /** In place of a name: every prepared statement, every cursor, every setting, every column. No identifier can be spelled so: it is not folded. */
    public static final String ALL = "*";

    private static final Set<String> PLANNABLE = Set.of("SELECT", "INSERT", "UPDATE", "DELETE", "MERGE");

    public StatementFacts {
        effects = Collections.unmodifiableSet(effects);
        relations = List.copyOf(relations);
        columns = Collections.unmodifiableMap(new LinkedHashMap<>(columns));
        functions = Collections.unmodifiableSet(functions);
        unknownFunctions = Collections.unmodifiableSet(unknownFunctions);
        inner = List.copyOf(inner);
        settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
    }

    /** True if PostgreSQL resolves its names at Parse and plans it: everything else it looks at only when it runs. */
    public boolean isPlannable() {
        return PLANNABLE.contains(kind);
    }

    /** True if it calls a function that is not PostgreSQL's own. */
    public boolean callsUnknownFunction() {
        return !unknownFunctions.isEmpty();
    }

    /** True if it changes data, objects or privileges, or may do so unseen. */
    public boolean writes() {
        return effects.contains(Effect.WRITE)
                || effects.contains(Effect.SCHEMA)
                || effects.contains(Effect.PRIVILEGE)
                || effects.contains(Effect.UNKNOWN);
    }

    /**
     * These facts together with those of the query that the statement runs by name: for EXECUTE what was prepared, for FETCH what the cursor was
     * declared for. The kind and the names stay; the {@link Effect#UNKNOWN} that EXECUTE has for want of its query goes.
     */
    public StatementFacts tiedTo(StatementFacts query) {
        return new StatementFactsBuilder(this).tie(query).build();
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.statement;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Visits every node of one statement's raw parse tree and collects its facts. What a node is not known to do by this class or
 * {@link UtilityStatements}, is looked for in its children; a node that is not known at all makes the statement unknown. For one thread.
 */
final class StatementWalk {
    private static final Set<Effect> SAME_FOR_ALL_CONSTANTS = Set.of(Effect.READ, Effect.WRITE, Effect.SESSION);

    /** What was read. {@code dependsOnConstants}: other constants of the same kinds might have given other facts. */
    record Result(List<StatementFacts> statements, boolean dependsOnConstants) {}

    /** The names of common table expressions that a relation's name may mean. */
    private record Scope(@Nullable Scope outer, Set<String> names) {
        boolean has(String name) {
            return names.contains(name) || (outer != null && outer.has(name));
        }
    }

    /** What all statements of one text share. */
    private static final class Text {
        private boolean dependsOnConstants;
    }

    private final Text text;
    private final StatementFactsBuilder facts = new StatementFactsBuilder("");
    private final ColumnMentions columns = new ColumnMentions();
    private @Nullable Scope scope;

    private StatementWalk(Text text, @Nullable Scope scope) {
        this.text = text;
        this.scope = scope;
    }

    /** Reads the tree of a whole text. */
    static Result read(JsonNode root) {
        Text text = new Text();
        List<StatementFacts> statements = new ArrayList<>();
        for (JsonNode raw : root.path("stmts")) {
            JsonNode statement = raw.path("stmt");
            String type = ParseTree.nameOf(statement);
            StatementWalk walk = new StatementWalk(text, null);
            statements.add(type == null ? walk.unknown(ParseTree.UNKNOWN) : walk.statement(type, statement.get(type)));
        }
        return new Result(statements, text.dependsOnConstants);
    }

    StatementFactsBuilder facts() {
        return facts;
    }

    /** Another text of this template may have other facts. */
    void dependsOnConstants() {
        text.dependsOnConstants = true;
    }

    /** Reads the statement in a field as one of its own, which sees this one's common table expressions; null where there is none. */
    @Nullable StatementFacts inner(JsonNode fields, String field) {
        JsonNode wrapped = fields.get(field);
        return wrapped == null ? null : innerStatement(wrapped);
    }

    StatementFacts innerStatement(JsonNode wrapped) {
        StatementWalk walk = new StatementWalk(text, scope);
        String type = ParseTree.nameOf(wrapped);
        return type == null ? walk.unknown(ParseTree.UNKNOWN) : walk.statement(type, wrapped.get(type));
    }

    private StatementFacts statement(String type, JsonNode node) {
        switch (type) {
            case "SelectStmt" -> {
                facts.kind(node.has("intoClause") ? "SELECT INTO" : "SELECT").effect(Effect.READ);
                select(node);
            }
            case "InsertStmt" -> {
                facts.kind("INSERT");
                insert(node);
            }
            case "UpdateStmt" -> {
                facts.kind("UPDATE");
                updateOrDelete(type, node, Access.UPDATE);
            }
            case "DeleteStmt" -> {
                facts.kind("DELETE");
                updateOrDelete(type, node, Access.DELETE);
            }
            case "MergeStmt" -> {
                facts.kind("MERGE");
                merge(node);
            }
            default -> {
                if (!new UtilityStatements(this).read(type, node)) {
                    return unknown(type);
                }
            }
        }
        columns.addTo(facts);
        return facts.build();
    }

    private StatementFacts unknown(String type) {
        dependsOnConstants();
        return facts.kind(type).effect(Effect.UNKNOWN).mayChangeReading().unbounded().build();
    }

    /** Visits a node anywhere below the statement. */
    void visit(String type, JsonNode node) {
        switch (type) {
            case "SelectStmt" -> select(node);
            case "InsertStmt" -> insert(node);
            case "UpdateStmt" -> updateOrDelete(type, node, Access.UPDATE);
            case "DeleteStmt" -> updateOrDelete(type, node, Access.DELETE);
            case "MergeStmt" -> merge(node);
            case "RangeVar" -> relation(node, Access.READ);
            case "FuncCall" -> function(node);
            case "A_Expr" -> operator(node);
            case "ColumnRef" -> columns.reference(node);
            case "JoinExpr" -> {
                columns.join(node);
                children(type, node, Set.of());
            }
            case "RangeTableSample" -> {
                called(ParseTree.names(node.get("method")));
                children(type, node, Set.of("method"));
            }
            case "CurrentOfExpr" -> {
                String cursor = ParseTree.text(node, "cursor_name");
                facts.fetchesCursor(cursor == null ? StatementFacts.ALL : cursor);
            }
            case "LockingClause" -> {}
            default -> {
                if (!ParseTree.isKnown(type)) {
                    facts.effect(Effect.UNKNOWN).mayChangeReading().unbounded();
                    dependsOnConstants();
                }
                boolean command = ParseTree.isKnown(type) && type.endsWith("Stmt");
                children(type, node, command ? new UtilityStatements(this).nested(type, node) : Set.of());
            }
        }
    }

    ColumnMentions columns() {
        return columns;
    }

    void children(String type, JsonNode node, Set<String> except) {
        ParseTree.children(type, node, except, this::visit);
    }

    /** Visits what is in one field. */
    void field(String type, JsonNode node, String field) {
        ParseTree.value(type, field, node.get(field), this::visit);
    }

    private void select(JsonNode node) {
        Scope outside = scope;
        with(node);
        if (node.has("fromClause") || node.has("targetList") || node.has("larg")) {
            facts.effect(Effect.READ);
        }
        if (node.has("lockingClause")) {
            facts.effect(Effect.WRITE);
            for (JsonNode clause : node.path("lockingClause")) {
                lock(clause.path("LockingClause").path("lockedRels"), node.path("fromClause"));
            }
        }
        if (node.has("intoClause")) {
            into(node.path("intoClause"));
        }
        children("SelectStmt", node, Set.of("withClause", "intoClause"));
        scope = outside;
    }

    /** The relation that SELECT INTO and CREATE TABLE AS make. */
    void into(JsonNode into) {
        dependsOnConstants();
        facts.effect(Effect.SCHEMA, Effect.WRITE);
        relation(into.path("rel"), Access.CREATE);
        children("IntoClause", into, Set.of("rel"));
    }

    private void lock(JsonNode locked, JsonNode from) {
        Set<String> names = new HashSet<>();
        for (JsonNode name : locked) {
            names.add(name.path("RangeVar").path("relname").asText(""));
        }
        Set<String> found = new HashSet<>();
        lockRelations(names, from, found);
        if (!found.containsAll(names)) {
            lockRelations(Set.of(), from, found);
        }
    }

    private void lockRelations(Set<String> names, Iterable<JsonNode> from, Set<String> found) {
        for (JsonNode item : from) {
            JsonNode relation = item.get("RangeVar");
            if (relation != null) {
                String alias = relation.path("alias").path("aliasname").asText(relation.path("relname").asText(""));
                if (names.isEmpty() || names.contains(alias)) {
                    found.add(alias);
                    relation(relation, Access.LOCK);
                }
            } else if (item.has("JoinExpr")) {
                JsonNode join = item.get("JoinExpr");
                lockRelations(names, List.of(join.path("larg"), join.path("rarg")), found);
            }
        }
    }

    /** Opens a scope with the common table expressions of the statement, each visited in the scope that it sees itself. */
    private void with(JsonNode node) {
        JsonNode clause = node.get("withClause");
        if (clause == null) {
            return;
        }
        Set<String> names = new HashSet<>();
        scope = new Scope(scope, names);
        boolean recursive = ParseTree.flag(clause, "recursive");
        for (JsonNode element : recursive ? clause.path("ctes") : List.<JsonNode>of()) {
            names.add(element.path("CommonTableExpr").path("ctename").asText(""));
        }
        for (JsonNode element : clause.path("ctes")) {
            JsonNode expression = element.path("CommonTableExpr");
            if (expression.isMissingNode()) {
                ParseTree.value("WithClause", "ctes", element, this::visit);
            }
            children("CommonTableExpr", expression, Set.of());
            names.add(expression.path("ctename").asText(""));
        }
    }

    private void insert(JsonNode node) {
        Scope outside = scope;
        with(node);
        facts.effect(Effect.WRITE);
        relation(node.path("relation"), Access.INSERT);
        columns.written(node.path("relation"), Access.INSERT, node.get("cols"));
        if (node.path("onConflictClause").path("action").asText("").equals("ONCONFLICT_UPDATE")) {
            relation(node.path("relation"), Access.UPDATE);
            columns.written(node.path("relation"), Access.UPDATE, node.path("onConflictClause").path("targetList"));
        }
        returning(node);
        children("InsertStmt", node, Set.of("withClause", "relation"));
        scope = outside;
    }

    private void updateOrDelete(String type, JsonNode node, Access access) {
        Scope outside = scope;
        with(node);
        facts.effect(Effect.WRITE);
        relation(node.path("relation"), access);
        if (access == Access.UPDATE) {
            columns.written(node.path("relation"), access, node.path("targetList"));
        }
        returning(node);
        bound(node.get("whereClause"));
        children(type, node, Set.of("withClause", "relation"));
        scope = outside;
    }

    private void merge(JsonNode node) {
        Scope outside = scope;
        with(node);
        facts.effect(Effect.WRITE, Effect.READ);
        returning(node);
        boolean changesRows = false;
        for (JsonNode element : node.path("mergeWhenClauses")) {
            JsonNode clause = element.path("MergeWhenClause");
            Access access = switch (clause.path("commandType").asText("")) {
                case "CMD_INSERT" -> Access.INSERT;
                case "CMD_UPDATE" -> Access.UPDATE;
                case "CMD_DELETE" -> Access.DELETE;
                default -> Access.READ;
            };
            relation(node.path("relation"), access);
            if (access == Access.INSERT || access == Access.UPDATE) {
                columns.written(node.path("relation"), access, clause.get("targetList"));
            }
            boolean changes = access == Access.UPDATE || access == Access.DELETE;
            changesRows |= changes;
            if (changes && clause.path("matchKind").asText("").equals("MERGE_WHEN_NOT_MATCHED_BY_SOURCE")) {
                bound(clause.get("condition"));
            }
        }
        if (changesRows) {
            bound(node.get("joinCondition"));
        }
        children("MergeStmt", node, Set.of("withClause", "relation"));
        scope = outside;
    }

    private void bound(@Nullable JsonNode condition) {
        Condition reader = new Condition();
        if (reader.of(condition).holdsNothingBack()) {
            facts.unbounded();
        }
        if (reader.dependsOnConstants()) {
            dependsOnConstants();
        }
    }

    private void returning(JsonNode node) {
        if (node.has("returningClause")) {
            relation(node.path("relation"), Access.READ);
        }
    }

    /** Notes a relation, unless the name means a common table expression: only reading can. */
    void relation(JsonNode rangeVar, Access access) {
        String schema = ParseTree.text(rangeVar, "schemaname");
        String name = ParseTree.text(rangeVar, "relname");
        if (name == null) {
            return;
        }
        boolean reads = access == Access.READ || access == Access.LOCK;
        if (reads && schema == null && scope != null && scope.has(name)) {
            return;
        }
        facts.relation(schema, name, access);
        columns.relation(rangeVar, new RelationAccess(schema, name, access));
        if (reads) {
            facts.effect(Effect.READ);
        }
        catalog(schema, name, access);
    }

    /** Writing to a system catalog acts on the server; the view of the settings sets them. */
    private void catalog(@Nullable String schema, String name, Access access) {
        boolean writes = access == Access.INSERT || access == Access.UPDATE || access == Access.DELETE || access == Access.TRUNCATE;
        boolean system = schema == null ? name.startsWith("pg_") : schema.equals("pg_catalog");
        if (writes && system) {
            facts.effect(Effect.ADMIN);
            if (name.equals("pg_settings")) {
                facts.effect(Effect.SESSION).setting(StatementFacts.ALL, null).setsRole().mayChangeReading();
            }
        }
    }

    private void operator(JsonNode node) {
        List<String> names = ParseTree.names(node.get("name"));
        if (names.size() > 1 && !names.get(names.size() - 2).equals("pg_catalog")) {
            facts.effect(Effect.READ).unknownFunction(new FunctionName(names.get(names.size() - 2), names.getLast())).mayChangeReading();
        }
        children("A_Expr", node, Set.of());
    }

    private void function(JsonNode node) {
        FunctionName function = called(ParseTree.names(node.get("funcname")));
        if (function.name().equals("set_config")) {
            setConfig(node.path("args"));
        }
        children("FuncCall", node, Set.of("funcname"));
    }

    /** Notes a function by its qualified name, with what a call of it does. */
    FunctionName called(List<String> names) {
        String name = names.isEmpty() ? ParseTree.UNKNOWN : names.getLast();
        FunctionName function = new FunctionName(names.size() < 2 ? null : names.get(names.size() - 2), name);
        Set<Effect> effects = KnownFunctions.effects(function);
        if (effects == null) {
            facts.effect(Effect.READ).unknownFunction(function).mayChangeReading();
            return function;
        }
        facts.function(function);
        effects.forEach(facts::effect);
        if (effects.contains(Effect.UNKNOWN)) {
            facts.mayChangeReading();
        }
        if (!SAME_FOR_ALL_CONSTANTS.containsAll(effects)) {
            dependsOnConstants();
        }
        return function;
    }

    private void setConfig(JsonNode arguments) {
        dependsOnConstants();
        Object name = arguments.isEmpty() ? null : Constants.value(arguments.get(0));
        Object value = arguments.size() < 2 ? null : Constants.value(arguments.get(1));
        if (name instanceof String setting) {
            Settings.set(facts, Condition.lower(setting), value instanceof String known ? known : null);
        } else {
            Settings.set(facts, StatementFacts.ALL, null);
        }
    }
}

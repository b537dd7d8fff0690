// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.statement;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The facts of everything that is not SELECT, INSERT, UPDATE, DELETE or MERGE. */
final class UtilityStatements {
    private final StatementWalk walk;
    private final StatementFactsBuilder facts;

    UtilityStatements(StatementWalk walk) {
        this.walk = walk;
        this.facts = walk.facts();
    }

    /** Reads a whole statement; false if it is none that we know. */
    boolean read(String type, JsonNode node) {
        if (type.equals("TransactionStmt")) {
            transaction(node);
            return true;
        }
        walk.dependsOnConstants();
        switch (type) {
            case "ExplainStmt" -> explain(node);
            case "PrepareStmt" -> {
                facts.kind("PREPARE").prepares(name(node, "name"));
                walk.field(type, node, "argtypes");
                facts.inner(walk.innerStatement(node.path("query")));
            }
            case "ExecuteStmt" -> {
                facts.kind("EXECUTE").effect(Effect.UNKNOWN).executes(name(node, "name"));
                walk.children(type, node, Set.of());
            }
            case "DeallocateStmt" -> facts.kind("DEALLOCATE").deallocates(name(node, "name"));
            case "DeclareCursorStmt" -> {
                facts.kind("DECLARE CURSOR").declaresCursor(name(node, "portalname"));
                executed(node, "query");
            }
            case "FetchStmt" -> facts.kind(ParseTree.flag(node, "ismove") ? "MOVE" : "FETCH")
                    .effect(Effect.READ)
                    .fetchesCursor(name(node, "portalname"));
            case "ClosePortalStmt" -> facts.kind("CLOSE CURSOR").closesCursor(name(node, "portalname"));
            case "CopyStmt" -> copy(node);
            case "CreateTableAsStmt" -> createTableAs(node);
            case "DoStmt" -> {
                facts.kind("DO").effect(Effect.UNKNOWN).mayChangeReading();
                walk.children(type, node, Set.of());
            }
            case "CallStmt" -> {
                facts.kind("CALL").effect(Effect.UNKNOWN).mayChangeReading();
                walk.children(type, node, Set.of());
            }
            case "VariableSetStmt" -> {
                boolean reset = node.path("kind").asText("").startsWith("VAR_RESET");
                facts.kind(reset ? "RESET" : "SET");
                Settings.read(facts, node);
                walk.children(type, node, Set.of());
            }
            case "DiscardStmt" -> discard(node);
            case "DropStmt" -> drop(node);
            default -> {
                return command(type, node);
            }
        }
        return true;
    }

    /** Reads a command inside a command, such as the table inside CREATE FOREIGN TABLE. The fields that it has read are returned. */
    Set<String> nested(String type, JsonNode node) {
        Commands command = Commands.of(type);
        if (command == null) {
            if (!type.equals("VariableSetStmt") && !type.equals("ReturnStmt") && !type.equals("ReplicaIdentityStmt")) {
                facts.effect(Effect.UNKNOWN).mayChangeReading().unbounded();
            }
            return Set.of();
        }
        command.effects().forEach(facts::effect);
        relations(type, node, command);
        return command.relations().keySet();
    }

    private static String name(JsonNode node, String field) {
        String name = ParseTree.text(node, field);
        return name == null ? StatementFacts.ALL : name;
    }

    private void executed(JsonNode node, String field) {
        StatementFacts inner = walk.inner(node, field);
        if (inner != null) {
            facts.executedInner(inner);
            if (inner.executes() != null) {
                facts.executes(inner.executes());
            }
        }
    }

    private void transaction(JsonNode node) {
        if (node.has("options")) {
            walk.dependsOnConstants();
            walk.field("TransactionStmt", node, "options");
            Settings.modes(facts, node.path("options"), "");
        }
        String kind = node.path("kind").asText("");
        switch (kind) {
            case "TRANS_STMT_BEGIN" -> control("BEGIN", TransactionControl.BEGIN);
            case "TRANS_STMT_START" -> control("START TRANSACTION", TransactionControl.BEGIN);
            case "TRANS_STMT_COMMIT" -> control("COMMIT", TransactionControl.COMMIT);
            case "TRANS_STMT_ROLLBACK" -> control("ROLLBACK", TransactionControl.ROLLBACK);
            case "TRANS_STMT_SAVEPOINT" -> control("SAVEPOINT", TransactionControl.SAVEPOINT);
            case "TRANS_STMT_RELEASE" -> control("RELEASE", TransactionControl.RELEASE);
            case "TRANS_STMT_ROLLBACK_TO" -> control("ROLLBACK", TransactionControl.ROLLBACK_TO);
            case "TRANS_STMT_PREPARE" -> control("PREPARE TRANSACTION", TransactionControl.PREPARE_TRANSACTION);
            case "TRANS_STMT_COMMIT_PREPARED" -> control("COMMIT PREPARED", TransactionControl.COMMIT_PREPARED);
            case "TRANS_STMT_ROLLBACK_PREPARED" -> control("ROLLBACK PREPARED", TransactionControl.ROLLBACK_PREPARED);
            default -> facts.kind(kind).effect(Effect.UNKNOWN).mayChangeReading();
        }
    }

    private void control(String kind, TransactionControl control) {
        facts.kind(kind).transactionControl(control);
    }

    /** A plain EXPLAIN only plans, which may run functions that are declared immutable; with ANALYZE it executes. */
    private void explain(JsonNode node) {
        facts.kind("EXPLAIN").effect(Effect.READ);
        walk.field("ExplainStmt", node, "options");
        StatementFacts inner = walk.innerStatement(node.path("query"));
        boolean executes = false;
        for (JsonNode option : node.path("options")) {
            JsonNode element = option.path("DefElem");
            executes |= element.path("defname").asText("").equals("analyze") && !isOff(element);
        }
        if (inner.executes() != null) {
            facts.executes(inner.executes());
        }
        if (executes || inner.executes() != null) {
            facts.executedInner(inner);
        } else {
            facts.inner(inner);
            inner.functions().forEach(facts::function);
            inner.unknownFunctions().forEach(facts::unknownFunction);
            inner.relations().forEach(relation -> facts.relation(relation.schema(), relation.name(), Access.READ));
            if (inner.callsUnknownFunction()) {
                facts.mayChangeReading();
            }
        }
    }

    /** As PostgreSQL reads a boolean option: off, false and 0. */
    private static boolean isOff(JsonNode element) {
        if (!element.has("arg")) {
            return false;
        }
        JsonNode argument = element.get("arg");
        String text = argument.path("String").path("sval").asText("");
        boolean zero = argument.has("Integer") && argument.path("Integer").path("ival").intValue() == 0;
        return zero || text.equalsIgnoreCase("off") || text.equalsIgnoreCase("false");
    }

    private void copy(JsonNode node) {
        boolean from = ParseTree.flag(node, "is_from");
        facts.kind("COPY");
        if (node.has("relation")) {
            Access access = from ? Access.INSERT : Access.READ;
            walk.relation(node.path("relation"), access);
            walk.columns().written(node.path("relation"), access, node.get("attlist"));
        }
        facts.effect(from ? Effect.WRITE : Effect.READ);
        executed(node, "query");
        if (ParseTree.flag(node, "is_program")) {
            facts.copy(CopyDirection.PROGRAM).effect(Effect.PROGRAM);
        } else if (node.has("filename")) {
            facts.copy(CopyDirection.FILE).effect(Effect.FILE);
        } else {
            facts.copy(from ? CopyDirection.IN : CopyDirection.OUT);
        }
        walk.children("CopyStmt", node, Set.of("relation", "query"));
    }

    private void createTableAs(JsonNode node) {
        boolean materialized = node.path("objtype").asText("").equals("OBJECT_MATVIEW");
        facts.kind(materialized ? "CREATE MATERIALIZED VIEW" : "CREATE TABLE AS");
        walk.into(node.path("into"));
        executed(node, "query");
    }

    private void discard(JsonNode node) {
        String target = node.path("target").asText("").replace("DISCARD_", "");
        facts.kind("DISCARD " + target).effect(Effect.SESSION);
        if (target.equals("ALL")) {
            Settings.set(facts, StatementFacts.ALL, null);
            facts.deallocates(StatementFacts.ALL).closesCursor(StatementFacts.ALL);
        }
    }

    private void drop(JsonNode node) {
        facts.effect(Effect.SCHEMA).unbounded();
        String type = node.path("removeType").asText("");
        facts.kind(new Commands("DROP {removeType}", Set.of(), Map.of()).tag(node));
        boolean relation = Set.of("OBJECT_TABLE", "OBJECT_VIEW", "OBJECT_MATVIEW", "OBJECT_INDEX", "OBJECT_SEQUENCE", "OBJECT_FOREIGN_TABLE")
                .contains(type);
        boolean onRelation = Set.of("OBJECT_TRIGGER", "OBJECT_RULE", "OBJECT_POLICY").contains(type);
        if (type.equals("OBJECT_POLICY")) {
            facts.effect(Effect.PRIVILEGE);
        }
        for (JsonNode object : node.path("objects")) {
            List<String> names = ParseTree.names(object);
            int last = names.size() - (onRelation ? 2 : 1);
            if ((relation || onRelation) && last >= 0) {
                facts.relation(last > 0 ? names.get(last - 1) : null, names.get(last), relation ? Access.DROP : Access.ALTER);
            }
        }
        walk.children("DropStmt", node, Set.of());
    }

    private boolean command(String type, JsonNode node) {
        Commands command = Commands.of(type);
        if (command == null) {
            return false;
        }
        facts.kind(command.tag(node));
        command.effects().forEach(facts::effect);
        relations(type, node, command);
        if (command.tag().startsWith("DROP") || command.tag().startsWith("TRUNCATE")) {
            facts.unbounded();
        }
        switch (type) {
            case "ViewStmt" -> walk.children(type, inner(node, "query"), Set.of("query", "view"));
            case "RuleStmt" -> {
                node.path("actions").forEach(action -> facts.inner(walk.innerStatement(action)));
                walk.children(type, node, Set.of("actions", "relation"));
            }
            case "CreateSchemaStmt" -> {
                node.path("schemaElts").forEach(element -> facts.executedInner(walk.innerStatement(element)));
                walk.children(type, node, Set.of("schemaElts"));
            }
            case "CreateFunctionStmt" -> createFunction(type, node);
            case "CreateTrigStmt", "CreateEventTrigStmt" -> {
                facts.function(functionName(node));
                walk.children(type, node, Set.of("relation", "funcname"));
            }
            case "GrantStmt", "GrantRoleStmt" -> {
                if (!ParseTree.flag(node, "is_grant")) {
                    facts.kind(type.equals("GrantStmt") ? "REVOKE" : "REVOKE ROLE");
                }
                walk.children(type, node, command.relations().keySet());
            }
            case "VacuumStmt" -> {
                facts.kind(ParseTree.flag(node, "is_vacuumcmd") ? "VACUUM" : "ANALYZE");
                walk.children(type, node, Set.of("rels"));
            }
            case "AlterTableStmt" -> {
                alterTable(node);
                walk.children(type, node, Set.of("relation"));
            }
            case "ConstraintsSetStmt" -> {}
            default -> walk.children(type, node, command.relations().keySet());
        }
        return true;
    }

    private JsonNode inner(JsonNode node, String field) {
        StatementFacts inner = walk.inner(node, field);
        if (inner != null) {
            facts.inner(inner);
        }
        return node;
    }

    private static FunctionName functionName(JsonNode node) {
        List<String> names = ParseTree.names(node.get("funcname"));
        return new FunctionName(names.size() < 2 ? null : names.get(names.size() - 2), names.isEmpty() ? ParseTree.UNKNOWN : names.getLast());
    }

    private void createFunction(String type, JsonNode node) {
        if (ParseTree.flag(node, "is_procedure")) {
            facts.kind("CREATE PROCEDURE");
        }
        for (JsonNode option : node.path("options")) {
            JsonNode element = option.path("DefElem");
            String language = element.path("arg").path("String").path("sval").asText("");
            if (element.path("defname").asText("").equals("language") && (language.equals("c") || language.equals("internal"))) {
                facts.effect(Effect.FILE, Effect.ADMIN);
            }
        }
        body(node.get("sql_body"));
        walk.children(type, node, Set.of("sql_body"));
    }

    /** A body in SQL's own form: RETURN, or lists of statements. */
    private void body(@Nullable JsonNode body) {
        if (body == null) {
            return;
        }
        if (body.has("List")) {
            body.path("List").path("items").forEach(this::body);
        } else if (body.has("ReturnStmt")) {
            JsonNode value = body.path("ReturnStmt");
            walk.children("ReturnStmt", value, Set.of());
        } else if (ParseTree.nameOf(body) != null) {
            facts.inner(walk.innerStatement(body));
        }
    }

    private void alterTable(JsonNode node) {
        for (JsonNode element : node.path("cmds")) {
            String change = element.path("AlterTableCmd").path("subtype").asText("");
            if (change.equals("AT_DropColumn")) {
                facts.unbounded();
            }
            if (change.equals("AT_ChangeOwner") || change.contains("RowSecurity")) {
                facts.effect(Effect.PRIVILEGE);
            }
            if (change.equals("AT_GenericOptions") || change.equals("AT_AlterColumnGenericOptions")) {
                // Of foreign tables alone: which table, column, file or program of elsewhere it stands for, in words of its wrapper's own.
                facts.effect(Effect.NETWORK, Effect.FILE, Effect.PROGRAM);
            }
        }
    }

    private void relations(String type, JsonNode node, Commands command) {
        command.relations().forEach((field, access) -> ParseTree.value(type, field, node.get(field), (name, fields) -> {
            if (name.equals("RangeVar")) {
                walk.relation(fields, access);
            } else if (name.equals("VacuumRelation")) {
                walk.relation(fields.path("relation"), access);
            } else {
                walk.visit(name, fields);
            }
        }));
    }
}

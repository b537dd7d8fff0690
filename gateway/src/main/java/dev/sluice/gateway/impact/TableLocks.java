// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.impact;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/** Which lock a statement takes on the tables that it names (PostgreSQL's manual, 13.3.1, and the pages of the commands), and what it does to their files. */
final class TableLocks {
    static final String ACCESS_EXCLUSIVE = "ACCESS EXCLUSIVE";
    static final String EXCLUSIVE = "EXCLUSIVE";
    static final String SHARE_ROW_EXCLUSIVE = "SHARE ROW EXCLUSIVE";
    static final String SHARE = "SHARE";
    static final String SHARE_UPDATE_EXCLUSIVE = "SHARE UPDATE EXCLUSIVE";
    static final String ROW_EXCLUSIVE = "ROW EXCLUSIVE";
    static final String ROW_SHARE = "ROW SHARE";

    private TableLocks() {}

    /** The mode on what the statement writes or changes; null where it is not known to take one. */
    static @Nullable String mode(Shape shape) {
        return switch (shape.node()) {
            case "UpdateStmt", "DeleteStmt", "InsertStmt", "MergeStmt", "CopyStmt" -> ROW_EXCLUSIVE;
            case "SelectStmt" -> shape.fields().has("lockingClause") ? ROW_SHARE : null;
            case "TruncateStmt", "DropStmt", "RenameStmt", "ClusterStmt", "RuleStmt", "CreatePolicyStmt", "AlterPolicyStmt", "AlterObjectSchemaStmt" ->
                ACCESS_EXCLUSIVE;
            case "AlterTableStmt" -> strongest(shape.fields().path("cmds"));
            case "IndexStmt" -> shape.fields().path("concurrent").asBoolean() ? SHARE_UPDATE_EXCLUSIVE : SHARE;
            case "ReindexStmt" -> SHARE;
            case "CreateTrigStmt" -> SHARE_ROW_EXCLUSIVE;
            case "CommentStmt", "CreateStatsStmt" -> SHARE_UPDATE_EXCLUSIVE;
            case "RefreshMatViewStmt" -> shape.fields().path("concurrent").asBoolean() ? EXCLUSIVE : ACCESS_EXCLUSIVE;
            case "VacuumStmt" -> isFull(shape) ? ACCESS_EXCLUSIVE : SHARE_UPDATE_EXCLUSIVE;
            default -> null;
        };
    }

    /** Whether partitions and heirs are locked alike, unless the statement says ONLY. Those of statements that change rows are found with what these change. */
    static boolean coversParts(Shape shape) {
        return switch (shape.node()) {
            case "AlterTableStmt", "DropStmt", "IndexStmt", "ReindexStmt", "RenameStmt", "ClusterStmt", "CreateTrigStmt", "VacuumStmt" -> true;
            default -> false;
        };
    }

    /** As AlterTableGetLockLevel (tablecmds.c) has it for the commands that take less than the strongest. */
    private static String strongest(JsonNode commands) {
        String mode = SHARE_UPDATE_EXCLUSIVE;
        for (JsonNode each : commands) {
            JsonNode command = each.path("AlterTableCmd");
            switch (command.path("subtype").asText()) {
                case "AT_SetStatistics", "AT_ClusterOn", "AT_DropCluster", "AT_SetOptions", "AT_ResetOptions", "AT_ValidateConstraint", "AT_AttachPartition" -> {}
                case "AT_EnableTrig", "AT_EnableTrigAll", "AT_EnableTrigUser", "AT_DisableTrig", "AT_DisableTrigAll", "AT_DisableTrigUser" ->
                    mode = SHARE_ROW_EXCLUSIVE;
                case "AT_AddConstraint" -> {
                    if (!isForeignKey(command)) {
                        return ACCESS_EXCLUSIVE;
                    }
                    mode = SHARE_ROW_EXCLUSIVE;
                }
                default -> {
                    return ACCESS_EXCLUSIVE;
                }
            }
        }
        return mode;
    }

    static String blocks(String mode) {
        return switch (mode) {
            case ACCESS_EXCLUSIVE -> "every use of the table, reading included";
            case EXCLUSIVE -> "everything but plain reading";
            case SHARE_ROW_EXCLUSIVE, SHARE -> "all writing, and changes to the table";
            case SHARE_UPDATE_EXCLUSIVE -> "other changes to the table, VACUUM and ANALYZE";
            default -> "writing to the same rows, and changes to the table";
        };
    }

    /** In words; null where the statement does nothing of the kind. */
    static @Nullable String rewrite(Shape shape) {
        return switch (shape.node()) {
            case "AlterTableStmt" -> rewrite(shape.fields().path("cmds"));
            case "ClusterStmt" -> "the table and its indexes are written anew";
            case "VacuumStmt" -> isFull(shape) ? "the table and its indexes are written anew" : null;
            case "RefreshMatViewStmt" -> "the view's query runs again and its rows are written anew";
            case "IndexStmt" -> "the table is read whole to build the index";
            default -> null;
        };
    }

    private static String rewrite(JsonNode commands) {
        String words = "no table is written anew or read whole";
        for (JsonNode each : commands) {
            JsonNode command = each.path("AlterTableCmd");
            switch (command.path("subtype").asText()) {
                case "AT_AlterColumnType" -> {
                    return "the table and its indexes are written anew, unless both types are stored alike";
                }
                case "AT_SetLogged", "AT_SetUnLogged", "AT_SetAccessMethod", "AT_SetTableSpace", "AT_SetExpression" -> {
                    return "the table and its indexes are written anew";
                }
                case "AT_AddColumn" -> {
                    if (computes(command.path("def").path("ColumnDef"))) {
                        return "the table is written anew if the new column's values have to be computed row by row";
                    }
                }
                case "AT_SetNotNull", "AT_ValidateConstraint", "AT_AttachPartition" -> words = "the table is read whole to check its rows";
                case "AT_AddConstraint" -> words = command.path("def").path("Constraint").path("skip_validation").asBoolean() ? words : "the table is read whole to check its rows";
                default -> {}
            }
        }
        return words;
    }

    /** A constant default is stored once; one that calls something, a generated column or an identity may not be. */
    private static boolean computes(JsonNode column) {
        String types = column.path("typeName").path("names").toString();
        return column.findValue("FuncCall") != null
                || column.toString().contains("CONSTR_GENERATED")
                || column.toString().contains("CONSTR_IDENTITY")
                || types.contains("serial");
    }

    private static boolean isForeignKey(JsonNode command) {
        return command.path("def").path("Constraint").path("contype").asText().equals("CONSTR_FOREIGN");
    }

    private static boolean isFull(Shape shape) {
        return shape.fields().path("options").toString().contains("\"full\"");
    }
}

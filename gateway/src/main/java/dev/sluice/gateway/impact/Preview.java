// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.impact;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.gateway.statement.ParseTree;
import java.util.List;
import java.util.stream.Collectors;
import net.sf.jsqlparser.JSQLParserException;
import net.sf.jsqlparser.parser.CCJSqlParserUtil;
import net.sf.jsqlparser.schema.Table;
import net.sf.jsqlparser.statement.delete.Delete;
import net.sf.jsqlparser.statement.select.FromItem;
import net.sf.jsqlparser.statement.select.Join;
import net.sf.jsqlparser.statement.select.WithItem;
import net.sf.jsqlparser.statement.update.Update;
import org.jspecify.annotations.Nullable;

/**
 * A SELECT of the rows that an UPDATE or DELETE would change, without its select list. jSQLParser takes the statement apart, and PostgreSQL's
 * own grammar decides whether what was put together has the same tables and the same condition: see {@link #isOf}.
 *
 * @param with the WITH clause and a blank, or nothing
 * @param from what follows FROM
 * @param target how the table whose rows change is called in it
 * @param joined whether there are other tables, so that a row may come several times
 */
record Preview(String with, String from, String target, boolean joined) {
    /** Null where jSQLParser does not understand the text, or where it is neither. */
    static @Nullable Preview of(String sql) {
        try {
            return switch (CCJSqlParserUtil.parse(sql)) {
                case Update update -> of(update);
                case Delete delete -> of(delete);
                default -> null;
            };
        } catch (JSQLParserException | RuntimeException foreign) {
            return null;
        }
    }

    private static @Nullable Preview of(Update update) {
        if (update.getStartJoins() != null || update.getTable() == null || update.getLimit() != null) {
            return null;
        }
        FromItem more = update.getFromItem();
        String others = more == null ? "" : ", " + more + joins(update.getJoins());
        return assembled(update.getWithItemsList(), update.getTable(), others, update.getWhere());
    }

    private static @Nullable Preview of(Delete delete) {
        if ((delete.getTables() != null && !delete.getTables().isEmpty()) || delete.getTable() == null || delete.getLimit() != null) {
            return null;
        }
        List<FromItem> using = delete.getUsingFromItemList();
        String others = using == null ? "" : using.stream().map(item -> ", " + item).collect(Collectors.joining());
        return assembled(delete.getWithItemsList(), delete.getTable(), others + joins(delete.getJoins()), delete.getWhere());
    }

    private static Preview assembled(@Nullable List<WithItem<?>> with, Table table, String others, @Nullable Object where) {
        boolean recursive = with != null && with.stream().anyMatch(WithItem::isRecursive);
        String ctes = with == null || with.isEmpty()
                ? ""
                : (recursive ? "WITH RECURSIVE " : "WITH ") + with.stream().map(item -> item.toString().replaceFirst("^RECURSIVE ", "")).collect(Collectors.joining(", ")) + " ";
        String target = table.getAlias() == null ? table.getFullyQualifiedName() : table.getAlias().getName();
        return new Preview(ctes, table + others + (where == null ? "" : " WHERE " + where), target, !others.isEmpty());
    }

    private static String joins(@Nullable List<Join> joins) {
        return joins == null ? "" : joins.stream().map(join -> (join.isSimple() ? ", " : " ") + join).collect(Collectors.joining());
    }

    String count() {
        return with + "SELECT " + (joined ? "count(DISTINCT (" + target + ".tableoid, " + target + ".ctid))" : "count(*)") + " FROM " + from;
    }

    String rows(List<String> columns, int limit) {
        String list = columns.stream().map(column -> target + "." + ParameterText.quoted(column) + "::text").collect(Collectors.joining(", "));
        String distinct = joined ? "DISTINCT ON (" + target + ".tableoid, " + target + ".ctid) " : "";
        return with + "SELECT " + distinct + list + " FROM " + from + " LIMIT " + limit;
    }

    /** Whether {@code select} (the tree of {@link #count}) has exactly the tables, the condition and the WITH clause of the statement. */
    static boolean isOf(Shape statement, JsonNode select) {
        Shape preview = Shape.of(select);
        if (preview == null || !preview.node().equals("SelectStmt")) {
            return false;
        }
        JsonNode from = preview.fields().path("fromClause");
        JsonNode others = statement.fields().path(statement.node().equals("UpdateStmt") ? "fromClause" : "usingClause");
        if (from.size() != 1 + others.size() || !ParseTree.same(from.get(0).get("RangeVar"), statement.fields().get("relation"))) {
            return false;
        }
        for (int i = 0; i < others.size(); i++) {
            if (!ParseTree.same(from.get(i + 1), others.get(i))) {
                return false;
            }
        }
        return ParseTree.same(preview.fields().get("whereClause"), statement.fields().get("whereClause"))
                && ParseTree.same(preview.fields().get("withClause"), statement.fields().get("withClause"));
    }

    /** Whether anything in it is more than a query: a CTE that writes, a cursor's position, a lock. */
    static boolean onlyReads(JsonNode select) {
        for (String name : List.of("InsertStmt", "UpdateStmt", "DeleteStmt", "MergeStmt", "CurrentOfExpr", "LockingClause", "IntoClause")) {
            if (select.findValue(name) != null) {
                return false;
            }
        }
        return true;
    }
}

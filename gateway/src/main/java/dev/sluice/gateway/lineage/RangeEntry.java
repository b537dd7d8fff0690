// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.lineage;

import dev.sluice.gateway.catalog.Column;
import dev.sluice.gateway.catalog.ColumnId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One entry of a query's range table: what its columns depend on, found out when first asked for. For one thread. */
final class RangeEntry {
    private static final int RELATION = 0;
    private static final int SUBQUERY = 1;
    private static final int JOIN = 2;
    private static final int FUNCTION = 3;
    private static final int TABLE_FUNCTION = 4;
    private static final int VALUES = 5;
    private static final int COMMON_TABLE_EXPRESSION = 6;
    private static final int RESULT = 8;
    private static final int GROUP = 9;
    private static final String ACTIVITY = "pg_stat_get_activity";
    /** The place of {@code query} among the columns of {@link #ACTIVITY}, in all versions. */
    private static final int ACTIVITY_QUERY = 6;

    private final Node.Struct entry;
    private final QueryScope scope;
    private final ExpressionWalk walk;
    private final TreeFacts facts;
    private final int kind;
    private final Map<Integer, Dependence> columns = new HashMap<>();
    private @Nullable Followed rows;

    RangeEntry(Node.Struct entry, QueryScope scope, ExpressionWalk walk, TreeFacts facts) {
        NodeShapes.check(entry);
        this.entry = entry;
        this.scope = scope;
        this.walk = walk;
        this.facts = facts;
        this.kind = entry.number("rtekind");
        if (kind == RELATION || entry.fields().containsKey("relid")) {
            int relation = entry.number("relid");
            if (relation != 0) {
                facts.relation(relation);
            }
        }
    }

    /** The relation that this entry is; null for all others. */
    @Nullable Integer relation() {
        return kind == RELATION ? Integer.valueOf(entry.number("relid")) : null;
    }

    /** The column of this number: from 1, or a system column's. */
    Dependence column(int number) {
        if (kind == RELATION) {
            return relationColumn(number);
        }
        Dependence known = columns.get(number);
        if (known == null) {
            known = find(number);
            columns.put(number, known);
        }
        return known;
    }

    private Dependence relationColumn(int number) {
        if ("v".equals(entry.text("relkind"))) {
            throw new UnreadableTree(
                    "view " + Integer.toUnsignedString(entry.number("relid")),
                    "its rows come from a trigger or a rule",
                    "Leave RETURNING away, or write to the table itself.");
        }
        if (number <= 0) {
            return Dependence.NONE;
        }
        ColumnId column = new ColumnId(entry.number("relid"), number);
        facts.mention(column);
        return Dependence.on(column);
    }

    private Dependence find(int number) {
        return switch (kind) {
            case SUBQUERY, COMMON_TABLE_EXPRESSION -> rows().column(number);
            case JOIN -> element("joinaliasvars", number);
            case GROUP -> element("groupexprs", number);
            case FUNCTION -> functionColumn(number);
            case TABLE_FUNCTION -> walk.value(entry.field("tablefunc"), null);
            case VALUES -> valuesColumn(number);
            default -> throw unknownKind();
        };
    }

    private Dependence element(String field, int number) {
        List<Node> elements = entry.list(field);
        if (number < 1 || number > elements.size()) {
            throw new UnreadableTree(entry.name(), "column " + number + " of " + elements.size() + " in " + field);
        }
        return walk.value(elements.get(number - 1), null);
    }

    /** The columns of several functions stand side by side, an ordinal number at the end. */
    private Dependence functionColumn(int number) {
        ColumnId queries = runningQueries();
        if (queries != null) {
            return number == ACTIVITY_QUERY ? Dependence.on(queries) : Dependence.NONE;
        }
        int first = 1;
        Dependence all = Dependence.NONE;
        for (Node function : entry.list("functions")) {
            Dependence value = walk.value(function, null).derived();
            int count = function instanceof Node.Struct struct ? struct.number("funccolcount") : 0;
            if (number >= first && number < first + count) {
                return value;
            }
            first += count;
            all = all.and(value);
        }
        return all;
    }

    /**
     * The column of pg_stat_activity that shows what sessions run, if this is the function behind the view, called as the view does: of what the
     * function returns, it alone holds values.
     */
    private @Nullable ColumnId runningQueries() {
        List<Node> functions = entry.list("functions");
        boolean called = functions.size() == 1
                && functions.getFirst() instanceof Node.Struct function
                && function.field("funcexpr") instanceof Node.Struct call
                && NodeShapes.nameOf(call).equals("FUNCEXPR")
                && facts.isNamed(call.number("funcid"), Set.of(ACTIVITY))
                && call.list("args").size() == 1
                && call.list("args").getFirst() instanceof Node.Struct argument
                && NodeShapes.nameOf(argument).equals("CONST");
        return called ? facts.systemColumn("pg_stat_activity", "query") : null;
    }

    private Dependence valuesColumn(int number) {
        Dependence column = Dependence.NONE;
        for (Node row : entry.list("values_lists")) {
            List<Node> values = row instanceof Node.Items items ? items.items() : List.of();
            if (number < 1 || number > values.size()) {
                throw new UnreadableTree(entry.name(), "column " + number + " of " + values.size() + " in a row of VALUES");
            }
            column = column.and(walk.value(values.get(number - 1), null));
        }
        return column;
    }

    /** All columns together: the row as one value. */
    Dependence whole() {
        return switch (kind) {
            case RELATION -> wholeRelation(entry.number("relid"));
            case SUBQUERY, COMMON_TABLE_EXPRESSION -> rows().whole();
            case JOIN -> walk.value(entry.field("joinaliasvars"), null).derived();
            case FUNCTION -> {
                ColumnId queries = runningQueries();
                yield queries == null ? walk.value(entry.field("functions"), null).derived() : Dependence.on(queries).derived();
            }
            case TABLE_FUNCTION -> walk.value(entry.field("tablefunc"), null).derived();
            case VALUES -> walk.value(entry.field("values_lists"), null).derived();
            default -> throw unknownKind();
        };
    }

    private Dependence wholeRelation(int relation) {
        Dependence whole = Dependence.NONE;
        for (Column column : facts.columnsOf(relation)) {
            whole = whole.and(relationColumn(column.number()));
        }
        return whole;
    }

    /** The rows of a subquery or of what stands for one. */
    QueryResult rows() {
        if (kind == COMMON_TABLE_EXPRESSION) {
            return scope.commonTableExpression(String.valueOf(entry.text("ctename")), entry.number("ctelevelsup"));
        }
        if (rows == null) {
            Node.Struct subquery = entry.struct("subquery");
            if (subquery == null) {
                throw unknownKind();
            }
            rows = Followed.of(facts, () -> new QueryScope(subquery, scope, facts).walk());
        }
        return rows.read();
    }

    /** Adds what decides how many rows come from here, for an entry that rows come from. */
    void existence(Conditions conditions) {
        switch (kind) {
            case SUBQUERY, COMMON_TABLE_EXPRESSION -> conditions.addAll(rows().conditions());
            case FUNCTION -> {
                if (runningQueries() == null) {
                    conditions.predicate(walk.value(entry.field("functions"), conditions));
                }
            }
            case TABLE_FUNCTION -> conditions.predicate(walk.value(entry.field("tablefunc"), conditions));
            case RELATION -> {
                if (entry.struct("tablesample") instanceof Node.Struct sample) {
                    facts.call(sample.number("tsmhandler"), Dependence.NONE);
                    conditions.predicate(walk.value(sample, conditions));
                }
            }
            case RESULT, GROUP, JOIN, VALUES -> {}
            default -> throw unknownKind();
        }
    }

    /** Visits what nothing may have asked for, so that all that is there was seen. */
    void visit(Conditions conditions) {
        walk.condition(entry.field("securityQuals"), conditions);
        if (kind == SUBQUERY) {
            rows();
        } else if (kind == FUNCTION || kind == TABLE_FUNCTION || kind == VALUES) {
            whole();
        } else if (kind == GROUP) {
            walk.value(entry.field("groupexprs"), null);
        }
    }

    private UnreadableTree unknownKind() {
        return new UnreadableTree(entry.name(), "a range table entry of kind " + kind + " is not known");
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.masking;

import dev.sluice.gateway.catalog.Catalog;
import dev.sluice.gateway.catalog.Column;
import dev.sluice.gateway.catalog.ColumnId;
import dev.sluice.gateway.catalog.Function;
import dev.sluice.gateway.catalog.Relation;
import dev.sluice.gateway.catalog.RelationKind;
import dev.sluice.gateway.lineage.FunctionClass;
import dev.sluice.gateway.lineage.Lineage;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Lineage and masks become a plan. A plain column gets its own mask; an expression that depends on a masked column is redacted as a whole,
 * because a part of a masked value may be anywhere in it. What would show a value in another way, or put it where it is not masked, is
 * refused.
 */
public final class MaskPlanner {
    /** InvalidAttrNumber: a Var with it stands for the row. */
    private static final int WHOLE_ROW = 0;

    private static final MaskPlan NOTHING = new MaskPlan.Nothing();

    private MaskPlanner() {}

    /** The plan for one statement. Pure: the same masks and lineage always give the same plan. */
    public static MaskPlan plan(BoundMasks masks, Lineage lineage) {
        if (masks.isEmpty()) {
            return NOTHING;
        }
        return switch (lineage) {
            case Lineage.Unresolved(String expression, String reason, String hint, _) -> new MaskPlan.Refused(
                    "it cannot be told which masked columns the statement would show (" + expression + ": " + reason + ")",
                    hint.isEmpty() ? "Name the columns that you need and leave this part out." : hint);
            case Lineage.Resolved resolved -> plan(masks, resolved);
        };
    }

    private static MaskPlan plan(BoundMasks masks, Lineage.Resolved lineage) {
        MaskPlan.Refused refused = calls(masks, lineage);
        if (refused == null) {
            refused = largeValues(masks, lineage);
        }
        if (refused == null) {
            refused = masks.unnamed(lineage.userTypes());
        }
        if (refused == null) {
            refused = denied(masks, lineage);
        }
        if (refused == null) {
            refused = conditions(masks, lineage);
        }
        if (refused == null) {
            refused = failures(masks, lineage);
        }
        if (refused == null) {
            refused = flows(masks, lineage);
        }
        if (refused == null) {
            refused = rows(masks, lineage);
        }
        return refused == null ? outputs(masks, lineage) : refused;
    }

    private static MaskPlan.@Nullable Refused calls(BoundMasks masks, Lineage.Resolved lineage) {
        for (Lineage.Call call : lineage.calls()) {
            if (masks.isHarmless(call.function()) && call.functionClass() != FunctionClass.SESSION_CONTROL) {
                continue;
            }
            String function = function(masks.catalog(), call.function());
            switch (call.functionClass()) {
                case PURE -> {}
                case TAKES_SQL_OR_FILES, REVEALS_STATISTICS -> {
                    return new MaskPlan.Refused(
                            "function " + function + " may show masked columns that the statement does not name", "Query the table itself and name its columns.");
                }
                case READS_EVERYTHING, UNKNOWN -> {
                    return new MaskPlan.Refused(
                            "nobody vouched for function " + function + ": it may read masked columns",
                            "Use the tables themselves, or ask the policy's owner to vouch for the function" + vouch(masks.catalog(), call.function()) + ".");
                }
                case SESSION_CONTROL -> {
                    BoundMask mask = firstMasked(masks, call.arguments());
                    if (mask != null) {
                        return new MaskPlan.Refused(
                                "function " + function + " would take the masked column " + mask.name() + " out of the statement", "Leave the column out of its arguments.");
                    }
                }
            }
        }
        return null;
    }

    /** Pieces of values stand there without a word of the column that they are of. */
    private static MaskPlan.@Nullable Refused largeValues(BoundMasks masks, Lineage.Resolved lineage) {
        for (int oid : lineage.relations()) {
            Relation relation = masks.catalog().relation(oid);
            if (relation != null && relation.kind() == RelationKind.TOAST) {
                return new MaskPlan.Refused(
                        "relation " + relation.schema() + "." + relation.name() + " holds the large values of a table, and it is not known of which columns", "Query the table itself and name its columns.");
            }
        }
        return null;
    }

    private static MaskPlan.@Nullable Refused denied(BoundMasks masks, Lineage.Resolved lineage) {
        for (BoundMask mask : masked(masks, lineage.uses())) {
            if (mask.mask() instanceof Mask.Deny) {
                return new MaskPlan.Refused("column " + mask.name() + " must not be used by you", "Leave it out: name the columns that you need instead of *.");
            }
        }
        return null;
    }

    private static MaskPlan.@Nullable Refused conditions(BoundMasks masks, Lineage.Resolved lineage) {
        for (BoundMask mask : masked(masks, lineage.predicates())) {
            if (mask.uses().predicates() != Uses.Predicates.ALLOW) {
                return new MaskPlan.Refused(
                        "a condition on the masked column " + mask.name() + " would tell its values",
                        mask.uses().predicates() == Uses.Predicates.EQUALITY
                                ? "Compare the column itself with = and a constant; nothing else is allowed on it."
                                : "Use other columns in WHERE, ON, HAVING, LIMIT and in expressions to sort and group by.");
            }
        }
        for (BoundMask mask : masked(masks, lineage.equalityPredicates())) {
            if (mask.uses().predicates() == Uses.Predicates.DENY) {
                return new MaskPlan.Refused(
                        "a condition on the masked column " + mask.name() + " would tell its values", "Use other columns in WHERE, ON and HAVING.");
            }
        }
        for (BoundMask mask : masked(masks, lineage.joins())) {
            if (!mask.uses().joins()) {
                return new MaskPlan.Refused(
                        "a join on the masked column " + mask.name() + " would tell its values", "Join on another column, such as the table's key.");
            }
        }
        for (BoundMask mask : masked(masks, lineage.ordering())) {
            if (!mask.uses().orderBy()) {
                return new MaskPlan.Refused("sorting by the masked column " + mask.name() + " would tell its values", "Sort by another column.");
            }
        }
        for (BoundMask mask : masked(masks, lineage.grouping())) {
            if (!mask.uses().groupBy()) {
                return new MaskPlan.Refused(
                        "GROUP BY, DISTINCT or UNION over the masked column " + mask.name() + " would tell its values",
                        "Group by other columns; UNION ALL needs no comparison.");
            }
        }
        return null;
    }

    /** That there is an error tells as much as a condition: only where any condition is allowed may an expression fail by the value. */
    private static MaskPlan.@Nullable Refused failures(BoundMasks masks, Lineage.Resolved lineage) {
        String failing = null;
        for (Lineage.Failure failure : lineage.failures()) {
            if (masks.isVouched(failure.function())) {
                continue;
            }
            failing = failure.expression();
            for (BoundMask mask : masked(masks, failure.columns())) {
                if (mask.uses().predicates() != Uses.Predicates.ALLOW) {
                    return new MaskPlan.Refused(
                            failing + " over the masked column " + mask.name() + " could fail for some values, and so tell them",
                            "Select the column itself; expressions that cannot fail work too, such as ||, upper, length, CASE and casts to text.");
                }
            }
        }
        for (BoundMask mask : failing == null ? List.<BoundMask>of() : masked(masks, lineage.choosing())) {
            if (mask.uses().predicates() != Uses.Predicates.ALLOW) {
                return new MaskPlan.Refused(
                        "the masked column " + mask.name() + " would decide what is computed, and " + failing + " could fail and so tell it",
                        "Leave the masked column out of CASE, AND, OR and FILTER, or compute the rest in another statement.");
            }
        }
        return null;
    }

    /**
     * A value may be written where nothing at all is shown, or, as it is, where the same rule masks it alike. Once it is computed the same mask would
     * not do: what the mask leaves, such as the last letters or whether there is a value, could then be chosen by what is written.
     */
    private static MaskPlan.@Nullable Refused flows(BoundMasks masks, Lineage.Resolved lineage) {
        for (Lineage.Flow flow : lineage.flows()) {
            ColumnId to = new ColumnId(flow.relation(), flow.number());
            BoundMask written = masks.mask(to);
            if (written != null && written.uses().predicates() == Uses.Predicates.DENY && masks.tests().isKey(flow.relation(), flow.number())) {
                return new MaskPlan.Refused(
                        "writing the masked column " + written.name() + " would tell whether a value is there, because its values must be unique or are referred to",
                        "Leave the column out, or ask the policy's owner to allow equality on it.");
            }
            for (BoundMask mask : masked(masks, flow.from())) {
                BoundMask target = masks.mask(to);
                if (target == null || !(target.mask() instanceof Mask.Nullify || target.mask() instanceof Mask.Deny || isCopied(masks, flow, mask, target))) {
                    return new MaskPlan.Refused(
                            "the masked column " + mask.name() + " would be written to " + column(masks.catalog(), to) + ", where " + (target == null ? "it is not masked" : "its mask would show something of it"),
                            "Leave the column out.");
                }
            }
            for (int function : flow.opaque()) {
                if (!masks.isHarmless(function)) {
                    return new MaskPlan.Refused(
                            "nobody vouched for function " + function(masks.catalog(), function) + ", whose result would be written to "
                                    + column(masks.catalog(), to),
                            "Ask the policy's owner to vouch for the function.");
                }
            }
        }
        return null;
    }

    /**
     * Whether the one masked value is written unchanged, to where everybody sees of it what they see now. Not to a key, whose other values it
     * would be compared with, and not to another server, whose readers are not known here.
     */
    private static boolean isCopied(BoundMasks masks, Lineage.Flow flow, BoundMask source, BoundMask target) {
        Uses uses = target.uses();
        return source.column().equals(flow.origin())
                && source.mask().equals(target.mask())
                && source.uses().equals(uses)
                && masks.areAlike(source.column(), target.column())
                && sameType(masks.catalog(), source.column(), target.column())
                && (!masks.tests().isKey(flow.relation(), flow.number()) || uses.joins() && uses.groupBy())
                && !masks.tests().leavesTheServer(flow.relation());
    }

    /** A mask shows of one type what it does not show of another. */
    private static boolean sameType(Catalog catalog, ColumnId one, ColumnId other) {
        Column some = columnOf(catalog, one);
        Column others = columnOf(catalog, other);
        return some != null && others != null && some.typeOid() == others.typeOid();
    }

    private static @Nullable Column columnOf(Catalog catalog, ColumnId id) {
        Relation relation = catalog.relation(id.relation());
        return relation == null ? null : relation.column(id.number());
    }

    /** A row that fails, or does not, by values that are masked. */
    private static MaskPlan.@Nullable Refused rows(BoundMasks masks, Lineage.Resolved lineage) {
        Map<Integer, List<Lineage.Flow>> rows = new TreeMap<>();
        lineage.flows().stream().filter(flow -> masks.coversPartOf(flow.relation())).forEach(flow -> rows.computeIfAbsent(flow.row(), row -> new ArrayList<>()).add(flow));
        for (List<Lineage.Flow> row : rows.values()) {
            BoundMask told = masks.tests().told(masks, row);
            if (told != null) {
                return new MaskPlan.Refused(
                        "a check, key or index of the table would compare what is written with the masked column " + told.name() + ", and an error would tell its value",
                        "Write other columns, or the masked column itself with a constant in the same statement.");
            }
        }
        return null;
    }

    private static MaskPlan outputs(BoundMasks masks, Lineage.Resolved lineage) {
        List<@Nullable Mask> outputs = new ArrayList<>();
        Set<String> columns = new TreeSet<>();
        Set<Integer> computed = new HashSet<>();
        for (Lineage.Output output : lineage.outputs()) {
            List<BoundMask> masked = masked(masks, output.dependencies());
            masked.forEach(mask -> columns.add(mask.name()));
            if (masked.isEmpty()) {
                outputs.add(null);
            } else if (output.origin() != null && masked.size() == 1 && masked.getFirst().column().equals(output.origin())) {
                outputs.add(masked.getFirst().mask());
                if (isComputed(masks.catalog(), output.origin())) {
                    computed.add(outputs.size() - 1);
                }
            } else {
                outputs.add(new Mask.Redact());
                computed.add(outputs.size() - 1);
            }
        }
        BoundMask read = firstMasked(masks, lineage.reads());
        boolean near = !columns.isEmpty()
                || lineage.relations().stream().anyMatch(masks::coversPartOf)
                || lineage.flows().stream().anyMatch(flow -> masks.coversPartOf(flow.relation()))
                || read != null;
        return near ? new MaskPlan.Columns(outputs, List.copyOf(columns), computed, read == null ? null : read.name(), usesMasked(masks, lineage)) : NOTHING;
    }

    /** Whether a statement makes use of a masked column: that it fails for some values and not for others tells of them, too. */
    public static boolean usesMasked(BoundMasks masks, Lineage.Resolved lineage) {
        return firstMasked(masks, lineage.uses()) != null
                || lineage.failures().stream().anyMatch(failure -> firstMasked(masks, failure.columns()) != null)
                || firstMasked(masks, lineage.choosing()) != null;
    }

    /** Whether the column holds what an expression gave. */
    private static boolean isComputed(Catalog catalog, ColumnId id) {
        Relation relation = catalog.relation(id.relation());
        Column column = relation == null ? null : relation.column(id.number());
        return relation == null || column == null || column.generated() || relation.kind() == RelationKind.MATERIALIZED_VIEW;
    }

    private static @Nullable BoundMask firstMasked(BoundMasks masks, Collection<ColumnId> columns) {
        List<BoundMask> masked = masked(masks, columns);
        return masked.isEmpty() ? null : masked.getFirst();
    }

    /** In the order of their names, so that the same statement is always refused with the same words. */
    private static List<BoundMask> masked(BoundMasks masks, Collection<ColumnId> columns) {
        List<BoundMask> masked = new ArrayList<>();
        for (ColumnId column : columns) {
            BoundMask mask = masks.mask(column);
            if (mask != null) {
                masked.add(mask);
            } else if (column.number() == WHOLE_ROW && masks.coversPartOf(column.relation())) {
                masks.masks().stream().filter(each -> each.column().relation() == column.relation()).forEach(masked::add);
            }
        }
        masked.sort(Comparator.comparing(BoundMask::name));
        return masked;
    }

    private static String function(Catalog catalog, int oid) {
        Function function = catalog.function(oid);
        return function == null ? "that is new" : (function.schema().startsWith("pg_temp") ? "pg_temp" : function.schema()) + "." + function.name();
    }

    private static String vouch(Catalog catalog, int oid) {
        Function function = catalog.function(oid);
        String line = function == null ? "" : new Reach.Firing("", function).vouch();
        return line.isEmpty() ? "" : ", by this line: " + line;
    }

    private static String column(Catalog catalog, ColumnId id) {
        Relation relation = catalog.relation(id.relation());
        if (relation == null) {
            return "a new table";
        }
        Column column = relation.column(id.number());
        return (relation.schema().startsWith("pg_temp") ? "pg_temp" : relation.schema()) + "." + relation.name() + (column == null ? "" : "." + column.name());
    }
}

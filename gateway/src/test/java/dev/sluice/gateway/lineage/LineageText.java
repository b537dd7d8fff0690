// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.lineage;

import dev.sluice.gateway.catalog.Catalog;
import dev.sluice.gateway.catalog.ColumnId;
import dev.sluice.gateway.catalog.Relation;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;

/** Lineage as a line that people can check: {@code name = customers.name; tail <- customers.ssn; predicates customers.active}, = for an origin. */
final class LineageText {
    private final Catalog catalog;

    LineageText(Catalog catalog) {
        this.catalog = catalog;
    }

    String of(Lineage lineage) {
        return switch (lineage) {
            case Lineage.Unresolved unresolved -> "unresolved " + unresolved.expression() + ": " + unresolved.reason();
            case Lineage.Resolved resolved -> resolved(resolved);
        };
    }

    private String resolved(Lineage.Resolved resolved) {
        List<String> parts = new ArrayList<>();
        for (Lineage.Output output : resolved.outputs()) {
            StringBuilder text = new StringBuilder(output.name().replace('\n', ' '));
            ColumnId origin = output.origin();
            if (origin != null) {
                text.append(" = ").append(name(origin));
            }
            List<ColumnId> others = output.dependencies().stream().filter(column -> !column.equals(origin)).toList();
            if (origin == null || !others.isEmpty()) {
                text.append(others.isEmpty() ? " <-" : " <- " + names(others));
            }
            output.opaque().stream().map(this::function).sorted().forEach(name -> text.append(' ').append(name).append("()"));
            parts.add(text.toString());
        }
        set(parts, "predicates", resolved.predicates());
        set(parts, "equal", resolved.equalityPredicates());
        set(parts, "joins", resolved.joins());
        set(parts, "order", resolved.ordering());
        set(parts, "group", resolved.grouping());
        for (Lineage.Flow flow : resolved.flows()) {
            if (!flow.from().isEmpty() || !flow.opaque().isEmpty()) {
                parts.add("writes " + name(new ColumnId(flow.relation(), flow.number())) + " <- " + names(flow.from()));
            }
        }
        for (Lineage.Call call : resolved.calls()) {
            parts.add("calls " + function(call.function()) + "(" + names(call.arguments()) + ")");
        }
        return (resolved.commandType() + " " + String.join("; ", parts)).strip();
    }

    private void set(List<String> parts, String name, Collection<ColumnId> columns) {
        if (!columns.isEmpty()) {
            parts.add(name + " " + names(columns));
        }
    }

    String names(Collection<ColumnId> columns) {
        return String.join(", ", columns.stream().map(this::name).collect(java.util.stream.Collectors.toCollection(TreeSet::new)));
    }

    String name(ColumnId column) {
        Relation relation = catalog.relation(column.relation());
        return relation == null
                ? column.toString()
                : relation.name() + "." + Objects.requireNonNull(relation.column(column.number())).name();
    }

    private String function(int oid) {
        dev.sluice.gateway.catalog.Function function = catalog.function(oid);
        return function == null ? Integer.toUnsignedString(oid) : function.name();
    }
}

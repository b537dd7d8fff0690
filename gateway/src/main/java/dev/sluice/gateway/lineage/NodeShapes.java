// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.lineage;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which fields of which nodes hold nodes (primnodes.h and parsenodes.h of PostgreSQL 13 to 18). Whoever visits a node asks here first, so that
 * a node or a field that nobody thought of ends the walk instead of going unseen.
 */
final class NodeShapes {
    /** A line per node: its name, the fields with expressions that make its value, and after a bar those that are no part of it. */
    private static final String LINES =
            """
            AGGREF aggdirectargs args aggfilter | aggorder aggdistinct
            ALIAS |
            ARRAYCOERCEEXPR arg elemexpr
            ARRAYEXPR elements
            BOOLEANTEST arg
            BOOLEXPR args
            CASEEXPR arg args defresult
            CASETESTEXPR
            CASEWHEN expr result
            COALESCEEXPR args
            COERCETODOMAIN arg
            COERCETODOMAINVALUE
            COERCEVIAIO arg
            COLLATEEXPR arg
            COMMONTABLEEXPR | ctequery search_clause cycle_clause
            CONST
            CONVERTROWTYPEEXPR arg
            CURRENTOFEXPR
            DISTINCTEXPR args
            FIELDSELECT arg
            FIELDSTORE arg newvals
            FROMEXPR | fromlist quals
            FUNCEXPR args
            GROUPINGFUNC | args
            INFERENCEELEM expr
            JOINEXPR | larg rarg join_using_alias quals alias
            JSONBEHAVIOR expr | coercion
            JSONCOERCION expr
            JSONCONSTRUCTOREXPR args func coercion | returning
            JSONEXPR formatted_expr path_spec passing_values on_empty on_error | format returning
            JSONISPREDICATE expr | format
            JSONTABLEPATH value
            JSONTABLEPATHSCAN path child
            JSONTABLESIBLINGJOIN lplan rplan
            JSONVALUEEXPR raw_expr formatted_expr | format
            MERGEACTION | qual targetList
            MERGESUPPORTFUNC
            MINMAXEXPR args
            NAMEDARGEXPR arg
            NEXTVALUEEXPR
            NULLIFEXPR args
            NULLTEST arg
            ONCONFLICTEXPR | arbiterElems arbiterWhere onConflictSet onConflictWhere exclRelTlist
            OPEXPR args
            PARAM
            QUERY | cteList rtable rteperminfos jointree targetList onConflict returningList groupClause groupingSets havingQual windowClause \
            distinctClause sortClause limitOffset limitCount rowMarks setOperations withCheckOptions mergeActionList mergeJoinCondition
            RANGETBLENTRY | alias eref tablesample joinaliasvars join_using_alias subquery functions values_lists tablefunc groupexprs securityQuals
            RANGETBLFUNCTION funcexpr
            RANGETBLREF
            RELABELTYPE arg
            RETURNINGEXPR retexpr
            ROWCOMPAREEXPR largs rargs
            ROWEXPR args
            SCALARARRAYOPEXPR args
            SETOPERATIONSTMT | larg rarg groupClauses
            SETTODEFAULT
            SORTGROUPCLAUSE
            SQLVALUEFUNCTION
            SUBLINK | testexpr subselect
            SUBSCRIPTINGREF refupperindexpr reflowerindexpr refexpr refassgnexpr
            TABLEFUNC ns_uris docexpr rowexpr colexprs coldefexprs colvalexprs passingvalexprs plan
            TABLESAMPLECLAUSE args repeatable
            TARGETENTRY expr
            VAR
            WINDOWCLAUSE | partitionClause orderClause startOffset endOffset runCondition
            WINDOWFUNC args aggfilter | runCondition
            WITHCHECKOPTION | qual
            XMLEXPR named_args args
            """;

    /** What versions before 15 call some of them. */
    private static final Map<String, String> EARLIER_NAMES = Map.ofEntries(
            Map.entry("ARRAY", "ARRAYEXPR"),
            Map.entry("CASE", "CASEEXPR"),
            Map.entry("COALESCE", "COALESCEEXPR"),
            Map.entry("COLLATE", "COLLATEEXPR"),
            Map.entry("MINMAX", "MINMAXEXPR"),
            Map.entry("ROW", "ROWEXPR"),
            Map.entry("ROWCOMPARE", "ROWCOMPAREEXPR"),
            Map.entry("RTE", "RANGETBLENTRY"),
            Map.entry("WHEN", "CASEWHEN"));

    private record Shape(List<String> value, Set<String> known) {}

    private static final Map<String, Shape> SHAPES = shapes();

    private NodeShapes() {}

    /** The name under which this class knows the node, whatever its version calls it. */
    static String nameOf(Node.Struct node) {
        return EARLIER_NAMES.getOrDefault(node.name(), node.name());
    }

    /**
     * The expressions that a node's value is made from.
     *
     * @throws UnreadableTree if it is not known, or holds a node where none is known
     */
    static List<Node> valuesOf(Node.Struct node) {
        Shape shape = shapeOf(node);
        List<Node> values = new ArrayList<>();
        for (String field : shape.value()) {
            values.add(node.field(field));
        }
        return values;
    }

    /** Sees to it that nothing in a node goes unseen by those who know its shape. */
    static void check(Node.Struct node) {
        shapeOf(node);
    }

    private static Shape shapeOf(Node.Struct node) {
        Shape shape = SHAPES.get(nameOf(node));
        if (shape == null) {
            throw new UnreadableTree(node.name(), "this kind of node is not known");
        }
        node.fields().forEach((field, value) -> {
            if (!shape.known().contains(field) && holdsNode(value)) {
                throw new UnreadableTree(node.name(), "its field " + field + " holds a node that is not known");
            }
        });
        return shape;
    }

    private static boolean holdsNode(Node value) {
        return switch (value) {
            case Node.Struct struct -> true;
            case Node.Items items -> items.items().stream().anyMatch(NodeShapes::holdsNode);
            case Node.Nothing nothing -> false;
            case Node.Numbers numbers -> false;
            case Node.Token token -> false;
            case Node.Datum datum -> false;
        };
    }

    private static Map<String, Shape> shapes() {
        Map<String, Shape> shapes = new HashMap<>();
        for (String line : LINES.lines().toList()) {
            List<String> value = new ArrayList<>();
            Set<String> known = new LinkedHashSet<>();
            boolean partOfValue = true;
            List<String> words = List.of(line.split(" +"));
            for (String word : words.subList(1, words.size())) {
                if (word.equals("|")) {
                    partOfValue = false;
                } else {
                    known.add(word);
                    if (partOfValue) {
                        value.add(word);
                    }
                }
            }
            shapes.put(words.getFirst(), new Shape(value, known));
        }
        return Map.copyOf(shapes);
    }
}

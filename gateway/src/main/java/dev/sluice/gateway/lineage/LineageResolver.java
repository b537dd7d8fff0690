// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.lineage;

import dev.sluice.gateway.catalog.Catalog;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Follows the tree that the server made of a statement to the columns that its answer depends on. Pure; for any thread. */
public final class LineageResolver {
    /** The oldest and the newest major version whose trees the tests have seen. */
    public static final int OLDEST_SERVER = 13;

    public static final int NEWEST_SERVER = 18;

    /** OIDs below this belong to what initdb made (FirstNormalObjectId in transam.h). */
    static final int FIRST_OF_USERS = 16_384;

    /** The server parts tokens by blanks and line feeds, and escapes these in names, but no other blanks. 0 stands for no relation. */
    private static final Pattern RELATION = Pattern.compile(":relid[ \\n]+([1-9]\\d{0,9})\\b");

    private LineageResolver() {}

    /** Whether the trees of this major version can be read. */
    public static boolean supports(int serverMajor) {
        return serverMajor >= OLDEST_SERVER && serverMajor <= NEWEST_SERVER;
    }

    /** The known version whose trees those of another one may be like: what they do not have in common cannot be followed, or, at worst, means something else. */
    public static int nearest(int serverMajor) {
        return Math.clamp(serverMajor, OLDEST_SERVER, NEWEST_SERVER);
    }

    /**
     * Resolves one statement.
     *
     * @param nodeTexts the details of the notices that the server sent for it: each a list of queries, as rules may make several of one
     * @param catalog of the same database; a relation that it does not have is a failure only where the tree does not name its columns
     */
    public static Lineage resolve(List<String> nodeTexts, int serverMajor, Catalog catalog) {
        return resolve(nodeTexts, serverMajor, catalog, Map.of());
    }

    /**
     * Resolves one statement, looking into the functions whose bodies are given.
     *
     * @param bodies by OID of a function in SQL: the details that the server sent for its body
     */
    public static Lineage resolve(List<String> nodeTexts, int serverMajor, Catalog catalog, Map<Integer, List<String>> bodies) {
        if (!supports(serverMajor)) {
            return new Lineage.Unresolved(
                    "PostgreSQL " + serverMajor,
                    "trees of this major version are not known here",
                    "Use a server of version " + OLDEST_SERVER + " to " + NEWEST_SERVER + ".");
        }
        try {
            TreeFacts facts = new TreeFacts(catalog, bodies);
            Lineage.Resolved resolved = resolved(queriesOf(nodeTexts), facts);
            facts.permissions().require(facts);
            return resolved;
        } catch (UnreadableTree unreadable) {
            return unreadable.unresolved();
        } catch (StackOverflowError tooDeep) {
            return new Lineage.Unresolved("tree", "it is nested too deeply", "Nest fewer expressions and subqueries.");
        }
    }

    /** OIDs of all relations that the trees name, whether or not the trees can be followed. */
    public static Set<Integer> relations(List<String> nodeTexts) {
        Set<Integer> relations = new HashSet<>();
        for (String text : nodeTexts) {
            Matcher named = RELATION.matcher(text);
            while (named.find()) {
                relations.add(Integer.parseUnsignedInt(named.group(1)));
            }
        }
        return relations;
    }

    /** The queries that the server made of one statement, rules applied. */
    static List<Node.Struct> queriesOf(List<String> nodeTexts) {
        List<Node.Struct> queries = new ArrayList<>();
        for (String text : nodeTexts) {
            switch (NodeReader.read(text)) {
                case NodeReader.Reading.Failure failure ->
                    throw new UnreadableTree("tree", failure.reason() + ", at character " + failure.position(), "Use shorter and plainer names.");
                case NodeReader.Reading.Tree(Node.Items items) -> items.items().forEach(query -> queries.add(QueryScope.struct(query)));
                case NodeReader.Reading.Tree(Node.Nothing nothing) -> {}
                case NodeReader.Reading.Tree(Node node) -> queries.add(QueryScope.struct(node));
            }
        }
        return queries;
    }

    private static Lineage.Resolved resolved(List<Node.Struct> queries, TreeFacts facts) {
        Conditions conditions = new Conditions();
        List<Lineage.Output> outputs = new ArrayList<>();
        String command = "NOTHING";
        for (Node.Struct query : queries) {
            QueryResult result = new QueryScope(query, null, facts).walk();
            conditions.addAll(result.conditions());
            if (query.flag("canSetTag")) {
                command = commandOf(query);
                outputs.clear();
                for (int i = 0; i < result.columns().size(); i++) {
                    Dependence column = result.columns().get(i);
                    outputs.add(new Lineage.Output(result.names().get(i), column.columns(), column.origin(), column.opaque()));
                }
            } else if (!result.columns().isEmpty()) {
                throw new UnreadableTree("rule", "it returns rows of its own", "Write to the tables themselves, or have the rule dropped.");
            }
        }
        return new Lineage.Resolved(
                outputs,
                facts.mentioned(),
                conditions.predicates(),
                conditions.equalities(),
                conditions.joins(),
                conditions.ordering(),
                conditions.grouping(),
                facts.flows(),
                facts.relations(),
                facts.functions(),
                facts.calls(),
                facts.userTypes(),
                facts.failures().all(),
                facts.failures().choosing(),
                command);
    }

    private static String commandOf(Node.Struct query) {
        int type = query.number("commandType");
        return switch (type) {
            case 1 -> "SELECT";
            case 2 -> "UPDATE";
            case 3 -> "INSERT";
            case 4 -> "DELETE";
            case 5 -> "MERGE";
            default -> throw new UnreadableTree(query.name(), "a command of type " + type + " is not known");
        };
    }
}

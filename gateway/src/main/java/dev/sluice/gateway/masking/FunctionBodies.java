// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.masking;

import dev.sluice.gateway.catalog.Catalog;
import dev.sluice.gateway.catalog.Function;
import dev.sluice.gateway.statement.Effect;
import dev.sluice.gateway.statement.Reading;
import dev.sluice.gateway.statement.StatementFacts;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What functions in SQL do, as their bodies say. One that only selects, and names nothing through which a masked column could be come to, computes
 * with its arguments and with what everybody may see. Names count whatever their schema, as they do in statements: a body is resolved anew,
 * by the search path, when it runs.
 *
 * @param statements by OID of a function what its body consists of
 */
public record FunctionBodies(Map<Integer, List<StatementFacts>> statements) {
    /** Nothing is known of any. */
    public static final FunctionBodies NONE = new FunctionBodies(Map.of());

    private static final String ATOMIC = "BEGIN ATOMIC";
    private static final String END = "END";
    private static final String RETURN = "RETURN ";

    public FunctionBodies {
        statements = Map.copyOf(statements);
    }

    /**
     * Reads the bodies of a catalog's functions.
     *
     * @param reader may take its time
     */
    public static FunctionBodies read(Catalog catalog, java.util.function.Function<String, Reading> reader) {
        Map<Integer, List<StatementFacts>> statements = new HashMap<>();
        for (Function function : catalog.functions()) {
            String source = function.source();
            // What an argument's default computes is not in the body.
            boolean readable = function.language().equals("sql") && function.kind() == Function.Kind.FUNCTION && !function.builtIn() && !function.defaults();
            if (readable && source != null && reader.apply(body(source)) instanceof Reading.Understood understood) {
                statements.put(function.oid(), understood.statements());
            }
        }
        return new FunctionBodies(statements);
    }

    /** As PostgreSQL prints a body in SQL's own form, or the text that was given. */
    private static String body(String source) {
        String text = source.strip();
        if (text.startsWith(ATOMIC) && text.endsWith(END)) {
            return text.substring(ATOMIC.length(), text.length() - END.length());
        }
        return text.startsWith(RETURN) ? "SELECT " + text.substring(RETURN.length()) : text;
    }

    /** Those that come near no masked column by anything that statements may come to one through. */
    Set<Integer> farFrom(Reach reach) {
        Set<Integer> far = new HashSet<>();
        statements.forEach((oid, body) -> {
            if (!body.isEmpty() && body.stream().allMatch(statement -> onlySelects(statement) && !reach.touches(statement))) {
                far.add(oid);
            }
        });
        return far;
    }

    private static boolean onlySelects(StatementFacts statement) {
        return statement.kind().equals("SELECT")
                && Set.of(Effect.READ).containsAll(statement.effects())
                && statement.settings().isEmpty()
                && !statement.setsRole()
                && statement.executes() == null
                && statement.fetchesCursor() == null
                && statement.inner().isEmpty();
    }
}

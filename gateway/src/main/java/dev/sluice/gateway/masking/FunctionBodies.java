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
import org.jspecify.annotations.Nullable;

/**
 * What functions in SQL do, as their bodies say. One that only selects, and names nothing through which a masked column could be come to, computes
 * with its arguments and with what everybody may see. In a body that is a text, names count whatever their schema, as they do in statements: it is
 * resolved anew, by the search path, when it runs. A body in SQL's own form was resolved when it was made, and is printed so.
 *
 * @param bodies by OID of a function
 */
public record FunctionBodies(Map<Integer, Body> bodies) {
    /** Nothing is known of any. */
    public static final FunctionBodies NONE = new FunctionBodies(Map.of());

    private static final String ATOMIC = "BEGIN ATOMIC";
    private static final String END = "END";
    private static final String RETURN = "RETURN ";

    public FunctionBodies {
        bodies = Map.copyOf(bodies);
    }

    /**
     * What a function does.
     *
     * @param statements in their order
     * @param printed whether their names are those that PostgreSQL prints for what is meant
     */
    public record Body(List<StatementFacts> statements, boolean printed) {
        public Body {
            statements = List.copyOf(statements);
        }

        private boolean isFarFrom(Reach reach) {
            return !statements.isEmpty()
                    && statements.stream().allMatch(statement -> onlySelects(statement) && !(printed ? reach.touchesAsPrinted(statement) : reach.touches(statement)));
        }
    }

    /**
     * Reads the bodies of a catalog's functions.
     *
     * @param reader may take its time
     */
    public static FunctionBodies read(Catalog catalog, java.util.function.Function<String, Reading> reader) {
        Map<Integer, Body> bodies = new HashMap<>();
        for (Function function : catalog.functions()) {
            String source = function.source();
            // What an argument's default computes is not in the body.
            boolean readable = function.language().equals("sql") && function.kind() == Function.Kind.FUNCTION && !function.builtIn() && !function.defaults();
            if (readable && source != null) {
                String printed = printed(source.strip());
                if (reader.apply(printed == null ? source : printed) instanceof Reading.Understood understood) {
                    bodies.put(function.oid(), new Body(understood.statements(), printed != null));
                }
            }
        }
        return new FunctionBodies(bodies);
    }

    /** The statements of a body in SQL's own form; null for a text that was given, in which neither of the two would be a statement. */
    private static @Nullable String printed(String source) {
        if (source.startsWith(ATOMIC) && source.endsWith(END)) {
            return source.substring(ATOMIC.length(), source.length() - END.length());
        }
        return source.startsWith(RETURN) ? "SELECT " + source.substring(RETURN.length()) : null;
    }

    /** Those that come near no masked column by anything that statements may come to one through. */
    Set<Integer> farFrom(Reach reach) {
        Set<Integer> far = new HashSet<>();
        bodies.forEach((oid, body) -> {
            if (body.isFarFrom(reach)) {
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

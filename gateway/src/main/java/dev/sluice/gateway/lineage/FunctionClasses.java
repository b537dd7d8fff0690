// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.lineage;

import dev.sluice.gateway.catalog.Function;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What every function does that PostgreSQL comes with, by name and argument types, for versions 13 to 18 together. The list is a resource:
 * {@code class name argumentTypeOids [=]}, where {@code =} marks the function of an operator {@code =} or {@code <>}, which tell the same.
 */
public final class FunctionClasses {
    private static final String RESOURCE = "function-classes.txt";
    private static final int FIELDS = 3;

    private record Signature(String name, String arguments) {}

    private static final Map<Signature, FunctionClass> CLASSES = new HashMap<>();
    private static final Set<Signature> EQUALITIES = new HashSet<>();

    static {
        read();
    }

    private FunctionClasses() {}

    /** The class of a function; of one that is not PostgreSQL's own, that it may read everything; of none, that it is unknown. */
    public static FunctionClass of(@Nullable Function function) {
        if (function == null) {
            return FunctionClass.UNKNOWN;
        }
        return function.builtIn() ? CLASSES.getOrDefault(signature(function), FunctionClass.UNKNOWN) : FunctionClass.READS_EVERYTHING;
    }

    /** Whether it is PostgreSQL's own function of an operator {@code =} or {@code <>}. */
    static boolean isEquality(Function function) {
        return function.builtIn() && EQUALITIES.contains(signature(function));
    }

    private static Signature signature(Function function) {
        return new Signature(
                function.name(), function.argumentTypes().stream().map(Integer::toUnsignedString).collect(Collectors.joining(",")));
    }

    private static void read() {
        try (InputStream stream = Objects.requireNonNull(FunctionClasses.class.getResourceAsStream(RESOURCE), RESOURCE);
                BufferedReader lines = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            lines.lines().filter(line -> !line.startsWith("#")).forEach(line -> {
                String[] fields = line.split(" ", -1);
                Signature signature = new Signature(fields[1], fields[2].equals("-") ? "" : fields[2]);
                CLASSES.put(signature, FunctionClass.valueOf(fields[0]));
                if (fields.length > FIELDS) {
                    EQUALITIES.add(signature);
                }
            });
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}

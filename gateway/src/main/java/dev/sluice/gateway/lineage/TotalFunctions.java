// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.lineage;

import dev.sluice.gateway.catalog.Function;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The functions of PostgreSQL that give a result for every value, so that nobody learns from an error which values there are. What is not
 * listed may fail. The list is a resource: {@code name argumentTypeOids [places]}, with the places, from 1, of arguments that must be constants, or
 * with {@code i} for arithmetic that fails over no integer constant: only numbers of thousands of digits are too large for numeric.
 */
final class TotalFunctions {
    private static final String RESOURCE = "total-functions.txt";
    private static final int FIELDS = 2;

    private static final String INTEGER = "i";

    private static final Map<String, Set<Integer>> TOTAL = new HashMap<>();
    private static final Set<String> WITH_INTEGER = new HashSet<>();

    static {
        read();
    }

    private TotalFunctions() {}

    /** The places, from 1, of the arguments that must be constants if the function is not to fail; null if it may fail anyhow. */
    static @Nullable Set<Integer> constantsOf(@Nullable Function function) {
        return function == null || !function.builtIn() ? null : TOTAL.get(signature(function));
    }

    /** Whether the function cannot fail if one of its two operands is an integer constant. */
    static boolean isTotalWithInteger(@Nullable Function function) {
        return function != null && function.builtIn() && WITH_INTEGER.contains(signature(function));
    }

    private static String signature(Function function) {
        String types = function.argumentTypes().stream().map(Integer::toUnsignedString).collect(Collectors.joining(","));
        return function.name() + " " + (types.isEmpty() ? "-" : types);
    }

    private static void read() {
        try (InputStream stream = Objects.requireNonNull(TotalFunctions.class.getResourceAsStream(RESOURCE), RESOURCE);
                BufferedReader lines = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            lines.lines().filter(line -> !line.startsWith("#")).forEach(line -> {
                String[] fields = line.split(" ", -1);
                if (fields.length > FIELDS && fields[FIELDS].equals(INTEGER)) {
                    WITH_INTEGER.add(fields[0] + " " + fields[1]);
                    return;
                }
                Stream<String> places = fields.length > FIELDS ? Arrays.stream(fields[FIELDS].split(",")) : Stream.empty();
                TOTAL.put(fields[0] + " " + fields[1], places.map(Integer::valueOf).collect(Collectors.toUnmodifiableSet()));
            });
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.policy;

import com.google.common.collect.ImmutableCollection;
import com.google.common.collect.ImmutableMap;
import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.common.types.CelType;
import dev.cel.common.types.CelTypeProvider;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.StructType;
import dev.cel.common.types.StructTypeReference;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerBuilder;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import java.util.Map;
import java.util.Optional;

/** The language of {@code when}, {@code unless} and {@code only}: CEL over typed variables, checked when the policy is read and bounded when it runs. */
final class Conditions {
    /** Names and types of the fields; {@code policy.md} is checked against them. */
    static final ImmutableMap<String, ImmutableMap<String, CelType>> STRUCTURES = structures();

    /** Names and types of the variables. */
    static final ImmutableMap<String, CelType> VARIABLES = variables();

    /** The variables of a mask's conditions: a mask is the caller's, whatever the statement. */
    static final ImmutableMap<String, CelType> MASK_VARIABLES =
            VARIABLES.entrySet().stream().filter(variable -> !variable.getKey().equals("statement")).collect(ImmutableMap.toImmutableMap(Map.Entry::getKey, Map.Entry::getValue));

    static final String NOW = "now";

    /** Steps of all loops in one evaluation together: a statement may name thousands of tables, and the event loop waits. */
    static final int MAX_ITERATIONS = 20_000;

    private static final CelOptions OPTIONS = CelOptions.current()
            .populateMacroCalls(true)
            .comprehensionMaxIterations(MAX_ITERATIONS)
            .maxExpressionCodePointSize(10_000)
            .maxParseRecursionDepth(64)
            .build();

    private final CelCompiler compiler;
    private final CelRuntime runtime;

    /** Conditions over all variables. */
    Conditions() {
        this(VARIABLES);
    }

    Conditions(Map<String, CelType> variables) {
        CelCompilerBuilder builder = CelCompilerFactory.standardCelCompilerBuilder()
                .setOptions(OPTIONS)
                .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
                .setTypeProvider(new Structures())
                .setResultType(SimpleType.BOOL);
        variables.forEach(builder::addVar);
        compiler = builder.build();
        runtime = CelRuntimeFactory.standardCelRuntimeBuilder().setOptions(OPTIONS).build();
    }

    /**
     * Reads one expression.
     *
     * @throws CelValidationException with every problem and its line (from 1) and column (from 0) inside the expression
     */
    Condition compile(String expression) throws CelValidationException {
        return new Condition(compiler.compile(expression).getAst(), runtime);
    }

    private static ImmutableMap<String, ImmutableMap<String, CelType>> structures() {
        ListType strings = ListType.create(SimpleType.STRING);
        ImmutableMap<String, CelType> statement = ImmutableMap.<String, CelType>builder()
                .put("kind", SimpleType.STRING)
                .put("kinds", strings)
                .put("effects", strings)
                .put("reads", SimpleType.BOOL)
                .put("writes", SimpleType.BOOL)
                .put("bounded", SimpleType.BOOL)
                .put("estimatedRows", SimpleType.INT)
                .put("dependsOnMasked", SimpleType.BOOL)
                .put("textLength", SimpleType.INT)
                .put("parameters", strings)
                .put("tables", ListType.create(StructTypeReference.create("Table")))
                .put("functions", strings)
                .put("unknownFunctions", strings)
                .put("callsUnknownFunction", SimpleType.BOOL)
                .put("settings", MapType.create(SimpleType.STRING, SimpleType.STRING))
                .put("setsRole", SimpleType.BOOL)
                .put("transactionControl", SimpleType.STRING)
                .put("copy", SimpleType.STRING)
                .put("inTransaction", SimpleType.BOOL)
                .put("inner", ListType.create(StructTypeReference.create("Statement")))
                .buildOrThrow();
        return ImmutableMap.of(
                "Statement", statement,
                "Table",
                        ImmutableMap.of("schema", SimpleType.STRING, "name", SimpleType.STRING, "columns", strings, "access", SimpleType.STRING),
                "User",
                        ImmutableMap.of(
                                "subject", SimpleType.STRING,
                                "issuer", SimpleType.STRING,
                                "groups", strings,
                                "method", SimpleType.STRING,
                                "onBehalfOf", SimpleType.STRING),
                "Target", ImmutableMap.of("name", SimpleType.STRING, "database", SimpleType.STRING),
                "Session",
                        ImmutableMap.of(
                                "application", SimpleType.STRING, "clientAddress", SimpleType.STRING, "role", SimpleType.STRING, "purpose", SimpleType.STRING));
    }

    private static ImmutableMap<String, CelType> variables() {
        return ImmutableMap.of(
                "statement", StructTypeReference.create("Statement"),
                "user", StructTypeReference.create("User"),
                "target", StructTypeReference.create("Target"),
                "session", StructTypeReference.create("Session"),
                NOW, SimpleType.TIMESTAMP);
    }

    private static final class Structures implements CelTypeProvider {
        private final ImmutableMap<String, CelType> types;

        private Structures() {
            ImmutableMap.Builder<String, CelType> builder = ImmutableMap.builder();
            STRUCTURES.forEach((name, fields) ->
                    builder.put(name, StructType.create(name, fields.keySet(), field -> Optional.ofNullable(fields.get(field)))));
            types = builder.buildOrThrow();
        }

        @Override
        public ImmutableCollection<CelType> types() {
            return types.values();
        }

        @Override
        public Optional<CelType> findType(String name) {
            return Optional.ofNullable(types.get(name));
        }
    }
}

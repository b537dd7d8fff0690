// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.statement;

import com.dylibso.chicory.runtime.ExportFunction;
import com.dylibso.chicory.runtime.HostFunction;
import com.dylibso.chicory.runtime.ImportValues;
import com.dylibso.chicory.runtime.Instance;
import com.dylibso.chicory.runtime.Memory;
import com.dylibso.chicory.runtime.WasmFunctionHandle;
import com.dylibso.chicory.wasm.WasmModule;
import com.dylibso.chicory.wasm.types.FunctionImport;
import com.dylibso.chicory.wasm.types.FunctionType;
import dev.sluice.gateway.statement.parser.LibPgQuery;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One instance of libpg_query 18.1.5: PostgreSQL 18's own scanner and grammar, as WebAssembly compiled to bytecode. It sees no file, no
 * socket and no clock. For one thread at a time; after any exception the instance is unusable and must be thrown away.
 *
 * <p>The names of imports and exports are single letters that belong to exactly this version of the npm package.
 */
final class WasmParser {
    /** Exports in the order: initialize, malloc, free, parse, free the parse result, scan, free a string, stack save, stack restore, set throw. */
    static final List<String> EXPORTS = List.of("A", "C", "E", "F", "G", "M", "O", "R", "Q", "P");

    private static final int PAGE = 65536;

    /** What the grammar made of a text. */
    sealed interface Answer {
        /** The raw parse tree in libpg_query's JSON. */
        record Tree(byte[] json) implements Answer {}

        /** PostgreSQL's error; {@code position} in code points from 1, 0 where unknown. {@code place} is the C function that raised it. */
        record Failure(String message, int position, String place) implements Answer {}
    }

    /** Emscripten's longjmp, by which PostgreSQL's error handling leaves the grammar. */
    private static final class LongJump extends RuntimeException {
        private static final LongJump INSTANCE = new LongJump();

        private LongJump() {
            super(null, null, false, false);
        }
    }

    private final Instance instance;
    private final ExportFunction malloc;
    private final ExportFunction free;
    private final ExportFunction parse;
    private final ExportFunction freeResult;

    /** @param maxMemoryBytes linear memory that a statement may make the instance grow to; beyond it PostgreSQL reports "out of memory" */
    WasmParser(long maxMemoryBytes) {
        WasmModule module = LibPgQuery.load();
        instance = Instance.builder(module)
                .withImportValues(imports(module, maxMemoryBytes))
                .withMachineFactory(LibPgQuery::create)
                .withStart(false)
                .build();
        instance.export("A").apply();
        malloc = instance.export("C");
        free = instance.export("E");
        parse = instance.export("F");
        freeResult = instance.export("G");
    }

    Answer parse(byte[] utf8) {
        int text = copyIn(utf8);
        int result = (int) parse.apply(text)[0];
        Memory memory = instance.memory();
        int error = memory.readInt(result + 8);
        Answer answer;
        if (error == 0) {
            answer = new Answer.Tree(readCString(memory.readInt(result)));
        } else {
            answer = new Answer.Failure(
                    readText(memory.readInt(error)), memory.readInt(error + 16), readText(memory.readInt(error + 4)));
        }
        freeResult.apply(result);
        free.apply(text);
        return answer;
    }

    /** libpg_query's own tokens as JSON, or its error message: the measure of our scanner in tests. */
    String scan(byte[] utf8) {
        int text = copyIn(utf8);
        int result = (int) instance.export("M").apply(text)[0];
        String answer = readText(result);
        free.apply(result);
        free.apply(text);
        return answer;
    }

    /** Bytes of linear memory that this instance holds. */
    long memoryBytes() {
        return (long) instance.memory().pages() * PAGE;
    }

    private int copyIn(byte[] utf8) {
        int pointer = (int) malloc.apply(utf8.length + 1)[0];
        if (pointer == 0) {
            throw new IllegalStateException("the parser has no memory for a text of " + utf8.length + " bytes");
        }
        instance.memory().write(pointer, utf8);
        instance.memory().writeByte(pointer + utf8.length, (byte) 0);
        return pointer;
    }

    private byte[] readCString(int pointer) {
        Memory memory = instance.memory();
        int end = pointer;
        int size = memory.pages() * PAGE;
        int step = 4096;
        while (true) {
            byte[] piece = memory.readBytes(end, Math.min(step, size - end));
            for (int i = 0; i < piece.length; i++) {
                if (piece[i] == 0) {
                    return memory.readBytes(pointer, end + i - pointer);
                }
            }
            end += piece.length;
        }
    }

    private String readText(int pointer) {
        return pointer == 0 ? "" : new String(readCString(pointer), StandardCharsets.UTF_8);
    }

    private static ImportValues imports(WasmModule module, long maxMemoryBytes) {
        List<HostFunction> functions = new ArrayList<>();
        for (int i = 0; i < module.importSection().importCount(); i++) {
            if (!(module.importSection().getImport(i) instanceof FunctionImport entry)) {
                throw new IllegalStateException("the parser imports something that is not a function");
            }
            FunctionType type = module.typeSection().getType(entry.typeIndex());
            functions.add(new HostFunction(entry.module(), entry.name(), type, handle(entry.name(), type, maxMemoryBytes)));
        }
        return ImportValues.builder().addFunction(functions.toArray(HostFunction[]::new)).build();
    }

    private static WasmFunctionHandle handle(String name, FunctionType type, long maxMemoryBytes) {
        long[] nothing = type.returns().isEmpty() ? new long[0] : new long[] {0};
        return switch (name) {
            // Emscripten's invoke_*: a call through the function table that a long jump may leave.
            case "g", "b", "a", "d", "k", "l", "e", "f", "h", "j", "i", "y", "n" -> (instance, arguments) -> {
                int stack = (int) instance.export("R").apply()[0];
                try {
                    return instance.getMachine()
                            .call(instance.table(0).ref((int) arguments[0]), Arrays.copyOfRange(arguments, 1, arguments.length));
                } catch (LongJump jump) {
                    instance.export("Q").apply(stack);
                    instance.export("P").apply(1, 0);
                    return nothing;
                }
            };
            case "p" -> (instance, arguments) -> {
                throw LongJump.INSTANCE;
            };
            case "q" -> (instance, arguments) -> {
                long bytes = Integer.toUnsignedLong((int) arguments[0]);
                int more = (int) ((bytes + PAGE - 1) / PAGE) - instance.memory().pages();
                boolean grown = bytes <= maxMemoryBytes && instance.memory().grow(Math.max(more, 0)) >= 0;
                return new long[] {grown ? 1 : 0};
            };
            default -> (instance, arguments) -> nothing;
        };
    }
}

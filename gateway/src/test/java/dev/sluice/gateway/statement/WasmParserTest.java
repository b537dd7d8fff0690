// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.statement;

import static org.assertj.core.api.Assertions.assertThat;

import com.dylibso.chicory.wasm.WasmModule;
import dev.sluice.gateway.statement.parser.LibPgQuery;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The names of this very build of libpg_query: its toolchain shortens them anew for each version, and a call of the wrong one need not fail. */
class WasmParserTest {
    private final WasmModule module = LibPgQuery.load();

    @Test
    void importsAndExportsAreThoseThatWeBind() {
        String imports = IntStream.range(0, module.importSection().importCount())
                .mapToObj(i -> module.importSection().getImport(i).module() + "." + module.importSection().getImport(i).name())
                .collect(Collectors.joining(" "));
        String exports = IntStream.range(0, module.exportSection().exportCount())
                .mapToObj(i -> module.exportSection().getExport(i).name())
                .collect(Collectors.joining(" "));

        assertThat(imports).isEqualTo("a.a a.b a.c a.d a.e a.f a.g a.h a.i a.j a.k a.l a.m a.n a.o a.p a.q a.r a.s a.t a.u a.v a.w a.x a.y");
        assertThat(exports).isEqualTo("z A B C D E F G H I J K L M N O P Q R");
        assertThat(exports.split(" ", -1)).containsAll(WasmParser.EXPORTS);
    }

    @Test
    void isTheGrammarOfPostgreSql18() {
        WasmParser.Answer answer = new WasmParser(256L << 20).parse("select 1".getBytes(StandardCharsets.UTF_8));

        assertThat(answer).isInstanceOfSatisfying(WasmParser.Answer.Tree.class, tree ->
                assertThat(new String(tree.json(), StandardCharsets.UTF_8)).startsWith("{\"version\":18"));
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.statement;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;

/** Reads the text itself, without any template or cache. */
final class FreshReading {
    private static final WasmParser PARSER = new WasmParser(256L << 20);
    private static final ObjectMapper JSON = new ObjectMapper();

    private FreshReading() {}

    static synchronized StatementWalk.Result of(String sql) {
        if (!(PARSER.parse(sql.getBytes(StandardCharsets.UTF_8)) instanceof WasmParser.Answer.Tree tree)) {
            throw new IllegalArgumentException("does not parse: " + sql);
        }
        try {
            return StatementWalk.read(JSON.readTree(new String(tree.json(), StandardCharsets.UTF_8)));
        } catch (JsonProcessingException failure) {
            throw new IllegalStateException(failure);
        }
    }
}

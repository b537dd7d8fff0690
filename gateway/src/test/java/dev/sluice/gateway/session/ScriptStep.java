// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.session;

import dev.sluice.gateway.wire.testing.WireScript;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Lines of a {@link SessionScript} that begin with the same word, which belong together. Made once and played many times.
 *
 * @param word what they begin with
 * @param block the rest of each line
 * @param bytes what a peer sends; empty where nobody sends
 * @param expected what a peer is to have received, as {@link WireScript} describes it; empty where nothing is
 */
record ScriptStep(String word, List<String> block, Buffer bytes, String expected) {
    static List<ScriptStep> of(String script) {
        List<String> lines = script.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
        List<ScriptStep> steps = new ArrayList<>();
        int at = 0;
        while (at < lines.size()) {
            String word = lines.get(at).split(" ", 2)[0];
            int end = at;
            while (end < lines.size() && lines.get(end).split(" ", 2)[0].equals(word)) {
                end++;
            }
            steps.add(of(word, lines.subList(at, end).stream().map(line -> line.substring(word.length()).strip()).toList()));
            at = end;
        }
        return steps;
    }

    private static ScriptStep of(String word, List<String> block) {
        return switch (word) {
            case "client" -> new ScriptStep(word, block, joined("F ", block), "");
            case "server" -> new ScriptStep(word, block, joined("B ", block), "");
            case ">" -> new ScriptStep(word, block, Buffer.buffer(), lines("F ", block));
            case "<" -> new ScriptStep(word, block, Buffer.buffer(), lines("B ", block));
            default -> new ScriptStep(word, block, Buffer.buffer(), "");
        };
    }

    private static Buffer joined(String side, List<String> block) {
        Buffer bytes = Buffer.buffer();
        block.forEach(line -> bytes.appendBuffer(WireScript.message(side + line)));
        return bytes;
    }

    private static String lines(String side, List<String> block) {
        return block.equals(List.of("nothing")) ? "" : String.join("\n", block.stream().map(line -> side + line).toList());
    }
}

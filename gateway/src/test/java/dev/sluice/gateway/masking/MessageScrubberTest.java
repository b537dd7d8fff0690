// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.masking;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.wire.BackendMessage.ErrorResponse;
import dev.sluice.gateway.wire.BackendMessage.NoticeResponse;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MessageScrubberTest {
    private static final String SECRET = "123-45-6789";

    /** Every field of the manual, each with a value in it, as far as the test does not say otherwise. */
    private static Map<Character, String> fields(String severity, String sqlState, String position) {
        Map<Character, String> fields = new LinkedHashMap<>();
        for (char code : "MDHpqWstcdnFLRx".toCharArray()) {
            fields.put(code, SECRET);
        }
        fields.put('S', severity);
        fields.put('V', severity);
        fields.put('C', sqlState);
        fields.put('P', position);
        return fields;
    }

    private static Map<Character, String> read(Buffer message, char type) {
        assertThat((char) message.getByte(0)).isEqualTo(type);
        assertThat(message.getInt(1)).isEqualTo(message.length() - 1);
        assertThat(message.getByte(message.length() - 1)).isZero();
        Map<Character, String> fields = new LinkedHashMap<>();
        String body = message.getString(5, message.length() - 1, StandardCharsets.UTF_8.name());
        for (String field : body.split("\0")) {
            fields.put(field.charAt(0), field.substring(1));
        }
        return fields;
    }

    @Test
    void keepsWhatCannotHoldAValue() {
        Map<Character, String> kept = read(MessageScrubber.scrub(new ErrorResponse(fields("ERROR", "22P02", "17"), Buffer.buffer())), 'E');
        assertThat(kept).containsEntry('S', "ERROR").containsEntry('V', "ERROR").containsEntry('C', "22P02").containsEntry('P', "17")
                .containsEntry('M', "a value is not valid for its type").containsKey('H').hasSize(6);
        assertThat(kept.values()).noneMatch(text -> text.contains(SECRET));
    }

    @Test
    void cutsNoticesToo() {
        Map<Character, String> kept = read(MessageScrubber.scrub(new NoticeResponse(fields("NOTICE", "00000", ""), Buffer.buffer())), 'N');
        assertThat(kept).containsEntry('S', "NOTICE").containsEntry('M', "a message of the statement is left out").doesNotContainKey('P');
    }

    @Test
    void trustsNoFieldThatTheServerOrAFunctionMayHaveFilled() {
        Map<Character, String> kept = read(MessageScrubber.scrub(new ErrorResponse(fields("ERROR", "P0001", SECRET), Buffer.buffer())), 'E');
        assertThat(kept).containsEntry('M', "the statement failed").doesNotContainKey('P');
        assertThat(read(MessageScrubber.scrub(new ErrorResponse(fields("ERROR", SECRET, "1"), Buffer.buffer())), 'E')).containsEntry('C', "XX000");
        assertThat(read(MessageScrubber.scrub(new ErrorResponse(fields(SECRET, "42P99", "1"), Buffer.buffer())), 'E'))
                .containsEntry('S', "ERROR").containsEntry('M', "the statement is not valid");
    }
}

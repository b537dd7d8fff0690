// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.schemas.event.Envelopes;
import dev.sluice.schemas.event.EventCodec;
import dev.sluice.schemas.event.ResultEvent.Format;
import dev.sluice.schemas.event.ResultEvent.ResultColumn;
import dev.sluice.schemas.event.ResultEvent.ResultRecorded;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class KeptAnswerTest {
    private static final EventCodec CODEC = new EventCodec();
    private static final Envelopes ENVELOPES = new Envelopes(URI.create("/sluice/gateway/g1"), Clock.systemUTC(), new Random(7));
    private static final List<ResultColumn> COLUMNS = List.of(new ResultColumn("name", 25, Format.TEXT), new ResultColumn("photo", 17, Format.BINARY));

    private static byte[] message(char tag, byte[] body) throws IOException {
        var bytes = new ByteArrayOutputStream();
        var out = new DataOutputStream(bytes);
        out.writeByte(tag);
        out.writeInt(body.length + 4);
        out.write(body);
        return bytes.toByteArray();
    }

    private static byte[] row(@Nullable String name, byte[] photo) throws IOException {
        var bytes = new ByteArrayOutputStream();
        var out = new DataOutputStream(bytes);
        out.writeShort(2);
        byte[] text = name == null ? new byte[0] : name.getBytes(StandardCharsets.UTF_8);
        out.writeInt(name == null ? -1 : text.length);
        out.write(text);
        out.writeInt(photo.length);
        out.write(photo);
        return message('D', bytes.toByteArray());
    }

    /** In chunks of {@code size} bytes, whatever lies on the cut. */
    private static List<byte[]> chunks(byte[] answer, int size) {
        List<byte[]> chunks = new ArrayList<>();
        for (int at = 0; at < answer.length; at += size) {
            byte[] data = Arrays.copyOfRange(answer, at, Math.min(answer.length, at + size));
            chunks.add(CODEC.encode(ENVELOPES.of("s", "s", new ResultRecorded("s-1", chunks.size(), COLUMNS, 0, Base64.getEncoder().encodeToString(data), "0".repeat(64), false))));
        }
        return chunks;
    }

    private static byte[] answer(int rows) throws IOException {
        var answer = new ByteArrayOutputStream();
        for (int i = 0; i < rows; i++) {
            answer.writeBytes(row(i % 2 == 0 ? "ü" + i : null, new byte[] {(byte) i, 1}));
        }
        answer.writeBytes(message('C', "SELECT 7\0".getBytes(StandardCharsets.UTF_8)));
        return answer.toByteArray();
    }

    @Test
    void everyPageOfAnyChunkingGivesTheSameRows() throws IOException {
        byte[] answer = answer(7);
        for (int size : new int[] {1, 3, 16, 17, 50, 10_000}) {
            List<byte[]> chunks = chunks(answer, size);
            List<String> rows = new ArrayList<>();
            KeptAnswer.Place place = KeptAnswer.Place.START;
            while (place != null) {
                ObjectNode page = Entries.object();
                assertThat(new KeptAnswer(CODEC, "s-1", number -> number < chunks.size() ? chunks.get((int) number) : null).read(place, 2, page)).isTrue();
                assertThat(page.path("partsMissing").booleanValue()).isFalse();
                assertThat(page.path("columns").size()).isEqualTo(2);
                page.path("rows").forEach(row -> rows.add(row.toString()));
                JsonNode next = page.get("next");
                place = next == null ? null : KeptAnswer.Place.parse(next.textValue());
            }
            assertThat(rows).hasSize(7).startsWith("[\"ü0\",{\"base64\":\"AAE=\"}]", "[null,{\"base64\":\"AQE=\"}]");
        }
    }

    @Test
    void anAnswerThatBreaksOffSaysSo() throws IOException {
        List<byte[]> chunks = chunks(answer(3), 20);
        ObjectNode page = Entries.object();
        assertThat(new KeptAnswer(CODEC, "s-1", number -> number < 2 ? chunks.get((int) number) : null).read(KeptAnswer.Place.START, 100, page)).isTrue();
        assertThat(page.path("rows").size()).isEqualTo(2);
        assertThat(page.path("partsMissing").booleanValue()).isTrue();
    }

    @Test
    void nothingKeptIsToldFromNoRows() {
        assertThat(new KeptAnswer(CODEC, "s-1", _ -> null).read(KeptAnswer.Place.START, 100, Entries.object())).isFalse();
    }

    @Test
    void aChunkOfAnotherStatementOrInAnothersPlaceIsNotShown() throws IOException {
        List<byte[]> chunks = chunks(row("ann", new byte[0]), 1_000);
        assertThat(new KeptAnswer(CODEC, "s-2", number -> number == 0 ? chunks.getFirst() : null).read(KeptAnswer.Place.START, 100, Entries.object())).isFalse();
        assertThat(new KeptAnswer(CODEC, "s-1", number -> chunks.getFirst()).read(new KeptAnswer.Place(1, 0), 100, Entries.object())).isFalse();
    }
}

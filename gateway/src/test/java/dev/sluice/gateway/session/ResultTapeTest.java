// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.policy.ResultLimit;
import dev.sluice.gateway.wire.testing.WireScript;
import dev.sluice.schemas.chain.HashChain;
import dev.sluice.schemas.event.ResultEvent.ResultRecorded;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ResultTapeTest {
    private static final int ROWS = 60;

    private final List<ResultRecorded> chunks = new ArrayList<>();

    private static Buffer answer() {
        Buffer answer = Buffer.buffer();
        for (int i = 0; i < ROWS; i++) {
            answer.appendBuffer(WireScript.message("B DataRow 2 '" + "x".repeat(i) + "' NULL"));
        }
        return answer.appendBuffer(WireScript.message("B CommandComplete \"SELECT 60\""));
    }

    private ResultTape tape(ResultLimit limit) {
        chunks.clear();
        return new ResultTape("s-1", limit, 128, null, chunks::add);
    }

    private byte[] kept() {
        Buffer bytes = Buffer.buffer();
        chunks.forEach(chunk -> bytes.appendBytes(Base64.getDecoder().decode(chunk.data())));
        return bytes.getBytes();
    }

    /** One byte at a time, as a whole, and at random splits. */
    private void everyWay(ResultLimit limit, Runnable check) {
        Buffer answer = answer();
        for (int seed = 0; seed < 50; seed++) {
            var random = new SplittableRandom(seed);
            ResultTape tape = tape(limit);
            for (int at = 0; at < answer.length(); ) {
                int end = seed == 0 ? answer.length() : seed == 1 ? at + 1 : Math.min(answer.length(), at + 1 + random.nextInt(200));
                tape.take(answer.slice(at, end));
                at = end;
            }
            tape.finish();
            assertThat(tape.summary().digest()).isEqualTo(HashChain.hash(kept()));
            assertThat(tape.summary().chunks()).isEqualTo(chunks.size());
            assertThat(chunks).allSatisfy(chunk -> assertThat(Base64.getDecoder().decode(chunk.data()).length).isLessThanOrEqualTo(128));
            check.run();
        }
    }

    @Test
    void allOfItIsTheAnswer() {
        everyWay(ResultLimit.ALL, () -> {
            assertThat(kept()).isEqualTo(answer().getBytes());
            assertThat(chunks.stream().mapToLong(ResultRecorded::rows).sum()).isEqualTo(ROWS);
            assertThat(chunks.stream().filter(ResultRecorded::last)).containsExactly(chunks.getLast());
        });
    }

    @Test
    void theFirstRowsAreAndTheEnd() {
        everyWay(new ResultLimit(3, 0), () -> {
            assertThat(chunks.stream().mapToLong(ResultRecorded::rows).sum()).isEqualTo(3);
            assertThat(kept()).isEqualTo(Buffer.buffer()
                    .appendBuffer(WireScript.message("B DataRow 2 '' NULL"))
                    .appendBuffer(WireScript.message("B DataRow 2 'x' NULL"))
                    .appendBuffer(WireScript.message("B DataRow 2 'xx' NULL"))
                    .appendBuffer(WireScript.message("B CommandComplete \"SELECT 60\""))
                    .getBytes());
        });
    }

    @Test
    void bytesEndWithTheRowThatReachesThem() {
        everyWay(new ResultLimit(0, 40), () -> assertThat(chunks.stream().mapToLong(ResultRecorded::rows).sum()).isEqualTo(3));
    }

    @Test
    void eachChunkProvesAllBeforeIt() {
        ResultTape tape = tape(ResultLimit.ALL);
        tape.take(answer());
        tape.finish();
        Buffer before = Buffer.buffer();
        for (ResultRecorded chunk : chunks) {
            before.appendBytes(Base64.getDecoder().decode(chunk.data()));
            assertThat(chunk.digest()).isEqualTo(HashChain.hash(before.getBytes()));
        }
        assertThat(tape.summary().whole()).isTrue();
    }
}

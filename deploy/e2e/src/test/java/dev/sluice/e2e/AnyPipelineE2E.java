// SPDX-License-Identifier: Apache-2.0
package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever a client sends, in one piece or in many, it is told the same as by PostgreSQL itself. */
@ExtendWith(Servers.class)
class AnyPipelineE2E {
    /** Set to compare more of them than fits into every build. */
    private static final int PIPELINES = Integer.getInteger("sluice.e2e.pipelines", 150);
    private static final Duration ENOUGH = Duration.ofSeconds(40).multipliedBy(Math.max(1, PIPELINES / 150));
    /** Set to a seed that a failure has named, to see it again. */
    private static final String SEED = "sluice.e2e.seed";

    @ParameterizedTest
    @EnumSource(Guard.class)
    void anyPipelineGivesTheSameBytes(Guard guard) throws IOException {
        Servers.through(guard);
        long first = Long.getLong(SEED, System.nanoTime());
        int pipelines = System.getProperty(SEED) == null ? PIPELINES : 1;
        long begun = System.nanoTime();
        int played = 0;
        List<String> differences = new ArrayList<>();
        while (played < pipelines && differences.size() < 5 && System.nanoTime() - begun < ENOUGH.toNanos()) {
            long seed = first + played++;
            List<byte[]> frames = RandomPipeline.frames(seed);
            Answers direct = play(frames, seed, Servers.direct());
            Answers through;
            try {
                through = play(frames, seed, Servers.through(guard));
            } catch (SocketTimeoutException silent) {
                differences.add("-D" + SEED + "=" + seed + " of " + frames.size() + " messages: an answer is missing" + sent(frames));
                continue;
            }
            if (!direct.sameAs(through)) {
                differences.add("-D" + SEED + "=" + seed + " of " + frames.size() + " messages: " + direct.difference(through)
                        + sent(frames));
            }
        }
        System.out.printf("%s: %d pipelines compared, seeds from %d%n", guard, played, first);
        assertThat(differences).as("differences").isEmpty();
        assertThat(played).as("pipelines compared within " + ENOUGH).isGreaterThanOrEqualTo(Math.min(pipelines, PIPELINES / 5));
    }

    private static Answers play(List<byte[]> frames, long seed, int port) throws IOException {
        Servers.execute(Servers.DATABASE, "DROP SCHEMA IF EXISTS public CASCADE; CREATE SCHEMA public; CREATE TABLE t (a int NOT NULL, b text)");
        try (var client = new WireClient(port)) {
            Thread sender = Thread.ofVirtual().start(() -> send(Frames.join(frames), new Random(seed), client));
            boolean ended = false;
            while (!ended) {
                byte[] message = client.readUntil(any -> any[0] == 'Z' || Answers.isRowWith(any, RandomPipeline.END));
                ended = message[0] != 'Z';
            }
            client.readUntil(message -> message[0] == 'Z');
            sender.interrupt();
            client.terminate();
            return client.take().comparable();
        }
    }

    /** In pieces that end anywhere. */
    private static void send(byte[] bytes, Random random, WireClient client) {
        int sent = 0;
        try {
            while (sent < bytes.length) {
                int piece = Math.min(bytes.length - sent, random.nextInt(3) == 0 ? 1 + random.nextInt(30) : 1 + random.nextInt(4_000));
                client.send(Arrays.copyOfRange(bytes, sent, sent + piece));
                sent += piece;
            }
        } catch (SocketException closed) {
            // The reader sees the end and what came before it.
            return;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static String sent(List<byte[]> frames) {
        var text = new StringBuilder("  sent:\n");
        frames.forEach(frame -> text.append("     ").append(Answers.shown(frame)).append('\n'));
        return text.toString();
    }
}

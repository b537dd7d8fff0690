// SPDX-License-Identifier: Apache-2.0
package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.LongFunction;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Whatever a client sends, in one piece or in many, it is told the same as by PostgreSQL itself; and what is denied is refused as PostgreSQL refuses what
 * it cannot read: in its place, with all that follows from it for the pipeline and the transaction.
 */
@ExtendWith(Servers.class)
class AnyPipelineE2E {
    /** Set to compare more of them than fits into every build. */
    private static final int PIPELINES = Integer.getInteger("sluice.e2e.pipelines", 100);
    private static final Duration ENOUGH = Duration.ofSeconds(40).multipliedBy(Math.max(1, PIPELINES / 100));
    /** Set to a seed that a failure has named, to see it again. */
    private static final String SEED = "sluice.e2e.seed";
    /**
     * PostgreSQL 18 stumbles itself, now and then at different statements: over a Query within a pipeline that has run something, then a Sync, then any
     * statement. Such pipelines are not compared.
     */
    private static final String STUMBLE = "MStartTransactionCommand: unexpected state STARTED\0";
    /** Of every so many pipelines one may be such a one. */
    private static final int STUMBLES = 10;
    /** Stands in place of an ErrorResponse; without fields. */
    private static final byte[] DENIAL = {'E', 0, 0, 0, 5, 0};

    @ParameterizedTest
    @EnumSource(Guard.class)
    void anyPipelineGivesTheSameBytes(Guard guard) throws IOException {
        compare(guard, RandomPipeline::frames, RandomPipeline::frames, UnaryOperator.identity(), guard.name());
    }

    /** Every byte but those of the denial itself: its SQLSTATE and words are the policy's, and PostgreSQL's are those of a syntax error. */
    @Test
    void anyPipelineWithDenialsGivesTheSameBytes() throws IOException {
        int denied = compare(Guard.ENFORCING, RandomPipeline::framesWithErrorsForDenials, RandomPipeline::framesWithDenials, AnyPipelineE2E::withDenialsAlike, "with denials");
        assertThat(denied).as("denials").isGreaterThanOrEqualTo(System.getProperty(SEED) == null ? 1 : 0);
    }

    /** Returns how many denials there were. */
    private static int compare(Guard guard, LongFunction<List<byte[]>> forServer, LongFunction<List<byte[]>> forGateway, UnaryOperator<Answers> alike, String name) throws IOException {
        Servers.through(guard);
        long first = Long.getLong(SEED, System.nanoTime());
        int pipelines = System.getProperty(SEED) == null ? PIPELINES : 1;
        long begun = System.nanoTime();
        int played = 0;
        int denied = 0;
        int stumbled = 0;
        List<String> differences = new ArrayList<>();
        while (played < pipelines && differences.size() < 5 && System.nanoTime() - begun < ENOUGH.toNanos()) {
            long seed = first + played++;
            List<byte[]> frames = forGateway.apply(seed);
            Answers direct = alike.apply(play(forServer.apply(seed), seed, Servers.direct()));
            Answers through;
            try {
                through = alike.apply(play(frames, seed, Servers.through(guard)));
            } catch (SocketTimeoutException silent) {
                differences.add("-D" + SEED + "=" + seed + " of " + frames.size() + " messages: an answer is missing" + sent(frames));
                continue;
            }
            denied += (int) through.messages().stream().filter(message -> Arrays.equals(message, DENIAL)).count();
            if (stumbles(direct) || stumbles(through)) {
                stumbled++;
            } else if (!direct.sameAs(through)) {
                differences.add("-D" + SEED + "=" + seed + " of " + frames.size() + " messages: " + direct.difference(through)
                        + sent(frames));
            }
        }
        System.out.printf("%s: %d pipelines compared, %d denials, seeds from %d; PostgreSQL stumbled in %d more%n", name, played - stumbled, denied, first, stumbled);
        assertThat(differences).as("differences").isEmpty();
        assertThat(played).as("pipelines compared within " + ENOUGH).isGreaterThanOrEqualTo(Math.min(pipelines, PIPELINES / 5));
        assertThat(stumbled).as("pipelines not compared").isLessThanOrEqualTo(1 + played / STUMBLES);
        return denied;
    }

    private static boolean stumbles(Answers answers) {
        return answers.messages().stream().anyMatch(message -> message[0] == 'E' && new String(message, StandardCharsets.UTF_8).contains(STUMBLE));
    }

    private static Answers withDenialsAlike(Answers answers) {
        return new Answers(answers.messages().stream().map(message -> isDenial(message) ? DENIAL : message).toList());
    }

    private static boolean isDenial(byte[] message) {
        String text = new String(message, StandardCharsets.UTF_8);
        return message[0] == 'E'
                && text.contains("SERROR\0")
                && (text.contains("C42501\0") && text.contains("nobody-asks-for-pi") || text.contains("C42601\0") && (text.contains("at or near \")\"") || text.contains("at or near \"pi\"")));
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

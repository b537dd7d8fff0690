// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.wire.testing;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * One way to cut a stream into chunks. The network may cut anywhere, so whatever is claimed of a stream must hold for all of {@link #all}.
 *
 * @param name tells the way apart, and for a random one says how to repeat it
 */
public record Chunking(String name, List<Buffer> chunks) {
    private static final int RANDOM_WAYS = 20;

    /** Whole, one byte at a time, in halves of every size up to a bound, and at random places. */
    public static List<Chunking> all(Buffer stream) {
        List<Chunking> ways = new ArrayList<>();
        ways.add(new Chunking("whole", List.of(stream.copy())));
        ways.add(new Chunking("one byte at a time", cut(stream, new Random(0), 1)));
        for (int at = 1; at < Math.min(stream.length(), 64); at++) {
            ways.add(new Chunking("in two at " + at, List.of(stream.getBuffer(0, at), stream.getBuffer(at, stream.length()))));
        }
        for (long seed = 1; seed <= RANDOM_WAYS; seed++) {
            ways.add(random(stream, seed));
        }
        return ways;
    }

    /** At random places; the same for the same seed. */
    public static Chunking random(Buffer stream, long seed) {
        Random random = new Random(seed);
        int longest = 1 + random.nextInt(Math.max(1, Math.min(stream.length(), 1 << random.nextInt(1, 14))));
        return new Chunking("at random places, seed " + seed, cut(stream, random, longest));
    }

    /** At random places, in chunks of up to {@code longest} bytes; the same for the same seed. */
    public static Chunking random(Buffer stream, long seed, int longest) {
        return new Chunking("at random places up to " + longest + ", seed " + seed, cut(stream, new Random(seed), longest));
    }

    private static List<Buffer> cut(Buffer stream, Random random, int longest) {
        List<Buffer> chunks = new ArrayList<>();
        int position = 0;
        while (position < stream.length()) {
            int end = Math.min(stream.length(), position + 1 + random.nextInt(longest));
            chunks.add(stream.getBuffer(position, end));
            position = end;
        }
        return chunks;
    }

    @Override
    public String toString() {
        return name;
    }
}

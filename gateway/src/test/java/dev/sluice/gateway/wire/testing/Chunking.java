// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.wire.testing;

import io.vertx.core.buffer.Buffer;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * One way to cut a stream into chunks. The network may cut anywhere, so whatever is claimed of a stream must hold for all of {@link #all}.
 *
 * @param name tells the way apart, and for a random one says how to repeat it
 */
public record Chunking(String name, List<Buffer> chunks) {
    private static final int FIXED_WAYS = 2;
    private static final int RANDOM_WAYS = 20;

    /** Whole, one byte at a time, at random places, and in two at every place; each is cut when it is asked for. */
    public static List<Chunking> all(Buffer stream) {
        return new AbstractList<>() {
            @Override
            public Chunking get(int index) {
                return way(stream, index);
            }

            @Override
            public int size() {
                return FIXED_WAYS + RANDOM_WAYS + Math.max(0, stream.length() - 1);
            }
        };
    }

    /** Those of {@link #all} whose number does not grow with the stream: for one that is too long to be read as often as it has bytes. */
    public static List<Chunking> some(Buffer stream) {
        return all(stream).subList(0, FIXED_WAYS + RANDOM_WAYS);
    }

    private static Chunking way(Buffer stream, int index) {
        return switch (index) {
            case 0 -> new Chunking("whole", List.of(stream.copy()));
            case 1 -> new Chunking("one byte at a time", cut(stream, new Random(0), 1));
            default -> index < FIXED_WAYS + RANDOM_WAYS ? random(stream, index - FIXED_WAYS + 1) : inTwo(stream, index - FIXED_WAYS - RANDOM_WAYS + 1);
        };
    }

    private static Chunking inTwo(Buffer stream, int at) {
        return new Chunking("in two at " + at, List.of(stream.getBuffer(0, at), stream.getBuffer(at, stream.length())));
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

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.bench;

import dev.sluice.gateway.detection.Column;
import dev.sluice.gateway.detection.Detector;
import dev.sluice.gateway.detection.DetectorKind;
import dev.sluice.gateway.detection.RowSearch;
import dev.sluice.gateway.detection.Tally;
import io.vertx.core.buffer.Buffer;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.UUID;
import java.util.function.Function;

/**
 * How fast content detectors search rows in which there is nothing to find, in processor time of one thread, so that other work on the machine does
 * not count. Each figure is the median of nine rounds of about 100 MB after a warm-up.
 */
public final class DetectorSpeed {
    private static final int ROUNDS = 9;
    private static final long BYTES_PER_ROUND = 96L << 20;
    private static final int TEXT = 25;
    private static final String[] WORDS =
            "the order was shipped to our warehouse and returned because of a damaged box while somebody asked about the delivery window last week".split(" ", -1);

    private DetectorSpeed() {}

    /** Prints one line per kind of text. */
    public static void main(String[] arguments) {
        System.out.printf("%d processors, %s%n", Runtime.getRuntime().availableProcessors(), System.getProperty("java.vm.version"));
        measure("prose, 10 values of 200 bytes a row", 10, random -> prose(random, 200));
        measure("prose, 1 value of 20,000 bytes a row", 1, random -> prose(random, 20_000));
        measure("lines of logs, 10 values a row", 10, DetectorSpeed::log);
        measure("json documents, 5 values a row", 5, DetectorSpeed::document);
        measure("numbers and identifiers, 10 values a row", 10, DetectorSpeed::identifier);
    }

    private static void measure(String name, int columns, Function<Random, String> value) {
        Buffer rows = rows(columns, value);
        Tally tally = new Tally();
        List<Detector> detectors = DetectorKind.builtIn().stream().map(kind -> Detector.builtIn(kind, Detector.Action.MASK)).toList();
        List<Column> described = Collections.nCopies(columns, Column.of("c", TEXT, 0));
        var search = new RowSearch(detectors, described, tally, 1 << 24);
        var threads = ManagementFactory.getThreadMXBean();
        double[] rates = new double[ROUNDS + 3];
        for (int round = 0; round < rates.length; round++) {
            long before = threads.getCurrentThreadCpuTime();
            long bytes = 0;
            while (bytes < BYTES_PER_ROUND) {
                bytes += search.feed(rows).length();
            }
            rates[round] = bytes * 1e3 / (threads.getCurrentThreadCpuTime() - before);
        }
        double[] measured = Arrays.copyOfRange(rates, 3, rates.length);
        Arrays.sort(measured);
        System.out.printf(Locale.ROOT, "%-45s %6.0f MB/s (%.0f to %.0f), %d found%n",
                name, measured[ROUNDS / 2], measured[0], measured[ROUNDS - 1], tally.counts().stream().mapToLong(Tally.Count::count).sum());
    }

    private static Buffer rows(int columns, Function<Random, String> value) {
        var random = new Random(1);
        Buffer rows = Buffer.buffer();
        while (rows.length() < 60_000) {
            Buffer row = Buffer.buffer().appendByte((byte) 'D').appendInt(0).appendShort((short) columns);
            for (int column = 0; column < columns; column++) {
                byte[] bytes = value.apply(random).getBytes(StandardCharsets.UTF_8);
                row.appendInt(bytes.length).appendBytes(bytes);
            }
            rows.appendBuffer(row.setInt(1, row.length() - 1));
        }
        return rows;
    }

    private static String prose(Random random, int length) {
        var text = new StringBuilder();
        while (text.length() < length) {
            text.append(WORDS[random.nextInt(WORDS.length)]).append(random.nextInt(12) == 0 ? ". " : " ");
        }
        return text.toString();
    }

    private static String log(Random random) {
        return "2025-%02d-%02d %02d:%02d:%02d.%03d INFO  [worker-%d] d.s.shop.Orders order %d took %d ms for %s".formatted(
                1 + random.nextInt(12), 1 + random.nextInt(28), random.nextInt(24), random.nextInt(60), random.nextInt(60), random.nextInt(1000), random.nextInt(16),
                random.nextInt(1_000_000), random.nextInt(5_000), prose(random, 40));
    }

    private static String document(Random random) {
        return "{\"id\": %d, \"sku\": \"A-%05d\", \"price\": %d.%02d, \"created\": \"2025-03-%02dT10:%02d:00Z\", \"tags\": [\"%s\", \"%s\"], \"note\": \"%s\"}".formatted(
                random.nextInt(1_000_000), random.nextInt(100_000), random.nextInt(1000), random.nextInt(100), 1 + random.nextInt(28), random.nextInt(60),
                WORDS[random.nextInt(WORDS.length)], WORDS[random.nextInt(WORDS.length)], prose(random, 60));
    }

    private static String identifier(Random random) {
        return switch (random.nextInt(3)) {
            case 0 -> Integer.toString(random.nextInt(1_000_000_000));
            case 1 -> new UUID(random.nextLong(), random.nextLong()).toString();
            default -> "%d.%02d".formatted(random.nextInt(100_000), random.nextInt(100));
        };
    }
}

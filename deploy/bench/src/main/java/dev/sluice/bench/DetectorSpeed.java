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
import java.util.Base64;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * How fast content detectors search rows in which there is nothing to find, in processor time of one thread, so that other work on the machine does
 * not count. Each figure is the median of nine rounds of 24 MB after a warm-up.
 */
public final class DetectorSpeed {
    private static final int ROUNDS = 9;
    private static final long BYTES_PER_ROUND = 24L << 20;
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
        measure("identifiers (UUID), 10 values a row", 10, DetectorSpeed::uuid);
        measure("times, 10 values a row", 10, DetectorSpeed::time);
        measure("numbers in CSV, 5 values of 300 bytes a row", 5, DetectorSpeed::numbers);
        measure("hexadecimal and Base64, 5 values a row", 5, DetectorSpeed::encoded);
        measure("settings and source code, 5 values of 550 bytes a row", 5, DetectorSpeed::settings);
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
        System.out.printf(Locale.ROOT, "%-52s %6.0f MB/s (%.0f to %.0f), %d found%n",
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
                word(random), word(random), prose(random, 60));
    }

    private static String identifier(Random random) {
        return switch (random.nextInt(3)) {
            case 0 -> Integer.toString(random.nextInt(1_000_000_000));
            case 1 -> uuid(random);
            default -> "%d.%02d".formatted(random.nextInt(100_000), random.nextInt(100));
        };
    }

    private static String uuid(Random random) {
        return new UUID(random.nextLong(), random.nextLong()).toString();
    }

    private static String time(Random random) {
        return "2025-%02d-%02d %02d:%02d:%02d.%06d+02".formatted(
                1 + random.nextInt(12), 1 + random.nextInt(28), random.nextInt(24), random.nextInt(60), random.nextInt(60), random.nextInt(1_000_000));
    }

    private static String numbers(Random random) {
        return IntStream.range(0, 60).mapToObj(each -> Integer.toString(random.nextInt(1_000_000) >>> random.nextInt(18))).collect(Collectors.joining(","));
    }

    private static String encoded(Random random) {
        byte[] bytes = new byte[120];
        random.nextBytes(bytes);
        return random.nextBoolean() ? HexFormat.of().formatHex(bytes) : Base64.getEncoder().encodeToString(bytes);
    }

    private static String settings(Random random) {
        return IntStream.range(0, 8)
                .mapToObj(each -> "%s_%s = %d; if (%s.%s(%d) == \"%s\") { return this.%s + %d; }".formatted(
                        word(random), word(random), random.nextInt(1000), word(random), word(random), random.nextInt(10), word(random), word(random), random.nextInt(100)))
                .collect(Collectors.joining("\n"));
    }

    private static String word(Random random) {
        return WORDS[random.nextInt(WORDS.length)];
    }
}

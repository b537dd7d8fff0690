// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.metrics;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * Every metric of one gateway. Asking twice for the same name and labels gives the same counter, so callers need not keep them, though
 * hot paths should. Text exposition format 0.0.4 of Prometheus.
 */
public final class Metrics {
    /** Series of one metric; later ones are added up under {@code other}, so that labels that clients choose cannot fill the memory. */
    static final int MAX_SERIES = 1_000;

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]*");

    private enum Type { COUNTER, GAUGE, HISTOGRAM }

    private record Family(Type type, String help, Map<Labels, Series> series) {}

    private final ConcurrentSkipListMap<String, Family> families = new ConcurrentSkipListMap<>();

    /**
     * A counter, made at the first call.
     *
     * @param name ends in {@code _total}
     * @param help one sentence, the same for every series of the name
     * @param labels names and values in turn
     */
    public Counter counter(String name, String help, String... labels) {
        if (!name.endsWith("_total")) {
            throw new IllegalArgumentException("a counter's name ends in _total: " + name);
        }
        return series(name, help, Type.COUNTER, Counter.class, Counter::new, labels);
    }

    /**
     * A histogram, made at the first call.
     *
     * @param name ends in its unit, such as {@code _seconds}
     * @param bounds upper bounds of the buckets, growing; the last one, infinity, is added
     */
    public Histogram histogram(String name, String help, double[] bounds, String... labels) {
        return series(name, help, Type.HISTOGRAM, Histogram.class, () -> new Histogram(bounds), labels);
    }

    /** A value that is asked for whenever somebody looks. The supplier must not wait and may be called by any thread. */
    public void gauge(String name, String help, DoubleSupplier value, String... labels) {
        Series gauge = (family, at, text) -> Series.line(text, family, at, Series.number(value.getAsDouble()));
        family(name, help, Type.GAUGE).series().put(new Labels(List.of(labels)), gauge);
    }

    /** Everything, sorted by name. */
    public String text() {
        StringBuilder text = new StringBuilder(4_096);
        families.forEach((name, family) -> {
            text.append("# HELP ").append(name).append(' ').append(family.help().replace("\\", "\\\\").replace("\n", "\\n")).append('\n');
            text.append("# TYPE ").append(name).append(' ').append(family.type().name().toLowerCase(Locale.ROOT)).append('\n');
            family.series().forEach((labels, series) -> series.write(name, labels, text));
        });
        return text.toString();
    }

    private <S extends Series> S series(String name, String help, Type type, Class<S> kind, Supplier<S> maker, String... labels) {
        Map<Labels, Series> series = family(name, help, type).series();
        Labels key = new Labels(List.of(labels));
        Series existing = series.get(key);
        if (existing == null) {
            Labels place = series.size() < MAX_SERIES ? key : key.asOther();
            existing = series.computeIfAbsent(place, missing -> maker.get());
        }
        return kind.cast(existing);
    }

    private Family family(String name, String help, Type type) {
        Family family = families.computeIfAbsent(name, missing -> {
            if (!NAME.matcher(name).matches()) {
                throw new IllegalArgumentException("no name for a metric: " + name);
            }
            return new Family(type, help, new ConcurrentHashMap<>());
        });
        if (family.type() != type || !family.help().equals(help)) {
            throw new IllegalArgumentException(name + " is there already, as " + family.type() + " with the help: " + family.help());
        }
        return family;
    }
}

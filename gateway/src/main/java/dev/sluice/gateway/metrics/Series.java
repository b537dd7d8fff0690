// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.metrics;

import java.util.Locale;

/** One line or group of lines of the exposition, for one combination of labels. */
interface Series {
    void write(String name, Labels labels, StringBuilder text);

    static void line(StringBuilder text, String name, Labels labels, String value) {
        text.append(name).append(labels).append(' ').append(value).append('\n');
    }

    /** A number as Prometheus reads it. */
    static String number(double value) {
        if (Double.isNaN(value)) {
            return "NaN";
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "+Inf" : "-Inf";
        }
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? String.format(Locale.ROOT, "%d", (long) value)
                : Double.toString(value);
    }
}

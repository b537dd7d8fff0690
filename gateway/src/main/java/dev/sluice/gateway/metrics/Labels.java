// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.metrics;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Names and values that tell the series of one metric apart, in the order given. */
record Labels(List<String> namesAndValues) {
    static final String OTHER = "other";
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]*");

    Labels {
        namesAndValues = List.copyOf(namesAndValues);
        if (namesAndValues.size() % 2 != 0) {
            throw new IllegalArgumentException("a label lacks its value: " + namesAndValues);
        }
        for (int i = 0; i < namesAndValues.size(); i += 2) {
            if (!NAME.matcher(namesAndValues.get(i)).matches()) {
                throw new IllegalArgumentException("no name for a label: " + namesAndValues.get(i));
            }
        }
    }

    Labels and(String name, String value) {
        List<String> more = new ArrayList<>(namesAndValues);
        more.add(name);
        more.add(value);
        return new Labels(more);
    }

    /** The same names, with one value for all that have no place of their own. */
    Labels asOther() {
        List<String> other = new ArrayList<>(namesAndValues);
        for (int i = 1; i < other.size(); i += 2) {
            other.set(i, OTHER);
        }
        return new Labels(other);
    }

    /** {@code {name="value",…}}, or nothing. */
    @Override
    public String toString() {
        if (namesAndValues.isEmpty()) {
            return "";
        }
        StringBuilder text = new StringBuilder("{");
        for (int i = 0; i < namesAndValues.size(); i += 2) {
            text.append(i == 0 ? "" : ",").append(namesAndValues.get(i)).append("=\"").append(escape(namesAndValues.get(i + 1))).append('"');
        }
        return text.append('}').toString();
    }

    private static String escape(String value) {
        return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }
}

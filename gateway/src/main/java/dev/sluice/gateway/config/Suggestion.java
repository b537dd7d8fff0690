// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.TreeSet;

/** The way out of a misspelt name. */
public final class Suggestion {
    /** A longer name is no misspelling, and comparing it would cost time. */
    private static final int MAX_LENGTH = 100;

    private Suggestion() {}

    /** {@code "; did you mean 'x'?"} where a known name is near, otherwise the known names. */
    public static String among(Collection<String> known, String name) {
        String near = near(known, name);
        return near.isEmpty() ? "; known are " + String.join(", ", new TreeSet<>(known)) : near;
    }

    /** {@code "; did you mean 'x'?"} where a known name is near, otherwise nothing. */
    public static String near(Collection<String> known, String name) {
        return known.stream()
                .filter(candidate -> name.length() <= MAX_LENGTH)
                .filter(candidate -> distance(candidate, name) <= Math.max(1, Math.min(3, name.length() / 3)))
                .min(Comparator.<String>comparingInt(candidate -> distance(candidate, name)).thenComparing(Comparator.naturalOrder()))
                .map(nearest -> "; did you mean '" + nearest + "'?")
                .orElse("");
    }

    /** How many letters must be put in, left out, replaced or swapped with their neighbour, letter case aside. */
    private static int distance(String left, String right) {
        String a = left.toLowerCase(Locale.ROOT);
        String b = right.toLowerCase(Locale.ROOT);
        int[][] cost = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                cost[i][j] = i == 0 || j == 0 ? i + j : step(cost, a, b, i, j);
            }
        }
        return cost[a.length()][b.length()];
    }

    private static int step(int[][] cost, String a, String b, int i, int j) {
        int replaced = cost[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        int least = Math.min(replaced, Math.min(cost[i - 1][j], cost[i][j - 1]) + 1);
        boolean swapped = i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
        return swapped ? Math.min(least, cost[i - 2][j - 2] + 1) : least;
    }
}

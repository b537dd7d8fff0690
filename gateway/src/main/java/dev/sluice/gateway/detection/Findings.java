// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.detection;

import java.util.Arrays;

/** What was found in one window: places and which detector, in reused arrays. */
final class Findings {
    private int[] entries = new int[48];
    private int size;

    void clear() {
        size = 0;
    }

    int size() {
        return size;
    }

    void add(int detector, int start, int end) {
        if (3 * size == entries.length) {
            entries = Arrays.copyOf(entries, 2 * entries.length);
        }
        entries[3 * size] = detector;
        entries[3 * size + 1] = start;
        entries[3 * size + 2] = end;
        size++;
    }

    /** By place, for findings of several passes. There are few. */
    void sort() {
        for (int i = 1; i < size; i++) {
            for (int j = i; j > 0 && start(j) < start(j - 1); j--) {
                for (int k = 0; k < 3; k++) {
                    int other = entries[3 * j + k];
                    entries[3 * j + k] = entries[3 * j - 3 + k];
                    entries[3 * j - 3 + k] = other;
                }
            }
        }
    }

    int detector(int index) {
        return entries[3 * index];
    }

    int start(int index) {
        return entries[3 * index + 1];
    }

    int end(int index) {
        return entries[3 * index + 2];
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.detection;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What was found in one statement's answer, without the values. */
public final class Tally {
    /** More different places than this are counted as one without a column. */
    private static final int MAX_ENTRIES = 200;

    /**
     * How often one detector found something in one column.
     *
     * @param column its name in the result; empty where there is none
     */
    public record Count(Detector detector, String column, long count) {}

    private final List<Count> counts = new ArrayList<>();
    private @Nullable Count denied;

    void add(Detector detector, String column) {
        String place = counts.size() < MAX_ENTRIES ? column : "";
        int index = indexOf(detector, place);
        if (index < 0) {
            counts.add(new Count(detector, place, 1));
        } else {
            counts.set(index, new Count(detector, place, counts.get(index).count() + 1));
        }
        if (detector.action() == Detector.Action.DENY && denied == null) {
            denied = new Count(detector, column, 1);
        }
    }

    private int indexOf(Detector detector, String column) {
        for (int i = 0; i < counts.size(); i++) {
            if (counts.get(i).detector().equals(detector) && counts.get(i).column().equals(column)) {
                return i;
            }
        }
        return -1;
    }

    /** Each detector and column with how often. */
    public List<Count> counts() {
        return List.copyOf(counts);
    }

    /** The first match whose detector denies; null if there was none. */
    public @Nullable Count denied() {
        return denied;
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.detection;

import dev.sluice.gateway.masking.ColumnPattern;
import java.util.List;

/**
 * What is looked for in the answers of one caller.
 *
 * @param exempt columns that are not searched, as far as the server says that a result's column is one of them
 */
public record DetectionRules(List<Detector> detectors, List<ColumnPattern> exempt) {
    /** Nothing is looked for. */
    public static final DetectionRules NONE = new DetectionRules(List.of(), List.of());

    public DetectionRules {
        detectors = List.copyOf(detectors);
        exempt = List.copyOf(exempt);
    }

    /** Whether answers pass as they are. */
    public boolean isEmpty() {
        return detectors.isEmpty();
    }
}

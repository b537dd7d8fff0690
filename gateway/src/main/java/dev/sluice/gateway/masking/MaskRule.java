// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.masking;

import java.util.List;

/**
 * One entry of a policy's masks, for callers whom it concerns.
 *
 * @param name for messages and the record
 * @param mask never {@link Mask.WithinJson}: that comes of a pattern with a path
 */
public record MaskRule(String name, List<ColumnPattern> columns, Mask mask, Uses uses) {
    public MaskRule {
        columns = List.copyOf(columns);
    }
}

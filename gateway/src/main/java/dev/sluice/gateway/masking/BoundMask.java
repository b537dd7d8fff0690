// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.masking;

import dev.sluice.gateway.catalog.ColumnId;

/**
 * The mask of one column.
 *
 * @param name {@code schema.table.column}, for messages
 * @param rule the names of the rules, joined by {@code ", "}
 */
public record BoundMask(ColumnId column, String name, Mask mask, Uses uses, String rule) {}

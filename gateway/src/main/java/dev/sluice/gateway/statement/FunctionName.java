// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.statement;

import org.jspecify.annotations.Nullable;

/**
 * A function as the statement names it. SQL's own spellings ({@code EXTRACT}, {@code SUBSTRING(x FROM 1)}) appear under the
 * {@code pg_catalog} name that the grammar gives them.
 *
 * @param schema absent where the search path decides
 */
public record FunctionName(@Nullable String schema, String name) {
    @Override
    public String toString() {
        return schema == null ? name : schema + "." + name;
    }
}

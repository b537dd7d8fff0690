// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.masking;

import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/** Makes what is shown of a value that is not NULL. Stateless as far as callers can see, but for one thread. */
interface CellMasker {
    /**
     * The bytes to show, in the format of the value, or null for NULL. The array may be shared and is not to be changed.
     *
     * @param source holds the value's bytes; not to be written to
     */
    byte @Nullable [] mask(Buffer source, int offset, int length);

    /** NULL, whatever the value. */
    CellMasker TO_NULL = (source, offset, length) -> null;

    /** The same bytes, whatever the value. */
    static CellMasker constant(byte[] bytes) {
        return (source, offset, length) -> bytes;
    }
}

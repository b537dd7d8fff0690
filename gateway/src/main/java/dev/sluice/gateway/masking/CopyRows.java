// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.masking;

import io.vertx.core.buffer.Buffer;

/** Finds and masks the rows of one format of COPY. */
interface CopyRows {
    /**
     * Where the row ends that starts at {@code start}, or -1 if it has not ended yet. Asked again with the same start and more data, it goes on
     * where it stopped.
     */
    int end(Buffer data, int start);

    /** Appends the row with its masked cells replaced. */
    void mask(Buffer data, int start, int end, Buffer to);
}

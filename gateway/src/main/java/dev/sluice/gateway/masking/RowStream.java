// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.masking;

import io.vertx.core.buffer.Buffer;

/** Masks runs of DataRow messages that are cut wherever the network cut them. For one result and one thread. */
public final class RowStream {
    private final RowMasker masker;
    private final WholeMessages messages;

    RowStream(RowMasker masker, int maxRowBytes) {
        this.masker = masker;
        this.messages = new WholeMessages('D', maxRowBytes);
    }

    /**
     * The rows that this chunk completes, masked; always whole messages, so anything may be written after them.
     *
     * @throws MaskingFailed if a row cannot be masked or is longer than what was allowed; nothing more may be fed then
     */
    public Buffer feed(Buffer chunk) {
        Buffer masked = Buffer.buffer(chunk.length() + 64);
        messages.feed(chunk, (source, offset, length) -> masker.append(source, offset, length, masked));
        return masked;
    }

    /** Whether no part of a row is kept back. */
    public boolean isBetweenRows() {
        return messages.isBetweenMessages();
    }
}

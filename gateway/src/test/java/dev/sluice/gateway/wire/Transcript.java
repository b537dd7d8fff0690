// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.wire;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that a reader makes of a stream, up to the violation that loses the framing. Runs of rows are joined, since where they are cut
 * depends on the chunks.
 *
 * @param messages in order; a violation that the reader survives stands in place of its message
 * @param lost what ended the reading, null when the stream ended first
 */
record Transcript(List<Object> messages, @Nullable String lost) {
    /** A violation within a message whose frame was intact. */
    record Malformed(int tag, SqlState sqlState, String message) {}

    /** Rows or COPY data, joined. */
    record Bulk(boolean rows, int started, boolean endsWhole, Buffer raw) {}

    static Transcript ofFrontend(Iterable<Buffer> chunks, int limit) {
        FrontendReader reader = new FrontendReader(limit);
        return read(chunks, reader::feed, reader::next);
    }

    static Transcript ofBackend(Iterable<Buffer> chunks) {
        BackendReader reader = new BackendReader();
        return read(chunks, reader::feed, reader::next);
    }

    static Transcript ofStartup(Iterable<Buffer> chunks) {
        StartupReader reader = new StartupReader();
        // No packet comes after one that is wrong, whatever is wrong with it.
        return read(chunks, reader::feed, reader::next, true);
    }

    private interface Next {
        @Nullable Object next();
    }

    private interface Feed {
        void feed(Buffer chunk);
    }

    private static Transcript read(Iterable<Buffer> chunks, Feed feed, Next next) {
        return read(chunks, feed, next, false);
    }

    private static Transcript read(Iterable<Buffer> chunks, Feed feed, Next next, boolean endsAtViolation) {
        List<Object> messages = new ArrayList<>();
        for (Buffer chunk : chunks) {
            feed.feed(chunk);
            while (true) {
                try {
                    Object message = next.next();
                    if (message == null) {
                        break;
                    }
                    add(messages, message);
                } catch (ProtocolViolation violation) {
                    if (endsAtViolation || !violation.framingIntact()) {
                        return new Transcript(messages, violation.getMessage());
                    }
                    messages.add(new Malformed(violation.tag(), violation.sqlState(), violation.getMessage()));
                }
            }
        }
        return new Transcript(messages, null);
    }

    private static void add(List<Object> messages, Object message) {
        if (!(message instanceof BackendMessage.Relayed part)) {
            messages.add(message);
            return;
        }
        boolean rows = part instanceof BackendMessage.DataRows;
        Object last = messages.isEmpty() ? "" : messages.getLast();
        if (last instanceof Bulk before && before.rows() == rows) {
            Buffer joined = before.raw().copy().appendBuffer(part.raw());
            messages.set(messages.size() - 1, new Bulk(rows, before.started() + part.started(), part.endsWhole(), joined));
        } else {
            messages.add(new Bulk(rows, part.started(), part.endsWhole(), part.raw().copy()));
        }
    }
}

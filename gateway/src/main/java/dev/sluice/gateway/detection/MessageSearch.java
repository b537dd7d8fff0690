// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.detection;

import io.vertx.core.buffer.Buffer;
import java.util.List;

/** Searches the texts of errors, notices and notifications: null-terminated strings in one message. */
public final class MessageSearch {
    /** Fields of errors and notices that hold no words of the server's: severity, SQLSTATE, positions, and place in PostgreSQL's source. */
    private static final String CODES = "SVCPpFLR";

    private static final int HEADER = 5;

    private final ValueSearch search;

    public MessageSearch(List<Detector> detectors, Tally tally) {
        this.search = new ValueSearch(detectors, tally);
    }

    /** An ErrorResponse or NoticeResponse as it may be shown; the same object if there is nothing to overwrite. */
    public Buffer diagnostic(Buffer message) {
        Buffer shown = message;
        int at = HEADER;
        while (at < message.length() && message.getByte(at) != 0) {
            int end = end(message, at + 1);
            shown = CODES.indexOf(message.getByte(at)) >= 0 ? shown : text(message, at + 1, end, shown);
            at = end + 1;
        }
        return shown;
    }

    /** A NotificationResponse as it may be shown: int32 process, channel, payload. */
    public Buffer notification(Buffer message) {
        int channel = HEADER + 4;
        int payload = end(message, channel) + 1;
        return text(message, payload, end(message, payload), text(message, channel, payload - 1, message));
    }

    private static int end(Buffer message, int from) {
        int at = from;
        while (at < message.length() && message.getByte(at) != 0) {
            at++;
        }
        return Math.min(at, message.length());
    }

    private Buffer text(Buffer message, int start, int end, Buffer shown) {
        Buffer searched = Buffer.buffer();
        if (start < end) {
            search.begin(Form.TEXT, "");
            search.feed(message, start, end - start, searched);
            search.end(searched);
        }
        if (start >= end || searched.equals(message.getBuffer(start, end))) {
            return shown;
        }
        Buffer changed = shown == message ? message.copy() : shown;
        return changed.setBuffer(start, searched);
    }
}

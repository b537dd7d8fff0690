// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.detection;

/** Follows a JSON document from its beginning, only as far as it is asked to, to tell what is within a string. */
final class JsonPlace {
    /** Characters behind the backslash of an escape such as \\u00e9. */
    private static final int UNICODE = 5;

    private int at;
    private boolean string;

    /** At the first byte of a document. */
    void begin(int start) {
        at = start;
        string = false;
    }

    /** The window's bytes have been moved towards its front. */
    void moved(int by) {
        at -= by;
    }

    /** Whether this place is within a string. Places are asked for in order. */
    boolean isInString(Window text, int place) {
        byte[] bytes = text.bytes;
        while (at < place) {
            if (bytes[at] == '"') {
                string = !string;
            } else if (bytes[at] == '\\') {
                at += at + 1 < text.end && bytes[at + 1] == 'u' ? UNICODE : 1;
            }
            at++;
        }
        return string;
    }

    /** The place itself, or if that is within an escape, the first one behind it; {@link #isInString} has been asked for the place. */
    int outOfEscape(int place) {
        return Math.max(place, at);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.detection;

import io.vertx.core.buffer.Buffer;
import java.util.List;

/**
 * Searches CopyData messages as they come, cut anywhere: 'd' | int32 length | bytes. PostgreSQL sends one row in each, and so they come out, with as
 * many bytes. A row of more than 1 MiB is searched as it passes, as one value without a column. For one COPY and one thread.
 */
public final class CopySearch {
    private static final byte COPY_DATA = 'd';
    private static final int HEADER = 5;
    private static final int LONG = 1 << 20;
    private static final byte[] SIGNATURE = {'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xFF, '\r', '\n', 0};
    private static final Column UNNAMED_TEXT = Column.of("", 0, 0);
    private static final Column UNNAMED_BINARY = Column.of("", 0, 1);

    private final List<Column> columns;
    private final CopyLayout layout;
    private final Tally tally;
    private final ValueSearch search;
    private final int longest;

    private Buffer begun = Buffer.buffer();
    /** Bytes of a long row that are still to come; its beginning has been given. */
    private long passing;
    private Buffer out = Buffer.buffer();
    private boolean stopped;

    /**
     * @param columns that COPY sends; empty where they are not known
     * @param maxHeldBytes of a row that is held back until all of it has been searched, where a detector denies
     */
    public CopySearch(List<Detector> detectors, List<Column> columns, CopyLayout layout, Tally tally, int maxHeldBytes) {
        this.columns = List.copyOf(columns);
        this.layout = layout;
        this.tally = tally;
        this.search = new ValueSearch(detectors, tally);
        boolean denies = detectors.stream().anyMatch(detector -> detector.action() == Detector.Action.DENY);
        this.longest = denies ? Math.max(LONG, maxHeldBytes) : LONG;
    }

    /** Whether a detector has denied: no more is to be fed, and what was given ends with a whole message. */
    public boolean hasDenied() {
        return stopped;
    }

    /** Whether what has been given so far ends where a message ends. */
    public boolean endsWhole() {
        return passing == 0;
    }

    /** Whether all that was fed has been given, and ends with a whole message. */
    public boolean isBetweenRows() {
        return begun.length() == 0 && passing == 0;
    }

    /**
     * What can be given now.
     *
     * @param chunk a run of CopyData messages, cut anywhere
     * @throws SearchFailed if they are not laid out as such
     */
    public Buffer feed(Buffer chunk) {
        out = Buffer.buffer(chunk.length());
        int at = 0;
        while (at < chunk.length() && !stopped) {
            at = passing > 0 ? pass(chunk, at) : begun.length() > 0 ? complete(chunk, at) : begin(chunk, at);
        }
        return out;
    }

    private int begin(Buffer chunk, int at) {
        int there = chunk.length() - at;
        if (there < HEADER || there < length(chunk, at)) {
            begun.appendBuffer(chunk, at, Math.min(there, HEADER));
            return at + Math.min(there, HEADER);
        }
        int length = (int) length(chunk, at);
        row(chunk, at, at + length);
        return at + length;
    }

    private static long length(Buffer source, int at) {
        long length = source.getUnsignedInt(at + 1) + 1;
        if (source.getByte(at) != COPY_DATA || length < HEADER) {
            throw new SearchFailed("the server sent something else between rows of COPY");
        }
        return length;
    }

    private int complete(Buffer chunk, int at) {
        long wanted = begun.length() < HEADER ? HEADER : length(begun, 0);
        if (begun.length() >= HEADER && wanted > longest) {
            out.appendBuffer(begun);
            passing = wanted - begun.length();
            begun = Buffer.buffer();
            search.begin(layout.binary() ? Form.OPAQUE : Form.NESTED_JSON, "");
            return at;
        }
        int taken = (int) Math.min(wanted - begun.length(), chunk.length() - at);
        begun.appendBuffer(chunk, at, taken);
        if (begun.length() >= HEADER && begun.length() == length(begun, 0)) {
            Buffer whole = begun;
            begun = Buffer.buffer();
            row(whole, 0, whole.length());
        }
        return at + taken;
    }

    private int pass(Buffer chunk, int at) {
        int taken = (int) Math.min(passing, chunk.length() - at);
        search.feed(chunk, at, taken, out);
        passing -= taken;
        if (passing == 0) {
            search.end(out);
            stopped = tally.denied() != null;
        }
        return at + taken;
    }

    /** One message, with what it holds of rows. */
    private void row(Buffer source, int start, int end) {
        int before = out.length();
        out.appendBuffer(source, start, HEADER);
        if (layout.binary()) {
            tuple(source, start + HEADER, end);
        } else {
            line(source, start + HEADER, end);
        }
        if (tally.denied() != null) {
            out = out.getBuffer(0, before);
            stopped = true;
        }
    }

    private void line(Buffer source, int start, int end) {
        int at = start;
        for (int column = 0; at < end; column++) {
            int next = fieldEnd(source, at, end);
            field(source, at, next, column < columns.size() ? columns.get(column) : UNNAMED_TEXT);
            if (next < end) {
                out.appendByte(source.getByte(next));
            }
            at = next + 1;
        }
    }

    private int fieldEnd(Buffer source, int start, int end) {
        boolean quoted = false;
        int at = start;
        while (at < end && layout.delimiter() != 0) {
            byte next = source.getByte(at);
            if (layout.quote() == 0 ? next == '\\' : quoted && next == layout.escape() && next != layout.quote()) {
                at++;
            } else if (layout.quote() != 0 && next == layout.quote()) {
                quoted = !quoted;
            } else if (next == layout.delimiter() && !quoted) {
                return at;
            }
            at++;
        }
        return end;
    }

    /** The text format doubles the backslash of a bytea. Whether it is one is told by its digits. */
    private void field(Buffer source, int start, int end, Column column) {
        int from = end - start > 3 && source.getByte(start) == '\\' && source.getByte(start + 1) == '\\' ? start + 1 : start;
        int to = end > start && source.getByte(end - 1) == '\n' ? end - 1 : end;
        if (column.form() != Form.NONE && isHex(source, from, to)) {
            out.appendBuffer(source, start, from - start);
            value(source, from, to, Form.HEX, column);
            out.appendBuffer(source, to, end - to);
        } else {
            value(source, start, end, column.form() == Form.NONE ? Form.NONE : Form.NESTED_JSON, column);
        }
    }

    private static boolean isHex(Buffer source, int start, int end) {
        boolean marked = end - start > 3 && (end - start) % 2 == 0 && source.getByte(start) == '\\' && source.getByte(start + 1) == 'x';
        for (int at = start + 2; marked && at < end; at++) {
            marked = Window.isHex(source.getByte(at));
        }
        return marked;
    }

    private void value(Buffer source, int start, int end, Form form, Column column) {
        if (form == Form.NONE || start == end) {
            out.appendBuffer(source, start, end - start);
        } else if (!ValueSearch.isSmall(end - start)) {
            search.begin(form, column.name());
            search.feed(source, start, end - start, out);
            search.end(out);
        } else if (search.changes(source, start, end - start, form, column.name())) {
            search.appendShown(out);
        } else {
            out.appendBuffer(source, start, end - start);
        }
    }

    /** int16 columns, and for each its int32 length and bytes; the first row has the file's head before it. */
    private void tuple(Buffer source, int start, int end) {
        int at = head(source, start, end);
        while (end - at >= 2) {
            int cells = source.getShort(at);
            out.appendBuffer(source, at, 2);
            at += 2;
            for (int column = 0; column < cells; column++) {
                int length = end - at < 4 ? Integer.MAX_VALUE : source.getInt(at);
                if (length < -1 || length > end - at - 4) {
                    throw new SearchFailed("a row of COPY is not laid out as one");
                }
                out.appendBuffer(source, at, 4);
                at += 4;
                Column named = column < columns.size() ? columns.get(column) : UNNAMED_BINARY;
                value(source, at, at + Math.max(0, length), named.form().isArray() ? Form.OPAQUE : named.form(), named);
                at += Math.max(0, length);
            }
        }
        if (at != end) {
            throw new SearchFailed("a row of COPY is longer than its columns");
        }
    }

    private int head(Buffer source, int start, int end) {
        int fixed = SIGNATURE.length + 8;
        boolean head = end - start >= fixed;
        for (int i = 0; head && i < SIGNATURE.length; i++) {
            head = source.getByte(start + i) == SIGNATURE[i];
        }
        if (!head) {
            return start;
        }
        long length = fixed + source.getUnsignedInt(start + SIGNATURE.length + 4);
        if (length > end - start) {
            throw new SearchFailed("the head of COPY's binary format is cut");
        }
        out.appendBuffer(source, start, (int) length);
        return start + (int) length;
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.detection;

import io.vertx.core.buffer.Buffer;
import java.util.List;

/**
 * Searches DataRow messages as they come, cut anywhere: 'D' | int32 length | int16 columns | per column int32 length (-1 for NULL) and bytes. What
 * comes out has the same layout byte for byte. For one result and one thread.
 */
public final class RowSearch {
    /** What the next bytes are. */
    private enum Part {
        TAG(1),
        LENGTH(4),
        COLUMNS(2),
        CELL_LENGTH(4),
        CELL(0),
        DIMENSIONS(4),
        ARRAY_HEADER(0),
        ELEMENT_LENGTH(4),
        ELEMENT(0);

        private final int bytes;

        Part(int bytes) {
            this.bytes = bytes;
        }
    }

    private static final byte DATA_ROW = 'D';
    private static final int MAX_DIMENSIONS = 6;

    private final Column[] columns;
    private final Form[] forms;
    private final Tally tally;
    private final ValueSearch search;
    private final boolean denies;
    private final int maxHeldBytes;

    private Part part = Part.TAG;
    /** Bytes of the part that are still to come, and what its bytes so far say if it is a number. */
    private int left = 1;
    private int number;
    private long rowLeft;
    private int cellLeft;
    private int column;
    private boolean begun;

    private Buffer out = Buffer.buffer();
    private int copied;
    /** Where in {@link #out} the row begins that may still be withheld; -1 if its beginning has been given. */
    private int rowAt = -1;
    private boolean stopped;
    private boolean takenBack;

    /**
     * @param columns in the order of the result
     * @param tally counts what is found
     * @param maxHeldBytes of a row that is held back until all of it has been searched, where a detector denies. Of a longer one the beginning is
     *     given, with what was found overwritten
     */
    public RowSearch(List<Detector> detectors, List<Column> columns, Tally tally, int maxHeldBytes) {
        this.columns = columns.toArray(Column[]::new);
        this.forms = columns.stream().map(each -> each.form().element()).toArray(Form[]::new);
        this.tally = tally;
        this.search = new ValueSearch(detectors, tally);
        this.denies = detectors.stream().anyMatch(detector -> detector.action() == Detector.Action.DENY);
        this.maxHeldBytes = maxHeldBytes;
    }

    /** Whether a detector has denied: no more is to be fed, and what was given ends with a whole message. */
    public boolean hasDenied() {
        return stopped;
    }

    /** Whether what has been given so far ends where a message ends. */
    public boolean endsWhole() {
        return isBetweenRows() || rowAt == 0 && out.length() > 0;
    }

    /** Whether all that was fed has been given, and ends with a whole message. */
    public boolean isBetweenRows() {
        return part == Part.TAG && left == 1;
    }

    /**
     * What can be given now.
     *
     * @param chunk a run of DataRow messages, cut anywhere; not written to, but it may be what is returned
     * @throws SearchFailed if they are not laid out as the columns say
     */
    public Buffer feed(Buffer chunk) {
        copied = 0;
        int at = 0;
        while (at < chunk.length() && !stopped) {
            at = step(chunk, at);
        }
        if (stopped) {
            if (!takenBack) {
                copy(chunk, at);
            }
            return take();
        }
        if (copied == 0 && out.length() == 0 && (!denies || isBetweenRows())) {
            return chunk;
        }
        copy(chunk, chunk.length());
        return denies && !isBetweenRows() && rowAt >= 0 ? withhold() : take();
    }

    private Buffer take() {
        Buffer given = out;
        out = Buffer.buffer();
        rowAt = rowAt >= 0 && !isBetweenRows() ? -1 : rowAt;
        return given;
    }

    /** Gives the rows before the one that is not complete. */
    private Buffer withhold() {
        if (out.length() - rowAt > maxHeldBytes) {
            return take();
        }
        Buffer given = out.getBuffer(0, rowAt);
        out = out.getBuffer(rowAt, out.length());
        rowAt = 0;
        return given;
    }

    private void copy(Buffer chunk, int to) {
        if (to > copied) {
            out.appendBuffer(chunk, copied, to - copied);
        }
        copied = to;
    }

    private int step(Buffer chunk, int at) {
        return switch (part) {
            case TAG, LENGTH, COLUMNS, CELL_LENGTH, DIMENSIONS, ELEMENT_LENGTH -> number(chunk, at);
            case ARRAY_HEADER -> {
                int taken = Math.min(left, chunk.length() - at);
                left -= taken;
                if (left == 0) {
                    element();
                }
                yield at + taken;
            }
            case CELL, ELEMENT -> value(chunk, at);
        };
    }

    private int number(Buffer chunk, int at) {
        if (part == Part.TAG && denies) {
            copy(chunk, at);
            rowAt = out.length();
        }
        if (left == Integer.BYTES && chunk.length() - at >= Integer.BYTES) {
            read(chunk.getInt(at));
            return at + Integer.BYTES;
        }
        int next = at;
        while (left > 0 && next < chunk.length()) {
            number = number << 8 | chunk.getUnsignedByte(next++);
            left--;
        }
        if (left == 0) {
            int read = number;
            number = 0;
            read(read);
        }
        return next;
    }

    private void expect(Part next) {
        part = next;
        left = next.bytes;
        number = 0;
    }

    private void read(int value) {
        switch (part) {
            case TAG -> {
                require(value == DATA_ROW, "the server sent something else between rows");
                expect(Part.LENGTH);
            }
            case LENGTH -> {
                rowLeft = (value & 0xFFFF_FFFFL) - 6;
                require(rowLeft >= 0, "a row is shorter than its header");
                expect(Part.COLUMNS);
            }
            case COLUMNS -> {
                require(value == columns.length, "a row does not have the columns of its description");
                column = -1;
                nextCell();
            }
            case CELL_LENGTH -> cell(value);
            case DIMENSIONS -> {
                require(value >= 0 && value <= MAX_DIMENSIONS && cellLeft >= 12 + 8 * value, "an array is not laid out as one");
                part = Part.ARRAY_HEADER;
                left = 8 + 8 * value;
                cellLeft -= 12 + 8 * value;
            }
            case ELEMENT_LENGTH -> {
                cellLeft -= 4;
                require(value >= -1 && value <= cellLeft, "an array is not laid out as one");
                if (value <= 0) {
                    element();
                } else {
                    part = Part.ELEMENT;
                    left = value;
                    cellLeft -= value;
                }
            }
            case CELL, ARRAY_HEADER, ELEMENT -> throw new SearchFailed("a part of a row is no number");
        }
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new SearchFailed(otherwise);
        }
    }

    private void nextCell() {
        column++;
        if (column < columns.length) {
            require(rowLeft >= 4, "a row ends before its columns do");
            expect(Part.CELL_LENGTH);
        } else {
            require(rowLeft == 0, "a row is longer than its columns");
            expect(Part.TAG);
            rowAt = -1;
            stopped = tally.denied() != null;
        }
    }

    private void cell(int length) {
        rowLeft -= 4;
        require(length >= -1 && length <= rowLeft, "a row is not laid out as one");
        rowLeft -= Math.max(0, length);
        if (length <= 0) {
            nextCell();
        } else if (columns[column].form().isArray()) {
            cellLeft = length;
            require(length >= 12, "an array is not laid out as one");
            expect(Part.DIMENSIONS);
        } else {
            part = Part.CELL;
            left = length;
        }
        begun = false;
    }

    /** The next element of an array, or the next column. */
    private void element() {
        begun = false;
        if (cellLeft == 0) {
            nextCell();
        } else {
            require(cellLeft >= 4, "an array is not laid out as one");
            expect(Part.ELEMENT_LENGTH);
        }
    }

    private int value(Buffer chunk, int at) {
        Form form = forms[column];
        int taken = Math.min(left, chunk.length() - at);
        String name = columns[column].name();
        if (form != Form.NONE) {
            if (!begun && taken == left && ValueSearch.isSmall(taken)) {
                whole(chunk, at, taken, form, name);
            } else {
                part(chunk, at, taken, form, name);
            }
        }
        left -= taken;
        if (left == 0 && !stopped) {
            if (part == Part.ELEMENT) {
                element();
            } else {
                nextCell();
            }
        }
        return at + taken;
    }

    private void whole(Buffer chunk, int at, int length, Form form, String name) {
        if (search.changes(chunk, at, length, form, name)) {
            copy(chunk, at);
            search.appendShown(out);
            copied = at + length;
            refuse();
        }
    }

    private void part(Buffer chunk, int at, int length, Form form, String name) {
        copy(chunk, at);
        if (!begun) {
            search.begin(form, name);
            begun = true;
        }
        search.feed(chunk, at, length, out);
        copied = at + length;
        if (length == left) {
            search.end(out);
        }
        refuse();
    }

    /** Takes back the row that holds what a detector denies, unless its beginning has been given: then the rest of it follows. */
    private void refuse() {
        if (tally.denied() != null && rowAt >= 0) {
            out = out.getBuffer(0, rowAt);
            expect(Part.TAG);
            rowAt = -1;
            stopped = true;
            takenBack = true;
        }
    }
}

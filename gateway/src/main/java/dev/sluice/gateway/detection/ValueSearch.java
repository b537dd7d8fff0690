// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.detection;

import io.vertx.core.buffer.Buffer;
import java.util.Arrays;
import java.util.List;

/**
 * Searches one value after the other, each of any length, in at most 82 KiB of memory. Longer values are looked at in windows at fixed places of the
 * value, so that what is found does not depend on how the network cut it. A match of more than 16 KiB is cut there. For one thread.
 */
final class ValueSearch {
    /** Bytes that a window is moved by. */
    static final int STEP = 64 * 1024;
    /** Bytes that are looked ahead. */
    static final int AHEAD = 16 * 1024;
    /** Bytes that are looked back: context, and what stands before a trigger. */
    static final int BEHIND = 512;

    private static final int MEMORY = BEHIND + STEP + AHEAD + 1;
    /** Bytes of the shortest mailbox and network addresses: everything else that comes with the gateway is longer. */
    private static final int SHORTEST = 6;
    /** There is no half of a byte. */
    private static final int NO_DIGIT = -1;

    private final List<Detector> detectors;
    private final Tally tally;
    private final Scanner scanner;
    private final int shortest;
    private final Window window = new Window();
    private final Findings found = new Findings();
    private final JsonPlace json = new JsonPlace();
    private byte[] memory = new byte[4096];

    private Form form = Form.NONE;
    private String column = "";
    private int size;
    private int scanned;
    private boolean first;
    private int digit = NO_DIGIT;

    ValueSearch(List<Detector> detectors, Tally tally) {
        this.detectors = List.copyOf(detectors);
        this.tally = tally;
        this.scanner = new Scanner(detectors);
        this.shortest = detectors.stream().anyMatch(detector -> detector.kind() == DetectorKind.REGEX) ? 1 : SHORTEST;
    }

    /**
     * Searches a value that is there as a whole.
     *
     * @return whether anything in it has to be overwritten; then {@link #appendShown} is to be asked before the next value
     */
    boolean changes(Buffer source, int offset, int length, Form valueForm, String valueColumn) {
        if (length < shortest) {
            return false;
        }
        begin(valueForm, valueColumn);
        boolean hex = valueForm == Form.HEX && length >= 2 && source.getByte(offset) == '\\' && source.getByte(offset + 1) == 'x';
        if (hex) {
            form = Form.BYTES;
            decode(source, offset + 2, offset + length);
        } else {
            form = valueForm == Form.HEX ? Form.TEXT : valueForm;
            ensure(length);
            source.getBytes(offset, offset + length, memory, 0);
            size = length;
        }
        first = !hex;
        return scan(size, size);
    }

    /** Appends the value of {@link #changes} as it may be shown. */
    void appendShown(Buffer out) {
        if (first) {
            out.appendBytes(memory, 0, size);
        } else {
            out.appendString("\\x");
            HexDigits.append(memory, size, out);
        }
    }

    /** Whether a value of so many bytes is searched in one piece. */
    static boolean isSmall(int length) {
        return length <= STEP + AHEAD;
    }

    private void decode(Buffer source, int from, int to) {
        if ((to - from) % 2 != 0) {
            throw new SearchFailed("a bytea value ends within a byte");
        }
        ensure((to - from) / 2);
        for (int at = from; at < to; at += 2) {
            memory[size++] = (byte) (HexDigits.value(source.getByte(at)) << 4 | HexDigits.value(source.getByte(at + 1)));
        }
    }

    /** A value begins that comes in parts. */
    void begin(Form valueForm, String valueColumn) {
        form = valueForm;
        column = valueColumn;
        size = 0;
        scanned = 0;
        first = true;
        digit = NO_DIGIT;
        json.begin(0);
    }

    /** Takes a part of the value, and appends what can be given of it. */
    void feed(Buffer source, int offset, int length, Buffer out) {
        int at = offset;
        int end = offset + length;
        if (form == Form.HEX) {
            while (at < end) {
                digit(source.getByte(at++), out);
            }
        }
        while (at < end) {
            int taken = Math.min(end - at, MEMORY - size);
            ensure(size + taken);
            source.getBytes(at, at + taken, memory, size);
            at += taken;
            size += taken;
            give(out);
        }
    }

    /** The first two are the mark of the notation; a value without it is text. */
    private void digit(byte value, Buffer out) {
        ensure(size + 1);
        if (first && size < 2) {
            memory[size++] = value;
            if (size == 2 && memory[0] == '\\' && memory[1] == 'x') {
                out.appendBytes(memory, 0, 2);
                size = 0;
                first = false;
            }
        } else if (first) {
            memory[size++] = value;
            give(out);
        } else if (digit == NO_DIGIT) {
            digit = HexDigits.value(value);
        } else {
            memory[size++] = (byte) (digit << 4 | HexDigits.value(value));
            digit = NO_DIGIT;
            give(out);
        }
    }

    private void ensure(int needed) {
        if (memory.length < needed) {
            memory = Arrays.copyOf(memory, Math.max(needed, Math.min(MEMORY, 2 * memory.length)));
        }
    }

    /** Gives what is behind the window, if more follows than a last window would hold: so the places of windows depend on the value alone. */
    private void give(Buffer out) {
        while (size - scanned > STEP + AHEAD) {
            scan(scanned + STEP, scanned + STEP + AHEAD);
            int given = Math.max(0, scanned - BEHIND);
            append(given, out);
            System.arraycopy(memory, given, memory, 0, size - given);
            size -= given;
            scanned -= given;
            json.moved(given);
        }
    }

    private void append(int bytes, Buffer out) {
        if (form == Form.HEX && !first) {
            HexDigits.append(memory, bytes, out);
        } else {
            out.appendBytes(memory, 0, bytes);
        }
    }

    /** The value is complete: appends the rest of it. */
    void end(Buffer out) {
        if (digit != NO_DIGIT) {
            throw new SearchFailed("a bytea value ends within a byte");
        }
        scan(size, size);
        append(size, out);
        size = 0;
        scanned = 0;
    }

    /**
     * Searches up to a place.
     *
     * @param visible end of what may be looked at
     * @return whether anything was overwritten
     */
    private boolean scan(int to, int visible) {
        window.set(memory, 0, visible);
        found.clear();
        int end = scanner.scan(window, scanned, to, found);
        boolean changed = false;
        Form shape = found.size() > 0 || to < size ? shape() : form;
        for (int i = 0; i < found.size(); i++) {
            int start = found.start(i);
            if (!isBinary(shape) || StandIns.isInText(window, start, found.end(i))) {
                Detector detector = detectors.get(found.detector(i));
                tally.add(detector, column);
                if (detector.action() != Detector.Action.ALERT) {
                    boolean inString = !isDocument(shape) || json.isInString(window, start);
                    StandIns.overwrite(window, isDocument(shape) ? json.outOfEscape(start) : start, found.end(i), detector.kind(), shape, inString);
                    changed = true;
                }
            }
        }
        if (to < size && isDocument(shape)) {
            json.isInString(window, to);
        }
        scanned = Math.max(to, Math.min(end, size));
        return changed;
    }

    /** What the value is, told by its first bytes where its type does not say: text that begins as a document does is kept one, for whoever parses it. */
    private Form shape() {
        if (scanned == 0 && form == Form.OPAQUE && size > 1 && (memory[0] == 1 && (memory[1] == '{' || memory[1] == '[') || !hasControls())) {
            form = memory[0] == 1 ? Form.JSONB : Form.TEXT;
        }
        if (scanned == 0 && form == Form.TEXT && size > 1 && (memory[0] == '{' || memory[0] == '[') && "\"{[ \n}".indexOf(memory[1]) >= 0) {
            form = Form.JSON;
        }
        return form == Form.HEX ? first ? Form.TEXT : Form.BYTES : form;
    }

    private boolean hasControls() {
        for (int i = 0; i < size; i++) {
            if (memory[i] >= 0 && memory[i] < 9) {
                return true;
            }
        }
        return false;
    }

    private static boolean isBinary(Form shape) {
        return shape == Form.BYTES || shape == Form.OPAQUE;
    }

    private static boolean isDocument(Form shape) {
        return shape == Form.JSON || shape == Form.JSONB;
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.detection;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** DataRow messages for tests, and what is in them. */
final class Rows {
    static final List<Detector> MASKING = DetectorKind.builtIn().stream().map(kind -> Detector.builtIn(kind, Detector.Action.MASK)).toList();

    private Rows() {}

    static Buffer row(byte[]... cells) {
        Buffer row = Buffer.buffer().appendByte((byte) 'D').appendInt(0).appendShort((short) cells.length);
        for (byte[] cell : cells) {
            row.appendInt(cell.length).appendBytes(cell);
        }
        return row.setInt(1, row.length() - 1);
    }

    static Buffer row(String... cells) {
        byte[][] bytes = new byte[cells.length][];
        for (int i = 0; i < cells.length; i++) {
            bytes[i] = cells[i].getBytes(StandardCharsets.UTF_8);
        }
        return row(bytes);
    }

    static List<byte[]> cells(Buffer row) {
        List<byte[]> cells = new ArrayList<>();
        int at = 7;
        for (int i = 0; i < row.getUnsignedShort(5); i++) {
            int length = row.getInt(at);
            cells.add(row.getBytes(at + 4, at + 4 + length));
            at += 4 + length;
        }
        return cells;
    }

    static RowSearch search(Tally tally, List<Detector> detectors, int... typesAndFormats) {
        List<Column> columns = new ArrayList<>();
        for (int i = 0; i < typesAndFormats.length; i += 2) {
            columns.add(Column.of("c" + i / 2, typesAndFormats[i], typesAndFormats[i + 1]));
        }
        return new RowSearch(detectors, columns, tally, 1 << 24);
    }

    /** One value of a type and format as it is shown. */
    static String shown(String value, int type, int format, List<Detector> detectors) {
        Buffer row = search(new Tally(), detectors, type, format).feed(row(value));
        return new String(cells(row).getFirst(), StandardCharsets.UTF_8);
    }

    static String shown(String value, int type) {
        return shown(value, type, 0, MASKING);
    }
}

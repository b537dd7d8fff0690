// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.detection;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class CopySearchTest {
    private static final CopyLayout TEXT = new CopyLayout(false, (byte) '\t', (byte) 0, (byte) 0);
    private static final CopyLayout CSV = new CopyLayout(false, (byte) ',', (byte) '"', (byte) '"');
    private static final String HEX = "7061792034313131313131313131313131313131206e6f77";
    private static final String HIDDEN = "706179202a2a2a2a2a2a2a2a2a2a2a2a31313131206e6f77";

    private static Buffer frame(Buffer data) {
        return Buffer.buffer().appendByte((byte) 'd').appendInt(data.length() + 4).appendBuffer(data);
    }

    /** The data as it is shown, which does not depend on where it is cut. */
    private static Buffer shown(CopyLayout layout, List<Column> columns, Buffer data) {
        Buffer frames = frame(data).appendBuffer(frame(data));
        Buffer whole = new CopySearch(Rows.MASKING, columns, layout, new Tally(), 1 << 20).feed(frames);
        for (int cut = 1; cut < frames.length(); cut++) {
            var search = new CopySearch(Rows.MASKING, columns, layout, new Tally(), 1 << 20);
            Buffer parts = Buffer.buffer().appendBuffer(search.feed(frames.getBuffer(0, cut))).appendBuffer(search.feed(frames.getBuffer(cut, frames.length())));
            assertThat(parts).as("cut at %d", cut).isEqualTo(whole);
        }
        return whole.getBuffer(5, frames.length() / 2);
    }

    private static String shown(CopyLayout layout, List<Column> columns, String data) {
        return shown(layout, columns, Buffer.buffer(data)).toString(StandardCharsets.UTF_8);
    }

    @Test
    void searchesEveryFieldOfTheTextFormat() {
        assertThat(shown(TEXT, List.of(), "1\tbob@example.com\\n078-05-1120\t{\"a\": 4111111111111111}\t\\\\x" + HEX + "\n"))
                .isEqualTo("1\t***@*******.***\\n***-**-****\t{\"a\": 0.00000000000000}\t\\\\x" + HIDDEN + "\n");
    }

    @Test
    void searchesEveryFieldOfCsv() {
        assertThat(shown(CSV, List.of(), "1,\"bob@example.com, \"\"078-05-1120\"\"\",\\x" + HEX + "\n"))
                .isEqualTo("1,\"***@*******.***, \"\"***-**-****\"\"\",\\x" + HIDDEN + "\n");
    }

    @Test
    void searchesRowsOfWhichNothingIsKnown() {
        assertThat(shown(CopyLayout.LINES, List.of(), "1;bob@example.com\n")).isEqualTo("1;***@*******.***\n");
    }

    @Test
    void searchesTheBinaryFormat() {
        Buffer head = Buffer.buffer().appendString("PGCOPY\n").appendByte((byte) 0xFF).appendString("\r\n").appendByte((byte) 0).appendInt(0).appendInt(0);
        Buffer data = head.appendShort((short) 2).appendInt(16).appendString("4111111111111111").appendInt(-1);

        assertThat(shown(CopyLayout.BINARY, List.of(), data).getString(25, 41)).isEqualTo("************1111");
    }

    @Test
    void leavesColumnsThatMasksHaveRewritten() {
        List<Column> columns = List.of(Column.passing("a"), Column.of("b", 25, 0));

        assertThat(shown(TEXT, columns, "078-05-1120\t078-05-1120\n")).isEqualTo("078-05-1120\t***-**-****\n");
    }
}

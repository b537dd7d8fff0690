// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.detection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class RowSearchTest {
    private static final int TEXT = 25;
    private static final int JSONB = 3802;
    private static final int BYTEA = 17;
    private static final int TEXT_ARRAY = 1009;
    private static final int[] COLUMNS = {TEXT, 0, JSONB, 1, BYTEA, 0, TEXT_ARRAY, 1, 23, 1, 70_000, 1};

    private static Buffer rows() {
        byte[] array = Buffer.buffer().appendInt(1).appendInt(0).appendInt(25).appendInt(2).appendInt(1)
                .appendInt(16).appendString("4242424242424242").appendInt(13).appendString("x@example.com").getBytes();
        byte[] hex = "\\x626f62406578616d706c652e636f6d2c2064656164".getBytes(StandardCharsets.US_ASCII);
        Buffer row = Rows.row(
                "mail bob@example.com or call +12125550123".getBytes(StandardCharsets.UTF_8), "\u0001{\"a\": 4111111111111111}".getBytes(StandardCharsets.UTF_8), hex, array,
                new byte[] {0, 0, 0, 64}, "\u0000\u0000\u0000\u0010bob@example.com 078-05-1120".getBytes(StandardCharsets.UTF_8));
        return Buffer.buffer().appendBuffer(row).appendBuffer(Rows.row("", "", "", "", "", "")).appendBuffer(row);
    }

    private static Buffer feed(RowSearch search, Buffer rows, int... cuts) {
        Buffer shown = Buffer.buffer();
        int from = 0;
        for (int cut : cuts) {
            shown.appendBuffer(search.feed(rows.getBuffer(from, cut)));
            from = cut;
        }
        return search.hasDenied() ? shown : shown.appendBuffer(search.feed(rows.getBuffer(from, rows.length())));
    }

    @Test
    void findsTheSameWhereverTheNetworkCuts() {
        Buffer rows = rows().getBuffer(0, rows().length());
        Tally whole = new Tally();
        Buffer expected = feed(Rows.search(whole, Rows.MASKING, COLUMNS), rows);

        assertThat(expected).isNotEqualTo(rows);
        assertThat(expected.toString(StandardCharsets.ISO_8859_1)).doesNotContain("bob@", "4242424242", "4111111111", "626f6240");
        for (int cut = 1; cut < rows.length(); cut++) {
            Tally tally = new Tally();
            RowSearch search = Rows.search(tally, Rows.MASKING, COLUMNS);
            assertThat(feed(search, rows, cut)).as("cut at %d", cut).isEqualTo(expected);
            assertThat(search.isBetweenRows()).isTrue();
            assertThat(tally.counts()).isEqualTo(whole.counts());
        }
    }

    @Test
    void findsTheSameByteByByte() {
        Buffer rows = rows();
        Buffer expected = feed(Rows.search(new Tally(), Rows.MASKING, COLUMNS), rows);
        int[] cuts = new int[rows.length() - 1];
        for (int i = 0; i < cuts.length; i++) {
            cuts[i] = i + 1;
        }

        assertThat(feed(Rows.search(new Tally(), Rows.MASKING, COLUMNS), rows, cuts)).isEqualTo(expected);
    }

    @Test
    void findsTheSameInValuesThatFitNoWindow() {
        var random = new Random(11);
        var text = new StringBuilder();
        while (text.length() < 400_000) {
            text.append("lorem ipsum dolor sit amet ", 0, random.nextInt(27)).append(" bob@example.com 4111 1111 1111 1111 password=aB3kd93Kd0aKq92LmX ");
        }
        Buffer rows = Rows.row(text.toString(), "ok 078-05-1120");
        Tally whole = new Tally();
        Buffer expected = feed(Rows.search(whole, Rows.MASKING, TEXT, 0, TEXT, 0), rows);
        for (int round = 0; round < 30; round++) {
            int first = 1 + random.nextInt(rows.length() - 3);
            int second = first + random.nextInt(rows.length() - first - 1);
            Tally tally = new Tally();
            assertThat(feed(Rows.search(tally, Rows.MASKING, TEXT, 0, TEXT, 0), rows, first, second).equals(expected)).as("%d, %d", first, second).isTrue();
            assertThat(tally.counts()).isEqualTo(whole.counts());
        }
        assertThat(expected.toString()).doesNotContain("bob@", "4111 ", "aB3kd93", "078-05");
        assertThat(expected.length()).isEqualTo(rows.length());
    }

    @Test
    void keepsLittleOfALongValue() {
        RowSearch search = Rows.search(new Tally(), Rows.MASKING, TEXT, 0);
        long length = 200L << 20;
        Buffer head = Buffer.buffer().appendByte((byte) 'D').appendInt((int) (4 + 2 + 4 + length)).appendShort((short) 1).appendInt((int) length);
        long given = search.feed(head).length();
        Buffer chunk = Buffer.buffer(new byte[1 << 20]);
        for (int i = 0; i < 200; i++) {
            given += search.feed(chunk).length();
            assertThat(((i + 1L) << 20) + head.length() - given).isLessThan(100_000);
        }
        assertThat(given).isEqualTo(length + head.length());
    }

    @Test
    void givesRowsWithoutFindingsAsTheyAre() {
        Buffer rows = Rows.row("nothing here", "2024-01-15 12:30:45").appendBuffer(Rows.row("a", "b"));

        assertThat(Rows.search(new Tally(), Rows.MASKING, TEXT, 0, TEXT, 0).feed(rows)).isSameAs(rows);
    }

    @Test
    void countsByDetectorAndColumn() {
        Tally tally = new Tally();
        Rows.search(tally, Rows.MASKING, TEXT, 0, TEXT, 0).feed(Rows.row("a@example.com b@example.com", "078-05-1120 c@example.com"));

        assertThat(tally.counts()).extracting(count -> count.detector().name() + " " + count.column() + " " + count.count())
                .containsExactlyInAnyOrder("email c0 2", "ssn c1 1", "email c1 1");
    }

    @Test
    void showsWhatIsOnlyToBeReported() {
        Tally tally = new Tally();
        Buffer row = Rows.row("a@example.com");

        assertThat(Rows.search(tally, List.of(Detector.builtIn(DetectorKind.EMAIL, Detector.Action.ALERT)), TEXT, 0).feed(row)).isSameAs(row);
        assertThat(tally.counts()).hasSize(1);
    }

    @Test
    void givesTheRowsBeforeTheOneThatIsDeniedAndNothingOfIt() {
        Buffer good = Rows.row("nothing", "here");
        Buffer bad = Rows.row("first", "078-05-1120");
        Buffer rows = Buffer.buffer().appendBuffer(good).appendBuffer(good).appendBuffer(bad).appendBuffer(good);
        Supplier<RowSearch> search = () -> Rows.search(new Tally(), List.of(Detector.builtIn(DetectorKind.SSN, Detector.Action.DENY)), TEXT, 0, TEXT, 0);
        for (int cut = 1; cut < rows.length(); cut++) {
            RowSearch at = search.get();
            assertThat(feed(at, rows, cut)).as("cut at %d", cut).isEqualTo(Buffer.buffer().appendBuffer(good).appendBuffer(good));
            assertThat(at.hasDenied()).isTrue();
        }
    }

    @Test
    void endsALongRowThatIsDeniedWithoutTheValue() {
        Tally tally = new Tally();
        var search = new RowSearch(List.of(Detector.builtIn(DetectorKind.SSN, Detector.Action.DENY)), List.of(Column.of("c", TEXT, 0)), tally, 1000);
        Buffer row = Rows.row("x ".repeat(100_000) + " 078-05-1120 " + "x ".repeat(100_000));

        Buffer shown = feed(search, row, 50_000, 150_000, 300_000);

        assertThat(shown.length()).isEqualTo(row.length());
        assertThat(shown.toString()).doesNotContain("078-05-1120");
        assertThat(search.hasDenied()).isTrue();
    }

    @Test
    void refusesWhatIsNoRow() {
        assertThatThrownBy(() -> Rows.search(new Tally(), Rows.MASKING, TEXT, 0).feed(Buffer.buffer("C123456789"))).isInstanceOf(SearchFailed.class);
        assertThatThrownBy(() -> Rows.search(new Tally(), Rows.MASKING, TEXT, 0).feed(Rows.row("a", "b"))).isInstanceOf(SearchFailed.class);
        assertThatThrownBy(() -> Rows.search(new Tally(), Rows.MASKING, TEXT_ARRAY, 1).feed(Rows.row("not an array at all"))).isInstanceOf(SearchFailed.class);
    }

    @Test
    void neverFailsOnAnyBytesAndKeepsTheirNumber() {
        var random = new Random(3);
        String alphabet = "0123456789@.-_:+=()/\\ \"{}[],eyJAKIASghpsk\u0000\u0001aZ\n";
        List<Detector> detectors = new ArrayList<>(Rows.MASKING);
        detectors.add(new Detector("own", DetectorKind.REGEX, Detector.Action.MASK, TextPattern.of("[a-z]\\d+", List.of("key"))));
        for (int round = 0; round < 20_000; round++) {
            byte[] bytes = new byte[random.nextInt(200)];
            random.nextBytes(bytes);
            if (round % 4 != 0) {
                for (int i = 0; i < bytes.length; i++) {
                    bytes[i] = (byte) alphabet.charAt(random.nextInt(alphabet.length()));
                }
            }
            int type = List.of(25, 114, 3802, 17, 99_999).get(round % 5);
            int format = type == 17 ? 1 : random.nextInt(2);
            Buffer row = Rows.row(bytes);
            RowSearch search = Rows.search(new Tally(), detectors, type, format);
            Buffer shown = bytes.length > 2 ? feed(search, row, 8 + random.nextInt(bytes.length)) : feed(search, row);
            assertThat(shown.length()).isEqualTo(row.length());
        }
    }
}

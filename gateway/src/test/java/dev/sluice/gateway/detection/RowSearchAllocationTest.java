// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.detection;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.vertx.core.buffer.Buffer;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers in which there is nothing to find are searched without leaving anything for the collector. */
class RowSearchAllocationTest {
    private static final int TEXT = 25;
    private static final int COLUMNS = 5;
    private static final int ROWS = 200;
    private static final int WARM_UP = 50;

    @ParameterizedTest
    @ValueSource(strings = {
        "the order was shipped to our warehouse and returned because of a damaged box while somebody asked about it",
        "2025-03-04 05:06:07.089 INFO  [worker-3] d.s.shop.Orders order 48 took 17 ms",
        "{\"id\": 31, \"sku\": \"A-0042\", \"price\": 12.30, \"created\": \"2025-03-04T10:11:00Z\", \"tags\": [\"box\", \"late\"]}",
        "1234,98,7654321,12.50,77,31415,926"
    })
    void nothingIsAllocatedPerValue(String value) {
        Buffer rows = rows(value.getBytes(StandardCharsets.UTF_8));
        List<Detector> detectors = DetectorKind.builtIn().stream().map(kind -> Detector.builtIn(kind, Detector.Action.MASK)).toList();
        var tally = new Tally();
        var search = new RowSearch(detectors, Collections.nCopies(COLUMNS, Column.of("c", TEXT, 0)), tally, 1 << 24);
        for (int round = 0; round < WARM_UP; round++) {
            search.feed(rows);
        }
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        search.feed(rows);
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;

        assertThat(tally.counts().stream().mapToLong(Tally.Count::count).sum()).isZero();
        assertThat(allocated).as("bytes for " + ROWS * COLUMNS + " values").isLessThan(ROWS * COLUMNS);
    }

    private static Buffer rows(byte[] value) {
        Buffer row = Buffer.buffer().appendByte((byte) 'D').appendInt(0).appendShort((short) COLUMNS);
        for (int column = 0; column < COLUMNS; column++) {
            row.appendInt(value.length).appendBytes(value);
        }
        row.setInt(1, row.length() - 1);
        Buffer rows = Buffer.buffer();
        for (int i = 0; i < ROWS; i++) {
            rows.appendBuffer(row);
        }
        return rows;
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A large result to a slow reader waits at the server, not in the gateway. */
@ExtendWith(Servers.class)
class BoundedMemoryE2E {
    private static final long RESULT = 300_000_000L;
    private static final long BOUND = 64L << 20;
    private static final int PIECE = 1 << 18;

    /** Many rows, and rows so large that a gateway which assembled them would be seen. */
    @ParameterizedTest
    @CsvSource({"OBSERVING, 10000", "ENFORCING, 30000000"})
    void aLargeResultNeedsLittleMemory(Guard guard, int rowSize) throws Exception {
        int port = Servers.through(guard);
        try (var socket = new Socket()) {
            socket.setReceiveBufferSize(PIECE);
            socket.connect(new InetSocketAddress("127.0.0.1", port));
            socket.setSoTimeout(60_000);
            InputStream in = socket.getInputStream();
            socket.getOutputStream().write(Frames.startup(Frames.VERSION_3_0, Servers.USER, Servers.DATABASE));
            readStartup(in);
            // Both of the gateway's parsers are made before the measurement: each takes 128 MiB once, whatever the result's size.
            for (String distinct : List.of("SELECT 1 AS one", "SELECT 1 AS one, 2 AS two", "SELECT 1, 2, 3")) {
                socket.getOutputStream().write(Frames.query(distinct));
                readStartup(in);
            }
            long heapBefore = heap();
            long directBefore = direct();
            socket.getOutputStream().write(Frames.query("SELECT repeat('x', " + rowSize + ") FROM generate_series(1, " + RESULT / rowSize + ")"));
            long read = in.readNBytes(PIECE).length;
            assertThat(waitsForItsClient()).as("the server waits until the client reads").isTrue();
            long heap = 0;
            long direct = 0;
            byte[] piece = new byte[PIECE];
            long next = 0;
            while (read < RESULT) {
                int some = in.read(piece);
                assertThat(some).as("bytes read after " + read).isPositive();
                read += some;
                if (read > next) {
                    next += RESULT / 8;
                    heap = Math.max(heap, heap() - heapBefore);
                    direct = Math.max(direct, direct() - directBefore);
                }
            }
            System.out.printf("%s, rows of %,d bytes: heap grew by at most %,d KiB, direct memory by %,d KiB%n", guard, rowSize, heap >> 10, direct >> 10);
            assertThat(heap).as("growth of the used heap").isLessThan(BOUND);
            assertThat(direct).as("growth of direct memory").isLessThan(BOUND);
        }
    }

    private static void readStartup(InputStream in) throws IOException {
        byte tag = 0;
        while (tag != 'Z') {
            byte[] header = in.readNBytes(5);
            tag = header[0];
            in.readNBytes(ByteBuffer.wrap(header, 1, 4).getInt() - 4);
        }
    }

    /** Twice, with a moment between: a server that is only busy has moved on by then. */
    private static boolean waitsForItsClient() throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + Servers.direct() + "/postgres", Servers.USER, "");
                Statement statement = connection.createStatement()) {
            int waiting = 0;
            for (int look = 0; look < 100 && waiting < 5; look++) {
                LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
                try (ResultSet found = statement.executeQuery(
                        "SELECT FROM pg_stat_activity WHERE application_name = 'sluice-e2e' AND state = 'active' AND wait_event = 'ClientWrite'")) {
                    waiting = found.next() ? waiting + 1 : 0;
                }
            }
            return waiting >= 5;
        }
    }

    /** The used heap once what is garbage has been collected: the least of a few readings. */
    private static long heap() {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 2; i++) {
            System.gc();
            least = Math.min(least, ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        }
        return least;
    }

    private static long direct() {
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
    }
}

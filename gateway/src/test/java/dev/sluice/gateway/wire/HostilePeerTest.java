// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.sluice.gateway.wire.testing.Bytes;
import dev.sluice.gateway.wire.testing.Chunking;
import dev.sluice.gateway.wire.testing.WireScript;
import io.vertx.core.buffer.Buffer;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.function.Function;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * Whatever a peer sends, a reader gives messages or a {@link ProtocolViolation} and nothing else, the same for every chunking, and takes
 * memory for what has arrived, not for what a header claims.
 */
class HostilePeerTest {
    private static final int LIMIT = 1 << 16;
    private static final String FRONTEND_TAGS = "QPBEFDCHSdcfXp";
    private static final String BACKEND_TAGS = "DdZENCSKRvA123nsItTGHWcV";

    private static final Buffer FRONTEND = WireScript.of("""
            F Parse "s1" "SELECT $1, $2" 2 23 25
            F Bind "p1" "s1" 2 1 0 2 '\\x00\\x00\\x00\\x07' NULL 1 1
            F Describe P "p1"
            F Execute "p1" 10
            F Sync
            F FunctionCall 1299 1 1 2 'a' NULL 0
            F Query "SELECT 1"
            F CopyData 'abc'
            F CopyFail "enough"
            F PasswordMessage "secret"
            """).frontend();

    private static final Buffer BACKEND = WireScript.of("""
            B AuthenticationSASL "SCRAM-SHA-256"
            B ParameterStatus "client_encoding" "UTF8"
            B BackendKeyData 77 '0123456789abcdef0123456789abcdef'
            B NegotiateProtocolVersion 196610 1 "_pq_.z"
            B ParameterDescription 2 23 25
            B RowDescription 2 "a" 16385 1 23 4 -1 0 "b" 16385 2 25 -1 -1 0
            B DataRow 2 '7' NULL
            B DataRow 2 '' 'text'
            B CommandComplete "SELECT 3"
            B CopyOutResponse 0 1 0
            B CopyData 'one\\n'
            B CopyDone
            B NotificationResponse 5 "jobs" "1"
            B FunctionCallResponse '42'
            B ErrorResponse S "ERROR" V "ERROR" C "42601" M "syntax error" P "3"
            B ReadyForQuery E
            """).backend();

    private static final Buffer STARTUP = WireScript.of("""
            F SSLRequest
            F CancelRequest 7 'abcdefgh'
            F StartupMessage 3 2 "user" "bob" "database" "shop" "options" "-c x=y"
            """).frontend();

    @Property(tries = 3000)
    void survivesAnyBodyOfAFrontendMessage(@ForAll("frontendTag") int tag, @ForAll byte[] body, @ForAll long seed) {
        check(Bytes.frame(tag, Bytes.bytes().raw(body)), seed, chunks -> Transcript.ofFrontend(chunks, LIMIT));
    }

    @Property(tries = 3000)
    void survivesAnyBodyOfABackendMessage(@ForAll("backendTag") int tag, @ForAll byte[] body, @ForAll long seed) {
        check(Bytes.frame(tag, Bytes.bytes().raw(body)), seed, Transcript::ofBackend);
    }

    @Property(tries = 3000)
    void survivesALieAnywhereInAFrontendStream(@ForAll int at, @ForAll("lie") int lie, @ForAll boolean wide, @ForAll long seed) {
        check(lied(FRONTEND, at, lie, wide), seed, chunks -> Transcript.ofFrontend(chunks, LIMIT));
    }

    @Property(tries = 3000)
    void survivesALieAnywhereInABackendStream(@ForAll int at, @ForAll("lie") int lie, @ForAll boolean wide, @ForAll long seed) {
        check(lied(BACKEND, at, lie, wide), seed, Transcript::ofBackend);
    }

    @Property(tries = 3000)
    void survivesALieAnywhereInAStartup(@ForAll int at, @ForAll("lie") int lie, @ForAll boolean wide, @ForAll long seed) {
        check(lied(STARTUP, at, lie, wide), seed, Transcript::ofStartup);
    }

    @Property(tries = 2000)
    void survivesNoise(@ForAll byte[] noise, @ForAll long seed) {
        Buffer stream = Buffer.buffer(noise);
        check(stream, seed, Transcript::ofStartup);
        check(stream, seed, Transcript::ofBackend);
        check(stream, seed, chunks -> Transcript.ofFrontend(chunks, LIMIT));
    }

    @Example
    void takesNoMemoryForWhatAHeaderClaims() {
        FrontendReader frontend = new FrontendReader(64 << 20);
        BackendReader backend = new BackendReader();
        Buffer query = Bytes.lyingFrame('Q', 64 << 20, Bytes.bytes().int8('x'));
        Buffer error = Bytes.lyingFrame('E', 64 << 20, Bytes.bytes().int8('x'));
        Buffer row = Bytes.lyingFrame('D', Integer.MAX_VALUE, Bytes.bytes().int8('x'));

        assertThat(allocated(() -> {
                    frontend.feed(query);
                    frontend.next();
                    backend.feed(error);
                    backend.next();
                }))
                .isLessThan(1 << 20);
        BackendReader relay = new BackendReader();
        assertThat(allocated(() -> {
                    relay.feed(row);
                    relay.next();
                }))
                .isLessThan(1 << 20);
    }

    @Example
    void takesNoMemoryForWhatItDiscards() {
        FrontendReader reader = new FrontendReader(LIMIT);
        reader.feed(Bytes.lyingFrame('Q', (1 << 30) + 4, Bytes.bytes()));
        reader.next();
        Buffer chunk = Buffer.buffer(new byte[1 << 16]);

        assertThat(allocated(() -> {
                    for (int i = 0; i < 1 << 14; i++) {
                        reader.feed(chunk);
                        reader.next();
                    }
                }))
                .isLessThan(1 << 20);
        reader.feed(WireScript.message("F Sync"));
        assertThat(reader.next()).isInstanceOf(FrontendMessage.Sync.class);
    }

    @Example
    void takesTimeInProportionForAMessageInManyPieces() {
        int size = 8 << 20;
        FrontendReader reader = new FrontendReader(size + 5);
        reader.feed(Bytes.lyingFrame('d', size + 4, Bytes.bytes()));
        Buffer piece = Buffer.buffer(new byte[512]);
        long bytes = allocated(() -> {
            for (int i = 0; i < size / 512 - 1; i++) {
                reader.feed(piece);
                reader.next();
            }
        });
        reader.feed(piece);

        assertThat(reader.next()).isInstanceOf(FrontendMessage.CopyData.class);
        assertThat(bytes).isLessThan(10L * size);
    }

    @Provide
    Arbitrary<Integer> frontendTag() {
        return Arbitraries.integers().between(0, FRONTEND_TAGS.length() - 1).map(FRONTEND_TAGS::codePointAt);
    }

    @Provide
    Arbitrary<Integer> backendTag() {
        return Arbitraries.integers().between(0, BACKEND_TAGS.length() - 1).map(BACKEND_TAGS::codePointAt);
    }

    @Provide
    Arbitrary<Integer> lie() {
        return Arbitraries.oneOf(
                Arbitraries.of(-2, -1, 0, 1, 2, 3, 4, 5, 0x7fff, 0x8000, 0xffff, LIMIT, Integer.MAX_VALUE, Integer.MIN_VALUE),
                Arbitraries.integers());
    }

    private static void check(Buffer stream, long seed, Function<List<Buffer>, Transcript> read) {
        Transcript whole = read.apply(List.of(stream.copy()));
        assertThat(read.apply(Chunking.random(stream, seed).chunks())).isEqualTo(whole);
    }

    private static Buffer lied(Buffer honest, int at, int lie, boolean wide) {
        Buffer stream = honest.copy();
        int position = Math.floorMod(at, stream.length() - 4);
        return wide ? stream.setInt(position, lie) : stream.setShort(position, (short) lie);
    }

    private static long allocated(Runnable work) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        work.run();
        return threads.getCurrentThreadAllocatedBytes() - before;
    }
}

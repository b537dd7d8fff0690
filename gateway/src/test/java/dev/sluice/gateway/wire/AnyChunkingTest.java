// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.wire.testing.Bytes;
import dev.sluice.gateway.wire.testing.Chunking;
import dev.sluice.gateway.wire.testing.WireScript;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is read must not depend on where the network cuts the stream. */
class AnyChunkingTest {
    private static final int LIMIT = 2000;

    private static final WireScript SCRIPT = WireScript.of("""
            F Query "BEGIN; SELECT 'ü'"
            F Parse "s1" "SELECT $1, $2" 2 23 25
            F Bind "p1" "s1" 2 1 0 2 '\\x00\\x00\\x00\\x07' NULL 1 1
            F Describe P "p1"
            F Execute "p1" 10
            F Flush
            F Close S "s1"
            F Sync
            F FunctionCall 1299 0 0 0
            F Query "\\xff"
            F CopyData 'a\\x09b\\n'
            F CopyData
            F CopyDone
            F CopyFail "enough"
            F PasswordMessage "secret"
            F Raw 'S\\x00\\x00\\x00\\x05!'
            F Terminate
            B AuthenticationSASL "SCRAM-SHA-256"
            B AuthenticationOk
            B ParameterStatus "client_encoding" "UTF8"
            B BackendKeyData 77 '0123456789abcdef0123456789abcdef'
            B NegotiateProtocolVersion 196610 1 "_pq_.z"
            B ReadyForQuery I
            B ParseComplete
            B BindComplete
            B ParameterDescription 2 23 25
            B RowDescription 2 "a" 16385 1 23 4 -1 0 "b" 16385 2 25 -1 -1 0
            B DataRow 2 '7' NULL
            B DataRow 2 '' 'some longer text that takes more than a header'
            B DataRow 0
            B PortalSuspended
            B CommandComplete "SELECT 3"
            B NoticeResponse S "NOTICE" V "NOTICE" C "00000" M "hello"
            B CopyOutResponse 0 1 0
            B CopyData 'one\\n'
            B CopyData
            B CopyData 'two\\n'
            B CopyDone
            B CopyInResponse 1 1 1
            B CopyBothResponse 0 0
            B NotificationResponse 5 "jobs" "1"
            B FunctionCallResponse '42'
            B EmptyQueryResponse
            B NoData
            B CloseComplete
            B ErrorResponse S "ERROR" V "ERROR" C "42601" M "syntax error" P "3"
            B Raw 'Z\\x00\\x00\\x00\\x05?'
            B ReadyForQuery E
            """);

    @Test
    void readsTheSameFromAFrontend() {
        Buffer stream = SCRIPT.frontend();
        Transcript whole = Transcript.ofFrontend(List.of(stream), LIMIT);

        assertThat(whole.messages()).hasSize((int) SCRIPT.lines().stream().filter(line -> line.side() == WireScript.Side.FRONTEND).count());
        assertThat(whole.lost()).isNull();
        for (Chunking chunking : Chunking.all(stream)) {
            assertThat(Transcript.ofFrontend(chunking.chunks(), LIMIT)).as(chunking.name()).isEqualTo(whole);
        }
    }

    @Test
    void readsTheSameFromABackend() {
        Buffer stream = SCRIPT.backend();
        Transcript whole = Transcript.ofBackend(List.of(stream));

        assertThat(whole.messages()).filteredOn(Transcript.Bulk.class::isInstance).hasSize(2);
        assertThat(whole.lost()).isNull();
        for (Chunking chunking : Chunking.all(stream)) {
            assertThat(Transcript.ofBackend(chunking.chunks())).as(chunking.name()).isEqualTo(whole);
        }
    }

    @Test
    void relaysEveryByteOfABackendUnchanged() {
        Buffer rows = Buffer.buffer();
        for (int i = 0; i < 300; i++) {
            rows.appendBuffer(WireScript.message("B DataRow 2 '" + i + "' '" + "x".repeat(i % 20 == 0 ? i : 1) + "'"));
        }
        Buffer stream = SCRIPT.backend().getBuffer(0, SCRIPT.backend().length() - 12).appendBuffer(rows);
        for (Chunking chunking : Chunking.all(stream)) {
            BackendReader reader = new BackendReader();
            Buffer relayed = Buffer.buffer();
            int started = 0;
            for (Buffer chunk : chunking.chunks()) {
                reader.feed(chunk);
                for (BackendMessage message = reader.next(); message != null; message = reader.next()) {
                    relayed.appendBuffer(message.raw());
                    started += message instanceof BackendMessage.DataRows piece ? piece.started() : 0;
                }
            }
            assertThat(relayed).as(chunking.name()).isEqualTo(stream);
            assertThat(started).as(chunking.name()).isEqualTo(303);
        }
    }

    @Test
    void skipsAnOversizedMessageAndNothingElse() {
        Buffer stream = WireScript.message("F Sync")
                .appendBuffer(Bytes.frame('Q', Bytes.bytes().string("x".repeat(LIMIT))))
                .appendBuffer(Bytes.frame('d', Bytes.bytes().raw(new byte[LIMIT * 3])))
                .appendBuffer(WireScript.message("F Query \"SELECT 1\""));
        Transcript whole = Transcript.ofFrontend(List.of(stream), LIMIT);

        assertThat(whole.messages())
                .containsExactly(
                        new FrontendMessage.Sync(WireScript.message("F Sync")),
                        new FrontendMessage.Oversized((byte) 'Q', LIMIT + 5),
                        new FrontendMessage.Oversized((byte) 'd', LIMIT * 3L + 4),
                        new FrontendMessage.Query("SELECT 1", true, WireScript.message("F Query \"SELECT 1\"")));
        for (Chunking chunking : Chunking.all(stream)) {
            assertThat(Transcript.ofFrontend(chunking.chunks(), LIMIT)).as(chunking.name()).isEqualTo(whole);
        }
    }

    @Test
    void losesTheFramingAtTheSamePlace() {
        Buffer frontend = SCRIPT.frontend().appendBuffer(WireScript.message("F Raw 'Q\\x00\\x00\\x00\\x03SELECT'"));
        Buffer backend = SCRIPT.backend().appendBuffer(WireScript.message("B DataRow 0")).appendBuffer(WireScript.message("B Raw 'D????'"))
                .setByte(SCRIPT.backend().length() + 8, (byte) -1);
        Transcript fromFrontend = Transcript.ofFrontend(List.of(frontend), LIMIT);
        Transcript fromBackend = Transcript.ofBackend(List.of(backend));

        assertThat(fromFrontend.lost()).isEqualTo("invalid length 3 of a message of type 'Q'");
        assertThat(fromBackend.lost()).startsWith("invalid length -");
        for (Chunking chunking : Chunking.all(frontend)) {
            assertThat(Transcript.ofFrontend(chunking.chunks(), LIMIT)).as(chunking.name()).isEqualTo(fromFrontend);
        }
        for (Chunking chunking : Chunking.all(backend)) {
            assertThat(Transcript.ofBackend(chunking.chunks())).as(chunking.name()).isEqualTo(fromBackend);
        }
    }

    @Test
    void readsStartupPacketsTheSame() {
        Buffer stream = WireScript.of("""
                F SSLRequest
                F GSSENCRequest
                F StartupMessage 3 2 "user" "bob" "database" "shop" "_pq_.x" "1"
                """).frontend();
        Transcript whole = Transcript.ofStartup(List.of(stream));

        assertThat(whole.messages()).hasSize(3);
        for (Chunking chunking : Chunking.all(stream)) {
            assertThat(Transcript.ofStartup(chunking.chunks())).as(chunking.name()).isEqualTo(whole);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sluice.gateway.wire.BackendMessage.Authentication;
import dev.sluice.gateway.wire.BackendMessage.Column;
import dev.sluice.gateway.wire.testing.Bytes;
import dev.sluice.gateway.wire.testing.WireScript;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BackendReaderTest {
    private static final String KNOWN_TAGS = "DdZENCSKRvA123nsItTGHWcV";

    @Test
    void readsReadyForQuery() {
        assertThat(status("B ReadyForQuery I")).isEqualTo(TransactionStatus.IDLE);
        assertThat(status("B ReadyForQuery T")).isEqualTo(TransactionStatus.IN_TRANSACTION);
        assertThat(status("B ReadyForQuery E")).isEqualTo(TransactionStatus.FAILED);
    }

    @Test
    void readsErrorResponse() {
        BackendMessage.ErrorResponse error = (BackendMessage.ErrorResponse)
                read("B ErrorResponse S \"FEHLER\" V \"ERROR\" C \"42P01\" M \"relation \\\"x\\\" does not exist\" P \"15\"");

        assertThat(error.severity()).isEqualTo("ERROR");
        assertThat(error.sqlState()).isEqualTo(new SqlState("42P01"));
        assertThat(error.message()).isEqualTo("relation \"x\" does not exist");
        assertThat(error.fields()).containsEntry('P', "15").containsOnlyKeys('S', 'V', 'C', 'M', 'P');
        assertThat(error.endsConnection()).isFalse();
    }

    @Test
    void makesDoWithAnErrorThatSaysNothing() {
        BackendMessage.ErrorResponse bare = (BackendMessage.ErrorResponse) read("B ErrorResponse");
        BackendMessage.ErrorResponse odd = (BackendMessage.ErrorResponse) read("B ErrorResponse S \"FATAL\" C \"oops!\"");

        assertThat(bare.sqlState()).isEqualTo(SqlState.INTERNAL_ERROR);
        assertThat(bare.message() + bare.severity()).isEmpty();
        assertThat(odd.sqlState()).isEqualTo(SqlState.INTERNAL_ERROR);
        assertThat(odd.endsConnection()).isTrue();
    }

    @Test
    void readsNoticeResponse() {
        assertThat(((BackendMessage.NoticeResponse) read("B NoticeResponse S \"NOTICE\" C \"00000\" M \"hi\"")).message()).isEqualTo("hi");
    }

    @Test
    void readsCommandCompleteAndParameterStatusAndNotification() {
        Buffer complete = WireScript.message("B CommandComplete \"INSERT 0 3\"");
        Buffer parameter = WireScript.message("B ParameterStatus \"TimeZone\" \"UTC\"");
        Buffer notification = WireScript.message("B NotificationResponse 12 \"jobs\" \"7\"");

        assertThat(read(complete)).isEqualTo(new BackendMessage.CommandComplete("INSERT 0 3", complete));
        assertThat(read(parameter)).isEqualTo(new BackendMessage.ParameterStatus("TimeZone", "UTC", parameter));
        assertThat(read(notification)).isEqualTo(new BackendMessage.NotificationResponse(12, "jobs", "7", notification));
    }

    @Test
    void readsKeysOfBothProtocolVersions() {
        BackendMessage.BackendKeyData old = (BackendMessage.BackendKeyData) read("B BackendKeyData 7 'abcd'");
        BackendMessage.BackendKeyData longest =
                (BackendMessage.BackendKeyData) read("B BackendKeyData -1 '" + "k".repeat(256) + "'");

        assertThat(old.processId()).isEqualTo(7);
        assertThat(old.secretKey()).isEqualTo("abcd".getBytes(StandardCharsets.US_ASCII));
        assertThat(old.toString()).doesNotContain("abcd");
        assertThat(longest.secretKey()).hasSize(256);
    }

    @Test
    void readsAuthenticationRequests() {
        Authentication salt = (Authentication) read("B AuthenticationMD5Password 'salt'");
        Authentication sasl = (Authentication) read("B AuthenticationSASL \"SCRAM-SHA-256-PLUS\" \"SCRAM-SHA-256\"");

        assertThat(((Authentication) read("B AuthenticationOk")).type()).isEqualTo(Authentication.OK);
        assertThat(salt.type()).isEqualTo(Authentication.MD5_PASSWORD);
        assertThat(salt.payload()).isEqualTo(Buffer.buffer("salt"));
        assertThat(sasl.saslMechanisms()).containsExactly("SCRAM-SHA-256-PLUS", "SCRAM-SHA-256");
        assertThat(violation(salt::saslMechanisms)).hasMessage("AuthenticationSASL has another type");
        assertThat(salt.toString()).doesNotContain("salt");
    }

    @Test
    void readsBothWritingsOfANegotiatedVersion() {
        Buffer whole = WireScript.message("B NegotiateProtocolVersion 196610 2 \"_pq_.a\" \"_pq_.b\"");
        Buffer minor = WireScript.message("B NegotiateProtocolVersion 2 0");

        assertThat(read(whole)).isEqualTo(new BackendMessage.NegotiateProtocolVersion(2, List.of("_pq_.a", "_pq_.b"), whole));
        assertThat(read(minor)).isEqualTo(new BackendMessage.NegotiateProtocolVersion(2, List.of(), minor));
    }

    @Test
    void readsTheMessagesWithoutFields() {
        assertThat(read("B ParseComplete")).isInstanceOf(BackendMessage.ParseComplete.class);
        assertThat(read("B BindComplete")).isInstanceOf(BackendMessage.BindComplete.class);
        assertThat(read("B CloseComplete")).isInstanceOf(BackendMessage.CloseComplete.class);
        assertThat(read("B NoData")).isInstanceOf(BackendMessage.NoData.class);
        assertThat(read("B PortalSuspended")).isInstanceOf(BackendMessage.PortalSuspended.class);
        assertThat(read("B EmptyQueryResponse")).isInstanceOf(BackendMessage.EmptyQueryResponse.class);
        assertThat(read("B CopyDone")).isInstanceOf(BackendMessage.CopyDone.class);
    }

    @Test
    void readsDescriptions() {
        Buffer parameters = WireScript.message("B ParameterDescription 2 23 -2");
        BackendMessage.RowDescription rows = (BackendMessage.RowDescription)
                read("B RowDescription 2 \"id\" 16385 1 23 4 -1 1 \"" + "n".repeat(600) + "\" 0 0 1043 -1 24 0");

        assertThat(read(parameters)).isEqualTo(new BackendMessage.ParameterDescription(List.of(23, -2), parameters));
        assertThat(rows.columnCount()).isEqualTo(2);
        assertThat(rows.columns())
                .containsExactly(
                        new Column("id", 16385, 1, 23, 4, -1, 1), new Column("n".repeat(600), 0, 0, 1043, -1, 24, 0));
    }

    @Test
    void readsCopyResponses() {
        Buffer in = WireScript.message("B CopyInResponse 1 2 1 1");
        Buffer out = WireScript.message("B CopyOutResponse 0 1 0");
        Buffer both = WireScript.message("B CopyBothResponse 0 0");

        assertThat(read(in)).isEqualTo(new BackendMessage.CopyInResponse(1, List.of(1, 1), in));
        assertThat(read(out)).isEqualTo(new BackendMessage.CopyOutResponse(0, List.of(0), out));
        assertThat(read(both)).isEqualTo(new BackendMessage.CopyBothResponse(0, List.of(), both));
    }

    @Test
    void readsFunctionCallResponse() {
        assertThat(read("B FunctionCallResponse 'x'")).isInstanceOf(BackendMessage.FunctionCallResponse.class);
        assertThat(read("B FunctionCallResponse NULL")).isInstanceOf(BackendMessage.FunctionCallResponse.class);
    }

    @Test
    void relaysARunOfRowsAsOnePiece() {
        Buffer rows = WireScript.of("""
                B DataRow 1 '1'
                B DataRow 2 '22' NULL
                B DataRow 0""").backend();
        BackendReader reader = new BackendReader();
        reader.feed(rows.copy().appendBuffer(WireScript.message("B CommandComplete \"SELECT 3\"")));

        assertThat(reader.next()).isEqualTo(new BackendMessage.DataRows(3, true, rows));
        assertThat(reader.next()).isInstanceOf(BackendMessage.CommandComplete.class);
        assertThat(reader.next()).isNull();
    }

    @Test
    void relaysTheBeginningOfARowWithoutWaitingForItsEnd() {
        Buffer row = WireScript.message("B DataRow 1 '" + "x".repeat(100) + "'");
        BackendReader reader = new BackendReader();
        reader.feed(row.getBuffer(0, 40));

        assertThat(reader.next()).isEqualTo(new BackendMessage.DataRows(1, false, row.getBuffer(0, 40)));
        assertThat(reader.withinMessage()).isTrue();
        assertThat(reader.next()).isNull();

        reader.feed(row.getBuffer(40, row.length()).appendBuffer(row));
        assertThat(reader.next())
                .isEqualTo(new BackendMessage.DataRows(1, true, row.getBuffer(40, row.length()).appendBuffer(row)));
        assertThat(reader.withinMessage()).isFalse();
    }

    @Test
    void keepsRowsAndCopyDataApart() {
        BackendReader reader = new BackendReader();
        reader.feed(WireScript.of("""
                B DataRow 1 '1'
                B CopyData 'a'
                B CopyData
                B CopyDone""").backend());

        assertThat(reader.next()).isInstanceOf(BackendMessage.DataRows.class);
        assertThat(reader.next())
                .isEqualTo(new BackendMessage.CopyOutData(2, true, WireScript.of("B CopyData 'a'\nB CopyData").backend()));
        assertThat(reader.next()).isInstanceOf(BackendMessage.CopyDone.class);
    }

    @Test
    void relaysARowOfTheGreatestLength() {
        BackendReader reader = new BackendReader(100);
        reader.feed(Bytes.lyingFrame('D', Integer.MAX_VALUE, Bytes.bytes().raw(new byte[1000])));
        BackendMessage.DataRows beginning = (BackendMessage.DataRows) Objects.requireNonNull(reader.next());
        long relayed = beginning.raw().length();
        Buffer megabyte = Buffer.buffer(new byte[1 << 20]);
        while (reader.withinMessage()) {
            reader.feed(megabyte);
            relayed += Objects.requireNonNull(reader.next()).raw().length();
        }
        assertThat(relayed).isEqualTo(Integer.MAX_VALUE + 1L);
    }

    @Test
    void refusesEveryTagThatItDoesNotKnow() {
        Set<Integer> refused = new HashSet<>();
        for (int tag = 0; tag < 256; tag++) {
            BackendReader reader = new BackendReader();
            reader.feed(Bytes.frame(tag, Bytes.bytes().raw(new byte[20])));
            try {
                reader.next();
            } catch (ProtocolViolation violation) {
                if (!violation.framingIntact()) {
                    assertThat(violation).hasMessage("unknown backend message type " + tag);
                    refused.add(tag);
                }
            }
        }
        assertThat(refused)
                .isEqualTo(IntStream.range(0, 256).filter(tag -> KNOWN_TAGS.indexOf(tag) < 0).boxed().collect(Collectors.toSet()));
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 2, 1, 0, -1, -2, Integer.MIN_VALUE})
    void refusesLengthsThatDoNotCountThemselves(int length) {
        for (char tag : KNOWN_TAGS.toCharArray()) {
            BackendReader reader = new BackendReader();
            reader.feed(Bytes.lyingFrame(tag, length, Bytes.bytes()));

            assertThat(violation(reader::next).framingIntact()).isFalse();
        }
    }

    @Test
    void givesOutTheRowsBeforeAHeaderThatIsWrong() {
        BackendReader reader = new BackendReader();
        Buffer row = WireScript.message("B DataRow 1 '1'");
        reader.feed(row.copy().appendBuffer(Bytes.lyingFrame('D', 5, Bytes.bytes().int8(0))));

        assertThat(reader.next()).isEqualTo(new BackendMessage.DataRows(1, true, row));
        assertThat(violation(reader::next)).hasMessage("invalid length 5 of a message of type 'D'");
    }

    @Test
    void refusesAWholeMessageOverTheLimitBeforeItArrives() {
        BackendReader reader = new BackendReader(100);
        reader.feed(Bytes.lyingFrame('E', 101, Bytes.bytes()));

        assertThat(violation(reader::next)).hasMessage("a message of type 'E' of 101 bytes is over the limit of 100");
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '|', value = {
        "Z, |X|, ReadyForQuery has the unknown transaction status 88",
        "Z, ||, ReadyForQuery ends within transaction status",
        "Z, |II|, ReadyForQuery has 1 bytes after its end",
        "E, |Mtext\\x00|, ErrorResponse ends within field code",
        "E, |Mtext|, ErrorResponse has no zero byte after field",
        "N, |\\x00\\x00|, NoticeResponse has 1 bytes after its end",
        "C, |SELECT 1|, CommandComplete has no zero byte after command tag",
        "S, |a\\x00|, ParameterStatus has no zero byte after value",
        "K, |\\x00\\x00\\x00\\x01abc|, BackendKeyData has a secret key of 3 bytes",
        "K, |abc|, BackendKeyData ends within process id",
        "R, |abc|, Authentication ends within type",
        "v, |\\x00\\x04\\x00\\x00\\x00\\x00\\x00\\x00|, NegotiateProtocolVersion offers the major version 4",
        "v, |\\x00\\x03\\x00\\x00\\xff\\xff\\xff\\xff|, NegotiateProtocolVersion claims -1 options in 0 bytes",
        "v, |\\x00\\x03\\x00\\x00\\x7f\\xff\\xff\\xffa\\x00|, NegotiateProtocolVersion claims 2147483647 options in 2 bytes",
        "A, |\\x00\\x00\\x00\\x01a\\x00b|, NotificationResponse has no zero byte after payload",
        "1, |!|, ParseComplete has 1 bytes after its end",
        "t, |\\x00\\x02\\x00\\x00\\x00\\x01|, ParameterDescription claims 2 parameter types in 4 bytes",
        "T, |\\xff\\xff|, RowDescription claims 65535 columns in 0 bytes",
        "T, |\\x00\\x01aaaaaaaaaaaaaaaaaaa|, RowDescription has no zero byte after column name",
        "T, |\\x00\\x01aaaaaaaaaaaaaaaaaa\\x00|, RowDescription ends within a column",
        "G, |\\x02\\x00\\x00|, CopyInResponse has the unknown format 2",
        "H, |\\x00\\x00\\x01|, CopyOutResponse claims 1 column formats in 0 bytes",
        "V, |\\xff\\xff\\xff\\xfe|, FunctionCallResponse has the length -2 for value",
        "V, |\\x7f\\xff\\xff\\xff|, FunctionCallResponse ends within value"
    })
    void refusesAWrongBody(char tag, String body, String message) {
        BackendReader reader = new BackendReader();
        reader.feed(Bytes.frame(tag, Bytes.bytes().raw(WireScript.message("B Raw '" + body + "'").getBytes())));

        assertThat(violation(reader::next)).hasMessage(message);
    }

    @Test
    void keepsTheFieldsOfAnErrorFromBeingChanged() {
        Map<Character, String> fields = ((BackendMessage.ErrorResponse) read("B ErrorResponse M \"x\"")).fields();

        assertThat(fields).isUnmodifiable();
    }

    private static TransactionStatus status(String line) {
        return ((BackendMessage.ReadyForQuery) read(line)).status();
    }

    private static BackendMessage read(String line) {
        return read(WireScript.message(line));
    }

    private static BackendMessage read(Buffer raw) {
        BackendReader reader = new BackendReader();
        reader.feed(raw);
        BackendMessage message = Objects.requireNonNull(reader.next());
        assertThat(message.raw()).isEqualTo(raw);
        assertThat(reader.next()).isNull();
        return message;
    }

    private static ProtocolViolation violation(ThrowingCallable call) {
        return Objects.requireNonNull(catchThrowableOfType(ProtocolViolation.class, call));
    }
}

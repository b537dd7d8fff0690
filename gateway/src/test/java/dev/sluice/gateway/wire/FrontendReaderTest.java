// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sluice.gateway.wire.FrontendMessage.BoundParameter;
import dev.sluice.gateway.wire.FrontendMessage.Kind;
import dev.sluice.gateway.wire.testing.Bytes;
import dev.sluice.gateway.wire.testing.WireScript;
import io.vertx.core.buffer.Buffer;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FrontendReaderTest {
    private static final int LIMIT = 1 << 20;
    private static final String KNOWN_TAGS = "QPBEFDCHSdcfXp";

    @Test
    void readsQuery() {
        Buffer raw = WireScript.message("F Query \"SELECT 'é'\"");

        assertThat(read(raw)).isEqualTo(new FrontendMessage.Query("SELECT 'é'", true, raw));
    }

    @Test
    void marksTextThatIsNotUtf8() {
        Buffer query = WireScript.message("F Query \"SELECT '\\xff'\"");
        Buffer parse = WireScript.message("F Parse \"\" \"\\xc0\\x80\" 0");

        assertThat(read(query)).isEqualTo(new FrontendMessage.Query("SELECT '\uFFFD'", false, query));
        assertThat(((FrontendMessage.Parse) read(parse)).validUtf8()).isFalse();
    }

    @Test
    void doesNotMistakeAReplacementCharacterOfTheClientForAWrongOne() {
        assertThat(((FrontendMessage.Query) read(WireScript.message("F Query \"SELECT '\uFFFD'\""))).validUtf8()).isTrue();
    }

    @Test
    void readsParse() {
        Buffer raw = WireScript.message("F Parse \"s1\" \"SELECT $1, $2\" 2 23 -1");

        assertThat(read(raw)).isEqualTo(new FrontendMessage.Parse("s1", "SELECT $1, $2", true, List.of(23, -1), raw));
    }

    @Test
    void readsBindWithOneFormatForAllParameters() {
        Buffer raw = WireScript.message("F Bind \"p\" \"s\" 1 1 3 'ab' NULL '' 2 0 1");

        assertThat(read(raw))
                .isEqualTo(new FrontendMessage.Bind(
                        "p",
                        "s",
                        List.of(
                                new BoundParameter(1, Buffer.buffer("ab")),
                                new BoundParameter(1, null),
                                new BoundParameter(1, Buffer.buffer())),
                        List.of(0, 1),
                        raw));
    }

    @Test
    void readsBindWithAFormatPerParameterAndWithNone() {
        FrontendMessage.Bind each = (FrontendMessage.Bind) read(WireScript.message("F Bind \"\" \"\" 2 0 1 2 'a' 'b' 0"));
        FrontendMessage.Bind none = (FrontendMessage.Bind) read(WireScript.message("F Bind \"\" \"\" 0 2 'a' 'b' 0"));

        assertThat(each.parameters()).extracting(BoundParameter::format).containsExactly(0, 1);
        assertThat(none.parameters()).extracting(BoundParameter::format).containsExactly(0, 0);
    }

    @Test
    void readsAsManyParametersAsTheProtocolCanCount() {
        FrontendReader reader = new FrontendReader(LIMIT);
        Bytes body = Bytes.bytes().string("").string("").int16(0).int16(65535);
        IntStream.range(0, 65535).forEach(i -> body.int32(0));
        reader.feed(Bytes.frame('B', body.int16(0)));

        assertThat(((FrontendMessage.Bind) Objects.requireNonNull(reader.next())).parameters()).hasSize(65535);
    }

    @Test
    void readsExecute() {
        Buffer raw = WireScript.message("F Execute \"p\" 100");

        assertThat(read(raw)).isEqualTo(new FrontendMessage.Execute("p", 100, raw));
    }

    @Test
    void readsFunctionCall() {
        Buffer raw = WireScript.message("F FunctionCall 1299 1 0 2 'x' NULL 1");

        assertThat(read(raw)).isEqualTo(new FrontendMessage.FunctionCall(1299, raw));
    }

    @Test
    void readsDescribeAndClose() {
        Buffer describe = WireScript.message("F Describe S \"s1\"");
        Buffer close = WireScript.message("F Close P \"\"");

        assertThat(read(describe)).isEqualTo(new FrontendMessage.Describe(Kind.STATEMENT, "s1", describe));
        assertThat(read(close)).isEqualTo(new FrontendMessage.Close(Kind.PORTAL, "", close));
    }

    @Test
    void readsTheMessagesWithoutFields() {
        assertThat(read(WireScript.message("F Flush"))).isInstanceOf(FrontendMessage.Flush.class);
        assertThat(read(WireScript.message("F Sync"))).isInstanceOf(FrontendMessage.Sync.class);
        assertThat(read(WireScript.message("F CopyDone"))).isInstanceOf(FrontendMessage.CopyDone.class);
        assertThat(read(WireScript.message("F Terminate"))).isInstanceOf(FrontendMessage.Terminate.class);
    }

    @Test
    void readsCopyDataAndCopyFail() {
        Buffer data = WireScript.message("F CopyData '1\\x092\\n'");
        Buffer fail = WireScript.message("F CopyFail \"disk full\"");

        assertThat(read(data)).isEqualTo(new FrontendMessage.CopyData(data));
        assertThat(read(fail)).isEqualTo(new FrontendMessage.CopyFail("disk full", fail));
    }

    @Test
    void readsTheFourMeaningsOfAPasswordMessageOnDemand() {
        FrontendMessage.PasswordMessage password = password("F PasswordMessage \"hunter2\"");
        FrontendMessage.SaslInitialResponse initial =
                password("F SASLInitialResponse \"SCRAM-SHA-256\" 'n,,n=,r=abc'").saslInitialResponse();

        assertThat(password.password()).isEqualTo(Buffer.buffer("hunter2"));
        assertThat(initial.mechanism()).isEqualTo("SCRAM-SHA-256");
        assertThat(initial.data()).isEqualTo(Buffer.buffer("n,,n=,r=abc"));
        assertThat(password("F SASLInitialResponse \"OAUTHBEARER\" NULL").saslInitialResponse().data()).isNull();
        assertThat(password("F SASLResponse 'c=biws'").saslResponse()).isEqualTo(Buffer.buffer("c=biws"));
        assertThat(violation(() -> password("F SASLResponse 'no zero'").password()).getMessage())
                .isEqualTo("PasswordMessage has no zero byte after password");
        assertThat(violation(() -> password("F SASLResponse 'X\\x00\\xff\\xff\\xff\\xfe'").saslInitialResponse()).getMessage())
                .isEqualTo("SASLInitialResponse has the length -2 for data");
    }

    @Test
    void neverPrintsPasswordsOrParameters() {
        assertThat(password("F PasswordMessage \"hunter2\"").toString()).doesNotContain("hunter2");
        assertThat(read(WireScript.message("F Bind \"\" \"\" 0 1 'hunter2' 0")).toString()).doesNotContain("hunter2");
        assertThat(password("F SASLInitialResponse \"X\" 'hunter2'").saslInitialResponse().toString()).doesNotContain("hunter2");
    }

    @Test
    void refusesEveryTagThatItDoesNotKnow() {
        Set<Integer> refused = new HashSet<>();
        for (int tag = 0; tag < 256; tag++) {
            FrontendReader reader = new FrontendReader(LIMIT);
            reader.feed(Bytes.frame(tag, Bytes.bytes().raw(new byte[20])));
            try {
                reader.next();
            } catch (ProtocolViolation violation) {
                if (!violation.framingIntact()) {
                    assertThat(violation).hasMessage("invalid frontend message type " + tag);
                    refused.add(tag);
                }
            }
        }
        assertThat(refused)
                .isEqualTo(IntStream.range(0, 256).filter(tag -> KNOWN_TAGS.indexOf(tag) < 0).boxed().collect(Collectors.toSet()));
    }

    @Test
    void refusesAnUnknownTagBeforeItsLengthArrives() {
        FrontendReader reader = new FrontendReader(LIMIT);
        reader.feed(Bytes.bytes().int8('Y').toBuffer());

        assertThat(violation(reader::next).framingIntact()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 2, 1, 0, -1, -2, Integer.MIN_VALUE})
    void refusesLengthsThatDoNotCountThemselves(int length) {
        FrontendReader reader = new FrontendReader(LIMIT);
        reader.feed(Bytes.lyingFrame('Q', length, Bytes.bytes().string("SELECT 1")));

        ProtocolViolation violation = violation(reader::next);
        assertThat(violation).hasMessage("invalid length " + length + " of a message of type 'Q'");
        assertThat(violation.sqlState()).isEqualTo(SqlState.PROTOCOL_VIOLATION);
    }

    @Test
    void staysBrokenOnceTheFramingIsLost() {
        FrontendReader reader = new FrontendReader(LIMIT);
        reader.feed(Bytes.bytes().int8(0).toBuffer());
        ProtocolViolation first = violation(reader::next);
        reader.feed(WireScript.message("F Sync"));

        assertThat(violation(reader::next)).isSameAs(first);
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '|', value = {
        "Q, |abc|, Query has no zero byte after query string",
        "Q, |abc\\x00d\\x00|, Query has 2 bytes after its end",
        "Q, ||, Query has no zero byte after query string",
        "P, |\\x00\\x00|, Parse ends within parameter types",
        "P, |\\x00\\x00\\x00\\x01|, Parse claims 1 parameter types in 0 bytes",
        "P, |\\x00\\x00\\xff\\xff\\x00\\x00\\x00\\x00|, Parse claims 65535 parameter types in 4 bytes",
        "B, |\\x00|, Bind has no zero byte after statement name",
        "B, |\\x00\\x00\\xff\\xff|, Bind claims 65535 parameter formats in 0 bytes",
        "B, |\\x00\\x00\\x00\\x00\\x00\\x02\\xff\\xff\\xff\\xff|, Bind claims 2 parameters in 4 bytes",
        "B, |\\x00\\x00\\x00\\x00\\x00\\x01\\xff\\xff\\xff\\xfe|, Bind has the length -2 for a parameter value",
        "B, |\\x00\\x00\\x00\\x00\\x00\\x01\\x80\\x00\\x00\\x00|, Bind has the length -2147483648 for a parameter value",
        "B, |\\x00\\x00\\x00\\x00\\x00\\x01\\x7f\\xff\\xff\\xff|, Bind ends within a parameter value",
        "B, |\\x00\\x00\\x00\\x02\\x00\\x00\\x00\\x01\\x00\\x00|, Bind has 2 parameter formats but 0 parameters",
        "B, |\\x00\\x00\\x00\\x00\\x00\\x00|, Bind ends within result formats",
        "B, |\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00!|, Bind has 1 bytes after its end",
        "E, |\\x00\\x00\\x00|, Execute ends within row limit",
        "F, |\\x00\\x00\\x00|, FunctionCall ends within function OID",
        "F, |\\x00\\x00\\x00\\x01\\x00\\x00\\x00\\x00|, FunctionCall ends within result format",
        "D, |X\\x00|, Describe has the invalid subtype 88",
        "D, ||, Describe ends within subtype",
        "C, |S|, Close has no zero byte after name",
        "H, |!|, Flush has 1 bytes after its end",
        "S, |!|, Sync has 1 bytes after its end",
        "X, |!|, Terminate has 1 bytes after its end",
        "c, |!|, CopyDone has 1 bytes after its end",
        "f, |no zero|, CopyFail has no zero byte after reason"
    })
    void refusesAWrongBodyAndGoesOnWithTheNextMessage(char tag, String body, String message) {
        FrontendReader reader = new FrontendReader(LIMIT);
        reader.feed(Bytes.frame(tag, Bytes.bytes().raw(WireScript.message("F Raw '" + body + "'").getBytes())));
        reader.feed(WireScript.message("F Sync"));

        ProtocolViolation violation = violation(reader::next);
        assertThat(violation).hasMessage(message);
        assertThat(violation.sqlState()).isEqualTo(SqlState.PROTOCOL_VIOLATION);
        assertThat(violation.tag()).isEqualTo(tag);
        assertThat(violation.framingIntact()).isTrue();
        assertThat(reader.next()).isInstanceOf(FrontendMessage.Sync.class);
    }

    @Test
    void refusesUnknownFormatsAsPostgresqlDoes() {
        FrontendReader reader = new FrontendReader(LIMIT);
        reader.feed(WireScript.message("F Bind \"\" \"\" 1 2 1 '' 0"));

        assertThat(violation(reader::next).sqlState()).isEqualTo(SqlState.INVALID_PARAMETER_VALUE);
    }

    @Test
    void refusesNamesThatCouldBeConfused() {
        FrontendReader reader = new FrontendReader(LIMIT);
        reader.feed(WireScript.message("F Parse \"\\xff\" \"SELECT 1\" 0"));

        assertThat(violation(reader::next).sqlState()).isEqualTo(SqlState.CHARACTER_NOT_IN_REPERTOIRE);
    }

    @ParameterizedTest
    @ValueSource(chars = {'E', 'D', 'C', 'H', 'S', 'c', 'f', 'X'})
    void holdsShortMessagesToPostgresqlsOwnBound(char tag) {
        FrontendReader reader = new FrontendReader(LIMIT);
        reader.feed(Bytes.lyingFrame(tag, FrontendReader.SMALL_MESSAGE_BYTES + 1, Bytes.bytes()));

        assertThat(violation(reader::next).framingIntact()).isFalse();
    }

    @Test
    void readsAMessageOfExactlyTheLimitAndSkipsALongerOne() {
        Buffer fits = Bytes.frame('Q', Bytes.bytes().string("x".repeat(95)));
        Buffer tooLong = Bytes.frame('Q', Bytes.bytes().string("x".repeat(96)));
        FrontendReader reader = new FrontendReader(100);
        reader.feed(fits.copy().appendBuffer(tooLong).appendBuffer(fits));

        assertThat(reader.next()).isInstanceOf(FrontendMessage.Query.class);
        assertThat(reader.next()).isEqualTo(new FrontendMessage.Oversized((byte) 'Q', 101));
        assertThat(reader.next()).isInstanceOf(FrontendMessage.Query.class);
        assertThat(reader.next()).isNull();
    }

    @Test
    void reportsAnOversizedMessageBeforeItsBodyArrives() {
        FrontendReader reader = new FrontendReader(100);
        reader.feed(Bytes.lyingFrame('P', Integer.MAX_VALUE, Bytes.bytes()));

        assertThat(reader.next()).isEqualTo(new FrontendMessage.Oversized((byte) 'P', Integer.MAX_VALUE));
        assertThat(reader.next()).isNull();
    }

    @Test
    void appliesAChangedLimitFromTheNextMessageOn() {
        Buffer query = Bytes.frame('Q', Bytes.bytes().string("x".repeat(200)));
        FrontendReader reader = new FrontendReader(100);
        reader.feed(query);
        assertThat(reader.next()).isInstanceOf(FrontendMessage.Oversized.class);

        reader.limit(1000);
        reader.feed(query.getBuffer(0, 150));
        assertThat(reader.next()).isNull();
        reader.limit(100);
        reader.feed(query.getBuffer(150, query.length()).appendBuffer(WireScript.message("F Sync")));

        assertThat(reader.next()).isInstanceOf(FrontendMessage.Oversized.class);
        assertThat(reader.next()).isInstanceOf(FrontendMessage.Sync.class);
    }

    @Test
    void refusesLimitsThatMakeNoSense() {
        assertThatIllegalArgumentException().isThrownBy(() -> new FrontendReader(3));
        assertThatIllegalArgumentException().isThrownBy(() -> new FrontendReader(Integer.MAX_VALUE));
    }

    private static FrontendMessage.PasswordMessage password(String line) {
        return (FrontendMessage.PasswordMessage) read(WireScript.message(line));
    }

    private static FrontendMessage read(Buffer raw) {
        FrontendReader reader = new FrontendReader(LIMIT);
        reader.feed(raw);
        FrontendMessage message = Objects.requireNonNull(reader.next());
        assertThat(message.raw()).isEqualTo(raw);
        assertThat(reader.next()).isNull();
        return message;
    }

    private static ProtocolViolation violation(ThrowingCallable call) {
        return Objects.requireNonNull(catchThrowableOfType(ProtocolViolation.class, call));
    }
}

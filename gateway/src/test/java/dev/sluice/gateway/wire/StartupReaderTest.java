// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.entry;

import dev.sluice.gateway.wire.testing.Bytes;
import dev.sluice.gateway.wire.testing.WireScript;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StartupReaderTest {
    private final StartupReader reader = new StartupReader();

    @Test
    void readsTheRequestsForEncryption() {
        reader.feed(WireScript.of("F SSLRequest\nF GSSENCRequest").frontend());

        assertThat(reader.next()).isEqualTo(new StartupPacket.SslRequest());
        assertThat(reader.next()).isEqualTo(new StartupPacket.GssEncRequest());
        assertThat(reader.next()).isNull();
    }

    @Test
    void readsParametersInOrder() {
        StartupPacket.StartupMessage startup = startup("F StartupMessage 3 2 \"user\" \"bob\" \"database\" \"shop\" \"options\" \"\"");

        assertThat(startup.major()).isEqualTo(3);
        assertThat(startup.minor()).isEqualTo(2);
        assertThat(startup.parameters()).containsExactly(entry("user", "bob"), entry("database", "shop"), entry("options", ""));
    }

    @Test
    void takesTheLastOfTwoParametersWithOneName() {
        assertThat(startup("F StartupMessage 3 0 \"user\" \"bob\" \"user\" \"eve\"").parameters()).containsExactly(entry("user", "eve"));
    }

    @Test
    void readsAnyMinorVersion() {
        assertThat(startup("F StartupMessage 3 9999 \"user\" \"bob\"").minor()).isEqualTo(9999);
    }

    @Test
    void doesNotReadTheParametersOfAnotherMajorVersion() {
        StartupPacket.StartupMessage two = startup("F StartupMessage 2 0 \"not\" \"a list\"");

        assertThat(two.major()).isEqualTo(2);
        assertThat(two.parameters()).isEmpty();
    }

    @Test
    void readsCancelRequestsOfBothProtocolVersions() {
        StartupPacket.CancelRequest old = cancel("abcd");
        StartupPacket.CancelRequest longest = cancel("k".repeat(256));

        assertThat(old.processId()).isEqualTo(7);
        assertThat(old.secretKey()).isEqualTo("abcd".getBytes(StandardCharsets.US_ASCII));
        assertThat(old.toString()).doesNotContain("abcd");
        assertThat(longest.secretKey()).hasSize(256);
    }

    @Test
    void countsAndGivesAwayWhatCameAfterAPacket() {
        Buffer sync = WireScript.message("F Sync");
        reader.feed(WireScript.message("F SSLRequest").appendBuffer(sync));
        assertThat(reader.remaining()).isEqualTo(13);

        assertThat(reader.next()).isEqualTo(new StartupPacket.SslRequest());
        assertThat(reader.remaining()).isEqualTo(sync.length());
        assertThat(reader.drain()).isEqualTo(sync);
        assertThat(reader.remaining()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {-2, -1, 0, 3, 4, 7, 10_005, Integer.MAX_VALUE, Integer.MIN_VALUE})
    void refusesALengthOutOfBoundsBeforeTheBodyArrives(int length) {
        reader.feed(Bytes.bytes().int32(length).toBuffer());

        assertThat(violation()).hasMessage("invalid length " + length + " of a startup packet");
        assertThat(violation().sqlState()).isEqualTo(SqlState.PROTOCOL_VIOLATION);
    }

    @Test
    void readsThePacketOfTheGreatestLength() {
        Buffer packet = WireScript.message("F StartupMessage 3 0 \"a\" \"" + "x".repeat(9992) + "\"");
        assertThat(packet.length()).isEqualTo(10_004);

        reader.feed(packet);
        assertThat(reader.next()).isInstanceOf(StartupPacket.StartupMessage.class);
    }

    @Test
    void refusesParametersThatDoNotEndWithThePacket() {
        assertRefused(Bytes.bytes().int32(196608).string("user").string("bob"), "invalid startup packet layout: expected terminator as last byte");
        assertRefused(Bytes.bytes().int32(196608).string("user"), "invalid startup packet layout: expected terminator as last byte");
        assertRefused(Bytes.bytes().int32(196608), "invalid startup packet layout: expected terminator as last byte");
        assertRefused(
                Bytes.bytes().int32(196608).string("").string("bob").int8(0), "invalid startup packet layout: expected terminator as last byte");
        assertRefused(Bytes.bytes().int32(196608).string("user").string("bob").int8(0).int8(0),
                "invalid startup packet layout: expected terminator as last byte");
        assertRefused(
                Bytes.bytes().int32(196608).string("user").raw((byte) 0xff).int8(0).int8(0),
                "a startup packet holds text that is not UTF-8");
    }

    @Test
    void refusesRequestsOfAnotherLength() {
        assertRefused(Bytes.bytes().int32(80877103).int8(0), "invalid length 9 of SSLRequest");
        assertRefused(Bytes.bytes().int32(80877104).int8(0), "invalid length 9 of GSSENCRequest");
        assertRefused(Bytes.bytes().int32(80877102).int32(1).raw(new byte[3]), "invalid length 15 of CancelRequest");
        assertRefused(Bytes.bytes().int32(80877102).int32(1).raw(new byte[257]), "invalid length 269 of CancelRequest");
    }

    private static void assertRefused(Bytes body, String message) {
        StartupReader reader = new StartupReader();
        reader.feed(Bytes.bytes().int32(body.toArray().length + 4).raw(body.toArray()).toBuffer());
        assertThat(catchThrowableOfType(ProtocolViolation.class, reader::next)).hasMessage(message);
    }

    private StartupPacket.StartupMessage startup(String line) {
        reader.feed(WireScript.message(line));
        return (StartupPacket.StartupMessage) Objects.requireNonNull(reader.next());
    }

    private StartupPacket.CancelRequest cancel(String key) {
        reader.feed(WireScript.message("F CancelRequest 7 '" + key + "'"));
        return (StartupPacket.CancelRequest) Objects.requireNonNull(reader.next());
    }

    private ProtocolViolation violation() {
        return Objects.requireNonNull(catchThrowableOfType(ProtocolViolation.class, reader::next));
    }
}

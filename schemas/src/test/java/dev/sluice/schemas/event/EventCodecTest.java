// SPDX-License-Identifier: Apache-2.0
package dev.sluice.schemas.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.schemas.Principal;
import dev.sluice.schemas.event.ApprovalEvent.ApprovalVoted;
import dev.sluice.schemas.event.ApprovalEvent.Vote;
import dev.sluice.schemas.event.VerdictEvent.VerdictRefused;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventCodecTest {
    private static final EventCodec CODEC = new EventCodec();
    private static final Envelopes ENVELOPES = new Envelopes(
            URI.create("/sluice/approval-service/a1"), Clock.fixed(Instant.parse("2026-11-23T12:00:00Z"), ZoneOffset.UTC), new SplittableRandom(1));

    private static String refused() {
        return new String(CODEC.encode(ENVELOPES.of("a", "s", new VerdictRefused("a", "s", "no"))), StandardCharsets.UTF_8);
    }

    private static Decoded decode(String json) {
        return CODEC.decode(json.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void passesOverFieldsItDoesNotKnow() {
        String newer = refused().replace("\"reason\"", "\"since\":{\"a\":[1,{}]},\"reason\"").replace("\"id\"", "\"traceparent\":\"x\",\"flag\":true,\"id\"");
        assertThat(decode(newer)).isInstanceOf(Decoded.Known.class);
    }

    @Test
    void readsAttributesInAnyOrder() {
        String json = refused();
        int data = json.indexOf(",\"data\":");
        String dataFirst = "{" + json.substring(data + 1, json.length() - 1) + "," + json.substring(1, data) + "}";
        assertThat(decode(dataFirst)).isEqualTo(decode(json));
    }

    @Test
    void namesATypeItDoesNotKnow() {
        assertThat(decode(refused().replace("verdict.refused.v1", "verdict.refused.v9")))
                .isInstanceOfSatisfying(Decoded.UnknownType.class, unknown -> assertThat(unknown.type()).isEqualTo("dev.sluice.verdict.refused.v9"));
    }

    @Test
    void namesTheFieldThatIsWrongAndNotItsValue() {
        assertThat(decode(refused().replace("\"reason\":\"no\"", "\"reason\":7"))).isEqualTo(malformed("data.reason"));
        assertThat(decode(refused().replace("\"reason\":\"no\"", "\"reason\":null"))).isEqualTo(malformed("data.reason"));
        assertThat(decode(refused().replace(",\"reason\":\"no\"", ""))).isEqualTo(malformed("data.reason"));
        assertThat(decode(refused().replace("\"specversion\":\"1.0\"", "\"specversion\":\"0.3\""))).isInstanceOf(Decoded.Malformed.class);
    }

    private static Decoded malformed(String path) {
        return new Decoded.Malformed(path + " is missing or has the wrong type or an unknown value");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "null", "[]", "7", "{", "{}", "{\"type\":1}", "{\"data\":{}}", "{}{}", "\u0000", "{\"data\":[[[["})
    void neverThrows(String text) {
        assertThat(decode(text)).isInstanceOf(Decoded.Malformed.class);
    }

    @Test
    void anyCutOrFlippedByteIsNeverAnException() {
        byte[] whole = refused().getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < whole.length; i++) {
            assertThat(CODEC.decode(Arrays.copyOf(whole, i))).isInstanceOf(Decoded.Malformed.class);
            byte[] flipped = whole.clone();
            flipped[i] ^= (byte) 0x80;
            assertThat(CODEC.decode(flipped)).isNotNull();
        }
    }

    @Test
    void refusesTwoFieldsOfOneName() {
        assertThat(decode(refused().replace("\"reason\":\"no\"", "\"reason\":\"no\",\"reason\":\"yes\""))).isInstanceOf(Decoded.Malformed.class);
    }

    @Test
    void writesSetsSorted() {
        var groups = new TreeSet<>(Set.of("z", "a", "m", "b", "y"));
        var voter = new Principal("bob", "i", Principal.Method.OIDC, groups, null);
        byte[] bytes = CODEC.encode(ENVELOPES.of("a", "s", new ApprovalVoted("a", voter, Vote.APPROVE, null, "d")));
        assertThat(new String(bytes, StandardCharsets.UTF_8)).contains("\"groups\":[\"a\",\"b\",\"m\",\"y\",\"z\"]").doesNotContain("comment", "onBehalfOf");
    }

    @Test
    void idsOfReactionsAreTheSameWhenMadeAgain() {
        var cause = ENVELOPES.of("a", "s", new VerdictRefused("a", "s", "no"));
        var one = ENVELOPES.following(cause, "a", new VerdictRefused("a", "s", "no"));
        var two = ENVELOPES.following(cause, "a", new VerdictRefused("a", "s", "no"));
        assertThat(one.id()).isEqualTo(two.id()).isNotEqualTo(cause.id());
        assertThat(one.causationid()).isEqualTo(cause.id());
    }

    @Test
    void writesInstantsAsTheyPrint() {
        var random = new SplittableRandom(20261123);
        long last = Instant.parse("9999-12-31T23:59:59Z").getEpochSecond();
        long first = Instant.parse("0000-01-01T00:00:00Z").getEpochSecond();
        int[] units = {1, 1_000, 1_000_000, 1_000_000_000};
        for (int i = 0; i < 200_000; i++) {
            int unit = units[random.nextInt(units.length)];
            var instant = Instant.ofEpochSecond(random.nextLong(first, last), (long) random.nextInt(1_000_000_000) / unit * unit);
            assertThat(InstantText.format(instant)).isEqualTo(instant.toString());
            assertThat(InstantText.parse(instant.toString())).isEqualTo(instant);
        }
    }

    @Test
    void idsSortByTime() {
        var random = new SplittableRandom(7);
        Instant now = Instant.parse("2026-11-23T12:00:00Z");
        String before = "";
        for (int i = 0; i < 1_000; i++) {
            var id = EventIds.next(now.plusNanos(i * 1_000L), random);
            assertThat(id.version()).isEqualTo(7);
            assertThat(id.variant()).isEqualTo(2);
            assertThat(id.toString()).isGreaterThan(before);
            before = id.toString();
        }
    }

    @Test
    void timesAreReadAsTheLibraryReadsThem() {
        for (String text : List.of("2024-02-29T23:59:59.1Z", "1969-12-31T00:00:00.000000001Z", "2026-11-23T12:00:00.12Z", "0000-03-01T00:00:00Z", "2026-11-23T12:00:00+01:00")) {
            assertThat(InstantText.parse(text)).as(text).isEqualTo(Instant.parse(text));
        }
        for (String text : List.of("2026-02-30T00:00:00Z", "2026-13-01T00:00:00Z", "2026-11-23T25:00:00Z", "2026-11-23 12:00:00Z", "2026-11-23T12:00:00.xZ", "2026-11-23T12:00:00.Z0Z")) {
            assertThatThrownBy(() -> InstantText.parse(text)).as(text).isInstanceOf(DateTimeException.class);
        }
    }
}

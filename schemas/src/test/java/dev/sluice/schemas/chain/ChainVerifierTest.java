// SPDX-License-Identifier: Apache-2.0
package dev.sluice.schemas.chain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.schemas.chain.Finding.Kind;
import dev.sluice.schemas.event.DomainEvent;
import dev.sluice.schemas.event.EventCodec;
import dev.sluice.schemas.event.EventEnvelope;
import dev.sluice.schemas.event.EventTypes;
import dev.sluice.schemas.event.SessionEvent.SessionCheckpointed;
import dev.sluice.schemas.event.SessionEvent.SessionClosed;
import dev.sluice.schemas.event.StatementEvent.StatementWithdrawn;
import dev.sluice.schemas.signature.SigningKey;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Every way to tamper with a chain of ten records is found, and an untouched one passes. */
class ChainVerifierTest {
    private static final SigningKey KEY = SigningKey.generate();
    private static final EventCodec CODEC = new EventCodec();
    private static final int CHECKPOINT = 5;
    private static final int END = 9;

    /** Ten records: a checkpoint over 0 to 4 at 5, session.closed at 9. */
    private static List<byte[]> chain(SigningKey key) {
        var records = new ArrayList<byte[]>();
        var chain = new HashChain();
        for (int i = 0; i <= END; i++) {
            var seal = new ChainSeal("s", i - 1L, chain.last());
            DomainEvent event = switch (i) {
                case CHECKPOINT -> new SessionCheckpointed(i - 1L, chain.last(), seal.sign(key));
                case END -> {
                    byte[] unsigned = record(i, chain.last(), new SessionClosed("bye", 9, 1, chain.last(), ""));
                    yield new SessionClosed("bye", 9, 1, chain.last(), seal.signEnd(key, unsigned));
                }
                default -> new StatementWithdrawn("statement " + i, "a", "reason " + i);
            };
            byte[] record = record(i, chain.last(), event);
            chain.add(record);
            records.add(record);
        }
        return records;
    }

    private static byte[] record(long sequence, String previous, DomainEvent event) {
        return CODEC.encode(new EventEnvelope<>(
                "1.0", "id" + sequence, URI.create("/sluice/gateway/g"), EventTypes.of(event), "s", Instant.EPOCH.plusSeconds(sequence),
                "application/json", EventTypes.schemaOf(event), "s", null, sequence, previous, event));
    }

    private static ChainReport verify(List<byte[]> records) {
        var verifier = new ChainVerifier("s", KEY.publicKeys());
        records.forEach(verifier::add);
        return verifier.report();
    }

    private static List<Kind> kinds(List<byte[]> records) {
        return verify(records).findings().stream().map(Finding::kind).toList();
    }

    @Test
    void anUntouchedChainIsIntact() {
        ChainReport report = verify(chain(KEY));
        assertThat(report.findings()).isEmpty();
        assertThat(report.intact()).isTrue();
        assertThat(report.closed()).isTrue();
        assertThat(report.sealedThrough()).isEqualTo(END - 1);
    }

    @Test
    void aFlippedBitInAnyRecordIsFound() {
        List<byte[]> untouched = chain(KEY);
        for (int which = 0; which <= END; which++) {
            for (int at = which % 3; at < untouched.get(which).length; at += 3) {
                var records = new ArrayList<>(untouched);
                records.set(which, untouched.get(which).clone());
                records.get(which)[at] ^= 1;
                assertThat(kinds(records)).as("record %d, byte %d", which, at).isNotEmpty();
            }
        }
    }

    @Test
    void anyMissingRecordIsFound() {
        for (int which = 0; which < END; which++) {
            var records = chain(KEY);
            records.remove(which);
            assertThat(kinds(records)).as("without " + which).contains(Kind.GAP);
        }
    }

    @Test
    void aCutEndIsFound() {
        var records = chain(KEY);
        for (int length = END; length >= 0; length--) {
            ChainReport report = verify(records.subList(0, length));
            assertThat(report.findings()).extracting(Finding::kind).containsExactly(Kind.OPEN_END);
            assertThat(report.intactSoFar()).isTrue();
            assertThat(report.sealedThrough()).isEqualTo(length > CHECKPOINT ? CHECKPOINT - 1 : -1);
        }
    }

    @Test
    void anyTwoSwappedRecordsAreFound() {
        for (int which = 0; which < END; which++) {
            var records = chain(KEY);
            Collections.swap(records, which, which + 1);
            assertThat(kinds(records)).as("swapped " + which).contains(Kind.GAP).containsAnyOf(Kind.REORDERED, Kind.AFTER_END);
        }
    }

    @Test
    void aRepeatedDeliveryIsNoFindingButASecondVersionIs() {
        var records = chain(KEY);
        records.add(4, records.get(3));
        assertThat(kinds(records)).isEmpty();
        records.set(4, record(3, "f".repeat(64), new StatementWithdrawn("other", "a", "r")));
        assertThat(kinds(records)).containsExactly(Kind.DUPLICATE);
    }

    @Test
    void aChainThatWasMadeAnewWithoutTheKeyIsFound() {
        assertThat(kinds(chain(SigningKey.generate()))).containsExactly(Kind.BAD_SIGNATURE, Kind.BAD_SIGNATURE);
    }

    @Test
    void aSealIsOnlyForItsOwnSession() {
        var verifier = new ChainVerifier("other", KEY.publicKeys());
        chain(KEY).forEach(verifier::add);
        assertThat(verifier.report().findings()).extracting(Finding::kind).contains(Kind.FOREIGN, Kind.OPEN_END);
        String seal = new ChainSeal("s", 4, HashChain.START).sign(KEY);
        assertThat(new ChainSeal("t", 4, HashChain.START).verify(seal, KEY.publicKeys())).contains("another session");
        assertThat(new ChainSeal("s", 4, HashChain.START).verify(seal, KEY.publicKeys())).isNull();
    }

    @Test
    void theSignatureOfTheEndIsNotRepeatedInIt() {
        var records = chain(KEY);
        var text = new String(records.get(END), StandardCharsets.UTF_8);
        var jws = text.replaceAll(".*\"signature\":\"([^\"]+)\".*", "$1");

        records.set(END, text.replace("\"bye", "\"bye" + jws).getBytes(StandardCharsets.UTF_8));

        assertThat(kinds(records)).containsExactly(Kind.BAD_SIGNATURE);
    }

    @Test
    void recordsAfterTheEndAndGarbageAreFound() {
        var records = chain(KEY);
        records.add(record(10, HashChain.hash(records.get(END)), new StatementWithdrawn("late", "a", "r")));
        assertThat(kinds(records)).containsExactly(Kind.AFTER_END);
        var garbage = chain(KEY);
        garbage.set(2, new byte[] {1, 2, 3});
        assertThat(kinds(garbage)).contains(Kind.UNREADABLE, Kind.BROKEN_LINK);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.schemas.chain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.schemas.Principal;
import dev.sluice.schemas.event.ApprovalEvent;
import dev.sluice.schemas.event.ApprovalEvent.ApprovalSealed;
import dev.sluice.schemas.event.ApprovalEvent.ApprovalVoted;
import dev.sluice.schemas.event.ApprovalEvent.ApprovalWithdrawn;
import dev.sluice.schemas.event.ApprovalEvent.Vote;
import dev.sluice.schemas.event.Envelopes;
import dev.sluice.schemas.event.EventCodec;
import dev.sluice.schemas.signature.SigningKey;
import dev.sluice.schemas.signature.TrustedKeys;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ApprovalChainVerifierTest {
    private static final SigningKey KEY = SigningKey.generate();
    private static final EventCodec CODEC = new EventCodec();
    private static final Envelopes ENVELOPES = new Envelopes(URI.create("/sluice/approval-service/test"), Clock.systemUTC(), new Random(5));

    private final List<byte[]> records = new ArrayList<>(List.of(vote("bob", "agreed"), vote("carol", "fine"), signed(KEY, new ApprovalWithdrawn("a", "gone"))));

    @Test
    void aSealedHistoryIsIntact() {
        records.add(seal(3));
        // What comes after the end changes nothing, as a vote that came too late.
        records.add(vote("dora", "too late"));

        assertThat(report().findings()).isEmpty();
        assertThat(report().sealedRecords()).isEqualTo(3);
        assertThat(report().records()).isEqualTo(4);
    }

    @Test
    void anOpenApprovalIsIntactSoFar() {
        assertThat(report().intact()).isFalse();
        assertThat(report().intactSoFar()).isTrue();
    }

    @Test
    void everyChangedByteIsNoticed() {
        records.add(seal(3));
        var whole = records.getFirst();
        for (int at = 0; at < whole.length; at++) {
            var changed = whole.clone();
            changed[at] = (byte) (changed[at] == 'x' ? 'y' : 'x');
            records.set(0, changed);
            assertThat(report().intact()).as("byte %s of %s", at, new String(changed, StandardCharsets.UTF_8)).isFalse();
        }
    }

    @Test
    void aCommentCannotBeChangedNorTheSignatureBeRepeatedInIt() {
        var text = new String(records.getFirst(), StandardCharsets.UTF_8);
        var jws = text.replaceAll(".*\"signature\":\"([^\"]+)\".*", "$1");

        records.set(0, text.replace("agreed", "agreed" + jws).getBytes(StandardCharsets.UTF_8));

        assertThat(report().findings()).extracting(Finding::kind).contains(Finding.Kind.BAD_SIGNATURE);
    }

    @Test
    void removalAdditionAndReorderingAreNoticed() {
        records.add(seal(3));
        var removed = new ArrayList<>(records);
        removed.remove(1);
        var swapped = new ArrayList<>(records);
        Collections.swap(swapped, 0, 1);
        var repeated = new ArrayList<>(records);
        repeated.add(1, records.getFirst());
        for (var forgery : List.of(removed, swapped, repeated)) {
            assertThat(report(forgery).findings()).extracting(Finding::kind).contains(Finding.Kind.CHECKPOINT_MISMATCH);
        }
    }

    @Test
    void onlyTheServiceSigns() {
        records.add(signed(SigningKey.generate(), new ApprovalWithdrawn("a", "by a stranger")));
        records.add(CODEC.encode(ENVELOPES.of("a", "s", new ApprovalWithdrawn("a", "not signed"))));
        records.add(signed(KEY, new ApprovalWithdrawn("b", "of another")));
        records.add("{".getBytes(StandardCharsets.UTF_8));

        assertThat(report().findings()).extracting(Finding::kind).containsExactly(
                Finding.Kind.BAD_SIGNATURE, Finding.Kind.BAD_SIGNATURE, Finding.Kind.FOREIGN, Finding.Kind.UNREADABLE, Finding.Kind.OPEN_END);
    }

    private byte[] seal(int count) {
        var chain = ApprovalChain.START;
        for (byte[] record : records.subList(0, count)) {
            chain = chain.with(record);
        }
        return signed(KEY, new ApprovalSealed("a", chain.records(), chain.hash(), null));
    }

    private ApprovalChainReport report() {
        return report(records);
    }

    private static ApprovalChainReport report(List<byte[]> records) {
        TrustedKeys keys = KEY.publicKeys();
        var verifier = new ApprovalChainVerifier("a", keys);
        records.forEach(verifier::add);
        return verifier.report();
    }

    private static byte[] vote(String name, String comment) {
        var voter = new Principal(name, "https://issuer.example", Principal.Method.OIDC, Set.of("dba"), null);
        return signed(KEY, new ApprovalVoted("a", voter, Vote.APPROVE, comment, "0".repeat(64)));
    }

    private static byte[] signed(SigningKey key, ApprovalEvent event) {
        return CODEC.encode(SignedRecord.sign(ENVELOPES.of(event.approvalId(), "s", event), key, CODEC));
    }
}

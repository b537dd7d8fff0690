// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.audit.testing.Chain;
import dev.sluice.audit.verify.Finding.Kind;
import dev.sluice.schemas.chain.HashChain;
import dev.sluice.schemas.event.Envelopes;
import dev.sluice.schemas.event.EventCodec;
import dev.sluice.schemas.event.ResultEvent.ResultRecorded;
import dev.sluice.schemas.event.StatementEvent.Outcome;
import dev.sluice.schemas.event.StatementEvent.RecordedResult;
import dev.sluice.schemas.event.StatementEvent.StatementCompleted;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Somebody changes what was kept of an answer; the chain's digest finds it, and the finding names the statement. */
final class ResultProofTest {
    private static final PublicKeys KEYS = PublicKeys.of(Chain.GATEWAY.publicKeys(), Chain.APPROVAL.publicKeys());
    private static final EventCodec CODEC = new EventCodec();
    private static final Envelopes ENVELOPES = new Envelopes(URI.create("/sluice/gateway/g1"), Clock.systemUTC(), new Random(7));

    private final List<byte[]> chain;
    private final List<byte[]> kept = new ArrayList<>();
    private final String statementId;

    ResultProofTest() {
        var session = new Chain("s1").opened();
        statementId = session.decided("select 1", Outcome.ALLOW, List.of("read"));
        var all = new ByteArrayOutputStream();
        for (int i = 0; i < 3; i++) {
            byte[] data = ("rows of chunk " + i).getBytes(StandardCharsets.UTF_8);
            all.writeBytes(data);
            kept.add(chunk(i, data, HashChain.hash(all.toByteArray()), i == 2));
        }
        String digest = HashChain.hash(all.toByteArray());
        session.add(new StatementCompleted(
                statementId, List.of("SELECT 3"), null, 3, all.size(), digest, 10, "I", null, null, null, new RecordedResult(3, 3, all.size(), digest, true), null));
        chain = session.closed().records();
    }

    private byte[] chunk(long number, byte[] data, String digest, boolean last) {
        return CODEC.encode(ENVELOPES.of("s1", "s1", new ResultRecorded(statementId, number, null, 1, Base64.getEncoder().encodeToString(data), digest, last)));
    }

    private List<Finding> verify(List<byte[]> results) {
        var verifier = new EvidenceVerifier(KEYS);
        chain.forEach(verifier::accept);
        results.forEach(verifier::accept);
        return verifier.report().allFindings();
    }

    private void isFound(List<byte[]> results) {
        assertThat(verify(results)).isNotEmpty().allSatisfy(finding -> {
            assertThat(finding.kind()).isEqualTo(Kind.RESULT_CHANGED);
            assertThat(finding.sessionId()).isEqualTo("s1");
            assertThat(finding.message()).contains(statementId);
        });
    }

    @Test
    void whatWasRecordedIsProven() {
        assertThat(verify(kept)).isEmpty();
    }

    @Test
    void theOrderOfDeliveryAndRepetitionDoNotMatter() {
        List<byte[]> shuffled = new ArrayList<>(kept);
        shuffled.addAll(kept);
        Collections.shuffle(shuffled, new Random(3));
        assertThat(verify(shuffled)).isEmpty();
    }

    @Test
    void anAnswerWhoseRetentionIsOverIsNoFinding() {
        assertThat(verify(List.of())).isEmpty();
    }

    @Test
    void oneThatComesBeforeItsSessionIsProvenToo() {
        var verifier = new EvidenceVerifier(KEYS);
        kept.forEach(verifier::accept);
        chain.forEach(verifier::accept);
        assertThat(verifier.report().allFindings()).isEmpty();
    }

    @Test
    void changedRowsAreFound() {
        byte[] other = "rows of chunk X".getBytes(StandardCharsets.UTF_8);
        isFound(List.of(kept.get(0), chunk(1, other, HashChain.hash(other), false), kept.get(2)));
    }

    @Test
    void rowsThatAreForgedWholeWithTheirDigestsAreFound() {
        byte[] other = "all other rows".getBytes(StandardCharsets.UTF_8);
        isFound(List.of(chunk(0, other, HashChain.hash(other), true)));
        var digests = new ByteArrayOutputStream();
        List<byte[]> forged = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            digests.writeBytes(other);
            forged.add(chunk(i, other, HashChain.hash(digests.toByteArray()), i == 2));
        }
        isFound(forged);
    }

    @Test
    void aChunkThatIsMissingAnywhereIsFound() {
        isFound(kept.subList(1, 3));
        isFound(kept.subList(0, 2));
        isFound(List.of(kept.get(0), kept.get(2)));
    }

    @Test
    void aChunkThatIsAddedIsFound() {
        byte[] more = "more".getBytes(StandardCharsets.UTF_8);
        List<byte[]> longer = new ArrayList<>(kept);
        longer.add(chunk(3, more, HashChain.hash(more), true));
        isFound(longer);
    }

    @Test
    void aChunkThatIsThereTwiceWithOtherBytesIsFound() {
        byte[] other = "rows of chunk X".getBytes(StandardCharsets.UTF_8);
        List<byte[]> twice = new ArrayList<>(kept);
        twice.add(chunk(1, other, HashChain.hash(other), false));
        isFound(twice);
    }
}

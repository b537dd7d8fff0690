// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.audit.testing.Chain;
import dev.sluice.audit.verify.Finding.Kind;
import dev.sluice.schemas.chain.HashChain;
import dev.sluice.schemas.chain.SignedRecord;
import dev.sluice.schemas.event.AuditEvent;
import dev.sluice.schemas.event.AuditEvent.EvidenceAccessed;
import dev.sluice.schemas.event.AuditEvent.LegalholdLifted;
import dev.sluice.schemas.event.EventCodec;
import dev.sluice.schemas.event.EventEnvelope;
import dev.sluice.schemas.event.EventTypes;
import dev.sluice.schemas.signature.SigningKey;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Somebody who can write to the topic of accesses wants to have asked for nothing, or wants a legal hold away. */
final class JournalProofTest {
    private static final EventCodec CODEC = new EventCodec();
    private static final SigningKey AUDIT = SigningKey.generate();

    private final List<byte[]> journal = journal(AUDIT);

    private static List<byte[]> journal(SigningKey key) {
        List<byte[]> records = new ArrayList<>();
        var chain = new HashChain();
        for (int i = 0; i < 4; i++) {
            var access = new EvidenceAccessed(Chain.AGENT, "127.0.0.1:1", "GET", "/v1/sessions", null, List.of(), true, "number " + i);
            byte[] record = CODEC.encode(SignedRecord.signAudit(envelope(access, (long) i, chain.last()), key, CODEC));
            chain.add(record);
            records.add(record);
        }
        return records;
    }

    private static EventEnvelope<AuditEvent> envelope(AuditEvent event, @Nullable Long sequence, @Nullable String previous) {
        return new EventEnvelope<>(
                "1.0", "e" + sequence, URI.create("/sluice/audit-service/a1"), EventTypes.of(event), "j1", Chain.START, "application/json", EventTypes.schemaOf(event), "j1",
                null, sequence, previous, event);
    }

    private static List<Kind> kinds(List<byte[]> records, @Nullable SigningKey key) {
        var verifier = new EvidenceVerifier(PublicKeys.of(null, null).with(key == null ? null : key.publicKeys()));
        records.forEach(verifier::accept);
        return verifier.report().allFindings().stream().map(Finding::kind).toList();
    }

    private void isFound() {
        assertThat(kinds(journal, AUDIT)).isNotEmpty().containsOnly(Kind.JOURNAL_CHANGED);
    }

    @Test
    void aWholeJournalHasNothingAmiss() {
        assertThat(kinds(journal, AUDIT)).isEmpty();
        journal.add(journal.getLast());
        assertThat(kinds(journal, AUDIT)).isEmpty();
    }

    @Test
    void whatAReplacedProducerSendsAgainIsNothingAmiss() {
        var again = List.copyOf(journal.subList(1, 4));
        journal.addAll(again);
        assertThat(kinds(journal, AUDIT)).isEmpty();
    }

    @Test
    void anotherRecordInAPlaceThatWasTakenIsFound() {
        var other = new EvidenceAccessed(Chain.AGENT, "127.0.0.1:1", "GET", "/v1/sessions", null, List.of(), true, "another");
        journal.add(CODEC.encode(SignedRecord.signAudit(envelope(other, 1L, HashChain.hash(journal.getFirst())), AUDIT, CODEC)));
        isFound();
    }

    @Test
    void anEditIsFound() {
        journal.set(1, new String(journal.get(1), StandardCharsets.UTF_8).replace("number 1", "number 7").getBytes(StandardCharsets.UTF_8));
        isFound();
    }

    @Test
    void removalIsFound() {
        journal.remove(1);
        isFound();
    }

    @Test
    void reorderingIsFound() {
        Collections.swap(journal, 1, 2);
        isFound();
    }

    @Test
    void whatIsAddedWithoutTheKeyIsFound() {
        journal.add(CODEC.encode(envelope(new LegalholdLifted("h1", "over", Chain.AGENT), null, null)));
        isFound();
        journal.removeLast();
        journal.add(CODEC.encode(SignedRecord.signAudit(
                envelope(new LegalholdLifted("h1", "over", Chain.AGENT), 4L, HashChain.hash(journal.getLast())), SigningKey.generate(), CODEC)));
        isFound();
    }

    @Test
    void aJournalOfAnotherKeyIsFound() {
        assertThat(kinds(journal(SigningKey.generate()), AUDIT)).hasSize(4).containsOnly(Kind.JOURNAL_CHANGED);
    }

    @Test
    void withoutAKeyNothingIsSaidToBeGenuine() {
        assertThat(kinds(journal, null)).containsExactly(Kind.UNCHECKED_SIGNATURE);
    }
}

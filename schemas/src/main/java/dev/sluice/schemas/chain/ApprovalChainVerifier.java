// SPDX-License-Identifier: Apache-2.0
package dev.sluice.schemas.chain;

import dev.sluice.schemas.event.ApprovalEvent;
import dev.sluice.schemas.event.ApprovalEvent.ApprovalSealed;
import dev.sluice.schemas.event.Decoded;
import dev.sluice.schemas.event.EventCodec;
import dev.sluice.schemas.signature.TrustedKeys;
import java.util.ArrayList;
import java.util.List;

/**
 * Verifies the history of one approval offline: feed the records of {@code sluice.approvals} that have its id as their key, in the order in
 * which they lie in Kafka, then ask for the report. Finds forged and edited records at once, and missing, added and reordered ones by the
 * seal. Records that are no event of an approval (deliveries of webhooks) are passed over. One object per approval; not safe for use by
 * several threads at once.
 */
public final class ApprovalChainVerifier {
    private static final EventCodec CODEC = new EventCodec();
    /** Far more than people can vote; bounds the memory that a flood of records under one key needs. */
    private static final int REMEMBERED = 65_536;

    private final String approvalId;
    private final TrustedKeys keys;
    private final List<Finding> findings = new ArrayList<>();
    private final List<String> hashes = new ArrayList<>(List.of(ApprovalChain.START.hash()));
    private ApprovalChain chain = ApprovalChain.START;
    private long sealedRecords;
    private int position;

    /** @param keys the public keys of the approval-service, former ones included */
    public ApprovalChainVerifier(String approvalId, TrustedKeys keys) {
        this.approvalId = approvalId;
        this.keys = keys;
    }

    /** The next record's bytes, exactly as they lie in Kafka. */
    public void add(byte[] record) {
        switch (CODEC.decode(record)) {
            case Decoded.Known(var envelope) -> {
                if (envelope.data() instanceof ApprovalEvent event) {
                    check(event, envelope.id(), envelope.subject(), record);
                }
            }
            case Decoded.UnknownType(String id, String type, _) ->
                find(Finding.Kind.UNREADABLE, "event " + id + " has the type " + type + ", which this version does not know; verify with a newer one");
            case Decoded.Malformed(String reason) -> find(Finding.Kind.UNREADABLE, "the record cannot be read: " + reason);
        }
        position++;
    }

    private void check(ApprovalEvent event, String id, String subject, byte[] record) {
        if (!event.approvalId().equals(approvalId) || !subject.equals(approvalId)) {
            find(Finding.Kind.FOREIGN, "event " + id + " belongs to another approval");
            return;
        }
        String trouble = SignedRecord.verify(event, record, keys);
        if (trouble != null) {
            find(Finding.Kind.BAD_SIGNATURE, "event " + id + " is not from the approval-service: " + trouble);
            return;
        }
        if (event instanceof ApprovalSealed seal) {
            check(seal);
            return;
        }
        chain = chain.with(record);
        if (hashes.size() < REMEMBERED) {
            hashes.add(chain.hash());
        }
    }

    private void check(ApprovalSealed seal) {
        boolean known = seal.records() > 0 && seal.records() < hashes.size();
        if (known && hashes.get((int) seal.records()).equals(seal.chainHash())) {
            sealedRecords = Math.max(sealedRecords, seal.records());
        } else {
            find(
                    Finding.Kind.CHECKPOINT_MISMATCH,
                    "the seal is over " + seal.records() + " other records than the ones that are here: one was removed, added or moved");
        }
    }

    /** What has been found so far. */
    public ApprovalChainReport report() {
        var all = new ArrayList<>(findings);
        if (sealedRecords == 0) {
            all.add(new Finding(
                    Finding.Kind.OPEN_END,
                    position,
                    chain.records() - 1,
                    position == 0 ? "there are no records of this approval" : "there is no valid seal: the approval is open, or its end was removed"));
        }
        return new ApprovalChainReport(approvalId, chain.records(), sealedRecords, all);
    }

    private void find(Finding.Kind kind, String message) {
        findings.add(new Finding(kind, position, chain.records(), message));
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.verify;

import dev.sluice.audit.projection.ReadRecord;
import dev.sluice.audit.projection.ReadRecord.Content;
import dev.sluice.schemas.chain.ChainSeal;
import dev.sluice.schemas.chain.SignedRecord;
import dev.sluice.schemas.event.ApprovalEvent;
import dev.sluice.schemas.event.SessionEvent.SessionCheckpointed;
import dev.sluice.schemas.event.SessionEvent.SessionClosed;
import dev.sluice.schemas.event.StatementEvent.StatementReleased;

/** Verifies the signatures in records before whoever follows the chains asks for them. It decides nothing: that is theirs. Safe for many threads. */
record SignaturesAhead(PublicKeys keys) {
    void verifyAhead(ReadRecord record) {
        if (!(record.content() instanceof Content.Known(var envelope))) {
            return;
        }
        switch (envelope.data()) {
            case SessionCheckpointed checkpoint -> seal(checkpoint.signature());
            case SessionClosed end -> seal(end.signature());
            case StatementReleased release -> {
                if (keys.approval() != null) {
                    keys.approval().verifyAhead(release.verdict());
                }
            }
            case ApprovalEvent approval -> {
                String signature = approval.signature();
                if (keys.approvalRecords() != null && signature != null) {
                    SignedRecord.verifyAhead(signature, keys.approvalRecords());
                }
            }
            default -> {
                // no other record carries a signature
            }
        }
    }

    private void seal(String signature) {
        if (keys.gateway() != null) {
            ChainSeal.verifyAhead(signature, keys.gateway());
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.verify;

import dev.sluice.audit.projection.ReadRecord;
import dev.sluice.audit.projection.RecentRecords;
import dev.sluice.audit.verify.Finding.Kind;
import dev.sluice.schemas.chain.HashChain;
import dev.sluice.schemas.chain.SignedRecord;
import dev.sluice.schemas.event.AuditEvent;
import dev.sluice.schemas.signature.TrustedKeys;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The journal of one process of the audit-service: who asked for which evidence, and who placed and lifted legal holds. Has no end that would be signed. */
final class JournalProof {
    private static final int NOWHERE = -1;

    private final String journalId;
    private final @Nullable TrustedKeys keys;
    private final List<Finding> findings = new ArrayList<>();
    private final RecentRecords recent = new RecentRecords();
    private long highest = -1;
    private String lastDigest = HashChain.START;

    /** {@code keys} null leaves the signatures unchecked, which is a finding. */
    JournalProof(String journalId, @Nullable TrustedKeys keys, long line) {
        this.journalId = journalId;
        this.keys = keys;
        if (keys == null) {
            findings.add(new Finding(Kind.UNCHECKED_SIGNATURE, null, NOWHERE, line, "journal " + journalId + ": no key of the audit-service was given to check it with"));
        }
    }

    void accept(ReadRecord record, AuditEvent event, long line) {
        String trouble = keys == null ? null : SignedRecord.verify(event, record.raw().value(), keys);
        if (trouble != null) {
            find(line, "a record is not from the audit-service: " + trouble);
            return;
        }
        Long sequence = record.header().sequence();
        if (sequence == null) {
            find(line, "a record has no place in it");
        } else if (sequence <= highest) {
            // A producer that had to be replaced sends again what was not acknowledged.
            if (!recent.has(journalId, sequence, record.digest())) {
                find(line, "sequence " + sequence + " comes after sequence " + highest);
            }
        } else {
            if (sequence > highest + 1) {
                find(line, "sequence " + (highest + 1) + " to " + (sequence - 1) + " missing before " + sequence);
            } else if (!lastDigest.equals(record.header().previousHash())) {
                find(line, "sequence " + sequence + " names another record before it than the one that is there");
            }
            recent.read(journalId, sequence, record.digest());
            highest = sequence;
            lastDigest = record.digest();
        }
    }

    private void find(long line, String message) {
        findings.add(new Finding(Kind.JOURNAL_CHANGED, null, NOWHERE, line, "journal " + journalId + ": " + message));
    }

    List<Finding> findings() {
        return findings;
    }
}

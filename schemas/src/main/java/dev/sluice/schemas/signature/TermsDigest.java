// SPDX-License-Identifier: Apache-2.0
package dev.sluice.schemas.signature;

import dev.sluice.schemas.event.StatementEvent.GroupQuorum;
import dev.sluice.schemas.event.StatementEvent.StatementHeld;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;

/**
 * On which terms a hold asks: who may answer, how many of them, until when, for whom. A grant carries it, so that whoever could put another
 * request before the approval-service, with weaker terms under the same approval id, would get a grant that the gateway does not take.
 */
public final class TermsDigest {
    private static final String VERSION = "sluice-terms-2";
    /** Did not cover how the requester was proven, by which it is decided who is on its side. */
    private static final String FORMER = "sluice-terms-1";

    private TermsDigest() {}

    /** 64 hexadecimal digits. Times count in whole seconds. */
    public static String of(StatementHeld held) {
        return of(held, VERSION);
    }

    /** Whether {@code digest} is that of these terms. An approval-service that gives new ones never gave it in a former form for other terms. */
    static boolean matches(String digest, StatementHeld held) {
        return digest.equals(of(held, VERSION)) || digest.equals(of(held, FORMER));
    }

    private static String of(StatementHeld held, String version) {
        MessageDigest sha256 = StatementDigest.sha256();
        StatementDigest.field(sha256, version);
        StatementDigest.field(sha256, held.rule());
        StatementDigest.count(sha256, held.approverGroups().size());
        held.approverGroups().forEach(group -> StatementDigest.field(sha256, group));
        StatementDigest.count(sha256, held.quorum());
        List<GroupQuorum> quorums = held.quorums();
        StatementDigest.count(sha256, quorums == null ? -1 : quorums.size());
        if (quorums != null) {
            for (GroupQuorum quorum : quorums) {
                StatementDigest.field(sha256, quorum.group());
                StatementDigest.count(sha256, quorum.count());
            }
        }
        StatementDigest.field(sha256, held.autoApproveBelow() == null ? null : held.autoApproveBelow().toString());
        StatementDigest.field(sha256, held.estimatedRows() == null ? null : held.estimatedRows().toString());
        StatementDigest.field(sha256, Long.toString(held.expiresAt().getEpochSecond()));
        StatementDigest.field(sha256, held.requester().subject());
        StatementDigest.field(sha256, held.requester().issuer());
        StatementDigest.field(sha256, held.requester().onBehalfOf());
        if (version.equals(VERSION)) {
            StatementDigest.field(sha256, held.requester().method().name());
        }
        StatementDigest.field(sha256, held.target());
        StatementDigest.field(sha256, held.database());
        if (held.returns()) {
            // A grant for a client that waits must not do for one that comes again, nor the other way round.
            StatementDigest.field(sha256, "return");
        }
        return HexFormat.of().formatHex(sha256.digest());
    }
}

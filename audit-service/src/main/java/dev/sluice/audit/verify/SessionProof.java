// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.verify;

import dev.sluice.audit.projection.ReadRecord;
import dev.sluice.audit.projection.ReadRecord.Content;
import dev.sluice.audit.verify.Finding.Kind;
import dev.sluice.schemas.chain.ChainReport;
import dev.sluice.schemas.chain.ChainVerifier;
import dev.sluice.schemas.event.Decoded;
import dev.sluice.schemas.event.SessionEvent;
import dev.sluice.schemas.event.StatementEvent;
import dev.sluice.schemas.signature.TrustedKeys;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** One session: its chain is for {@link ChainVerifier}, what became of its statements for {@link HoldProof}. */
final class SessionProof {
    private static final TrustedKeys NO_KEYS = TrustedKeys.parse("{\"keys\":[]}");

    private final String sessionId;
    private final PublicKeys keys;
    private final ChainVerifier chain;
    private final List<Finding> holdFindings = new ArrayList<>();
    private final HoldProof holds;
    private final PartsProof parts = new PartsProof();
    private final Set<Integer> unknownTypes = new HashSet<>();
    /** Which of all records each of this session's was, by its position in the session. */
    private long[] lines = new long[16];
    private int records;
    private long highest = -1;
    private boolean closed;

    SessionProof(String sessionId, PublicKeys keys, boolean demandApproval, Set<String> redeemed) {
        this.sessionId = sessionId;
        this.keys = keys;
        this.chain = new ChainVerifier(sessionId, keys.gateway() == null ? NO_KEYS : keys.gateway());
        this.holds = new HoldProof(sessionId, keys, demandApproval, redeemed, holdFindings);
    }

    void accept(ReadRecord record, long line) {
        chain.add(record.raw().value(), record.digest(), decoded(record));
        if (record.content() instanceof Content.UnknownType) {
            unknownTypes.add(records);
        }
        if (records == lines.length) {
            lines = Arrays.copyOf(lines, records * 2);
        }
        lines[records++] = line;
        Long sequence = record.header().sequence();
        // A record that is not in its place has its finding; followed again, it would only look like what it repeats.
        if (sequence == null || sequence <= highest) {
            return;
        }
        highest = sequence;
        if (record.content() instanceof Content.Known(var envelope)) {
            switch (envelope.data()) {
                case StatementEvent event -> {
                    String amiss = parts.problem(event);
                    if (amiss != null) {
                        holdFindings.add(new Finding(Kind.PARTS_CHANGED, sessionId, sequence, line, amiss));
                    }
                    holds.accept(event, envelope.time(), sequence, line);
                }
                case SessionEvent.SessionOpened opened -> holds.opened(opened.principal());
                case SessionEvent.SessionBypassed bypassed -> holdFindings.add(new Finding(
                        Kind.BYPASSED, sessionId, sequence, line,
                        "process " + bypassed.serverProcess() + " of target " + bypassed.target() + " served the gateway's login past the gateway"));
                case SessionEvent.SessionClosed _ -> {
                    closed = true;
                    holds.closed(sequence, line);
                }
                default -> {
                    // nothing else says what became of a statement
                }
            }
        }
    }

    private static Decoded decoded(ReadRecord record) {
        return switch (record.content()) {
            case Content.Known(var envelope) -> new Decoded.Known(envelope);
            case Content.UnknownType(var type) -> new Decoded.UnknownType(String.valueOf(record.header().id()), type, String.valueOf(record.header().subject()));
            case Content.Unreadable(var reason) -> new Decoded.Malformed(reason);
        };
    }

    SessionReport report() {
        ChainReport report = chain.report();
        List<Finding> findings = new ArrayList<>();
        for (dev.sluice.schemas.chain.Finding finding : report.findings()) {
            // An end that is missing is told by closed: whether it is amiss is for the reader to say.
            if (finding.kind() != dev.sluice.schemas.chain.Finding.Kind.OPEN_END) {
                findings.add(new Finding(kind(finding), sessionId, finding.sequence(), lines[finding.position()], finding.message()));
            }
        }
        findings.addAll(holdFindings);
        return holds.report(report, findings);
    }

    /** Whether the session's end has been seen. */
    boolean closed() {
        return closed;
    }

    private Kind kind(dev.sluice.schemas.chain.Finding finding) {
        return switch (finding.kind()) {
            case GAP -> Kind.GAP;
            case DUPLICATE -> Kind.DUPLICATE;
            case BROKEN_LINK -> Kind.BROKEN_LINK;
            case REORDERED -> Kind.REORDERED;
            case OPEN_END -> Kind.TRUNCATED;
            case CHECKPOINT_MISMATCH -> Kind.CHECKPOINT_MISMATCH;
            case BAD_SIGNATURE -> keys.gateway() == null ? Kind.UNCHECKED_SIGNATURE : Kind.BAD_SIGNATURE;
            case FOREIGN -> Kind.FOREIGN;
            case UNREADABLE -> unknownTypes.contains(finding.position()) ? Kind.UNKNOWN_TYPE : Kind.UNREADABLE;
            case AFTER_END -> Kind.AFTER_END;
        };
    }
}

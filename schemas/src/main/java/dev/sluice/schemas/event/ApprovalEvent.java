// SPDX-License-Identifier: Apache-2.0
package dev.sluice.schemas.event;

import dev.sluice.schemas.Principal;
import dev.sluice.schemas.event.StatementEvent.RelationAccess;
import dev.sluice.schemas.event.StatementEvent.StatementHeld;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The history of one approval, in log order. Each event is signed by the approval-service ({@code SignedRecord}); one that is not counts
 * for nothing, whoever wrote it.
 */
public sealed interface ApprovalEvent extends DomainEvent {
    String approvalId();

    /** A compact JWS over the record's bytes without it. */
    @Nullable String signature();

    /** The same event with another signature. */
    ApprovalEvent withSignature(String signature);

    /** One human's answer. */
    enum Vote { APPROVE, REJECT }

    /**
     * A statement of the same session, decided before the one that is held.
     *
     * @param query its text, as far as it goes
     * @param whole false where the text, or what it names, was cut
     */
    record EarlierStatement(
            Instant decidedAt, StatementEvent.Outcome outcome, String rule, List<String> kinds, List<RelationAccess> relations, String query, boolean whole) {
        public EarlierStatement {
            kinds = List.copyOf(kinds);
            relations = List.copyOf(relations);
        }
    }

    /**
     * What the session had done when the statement was held.
     *
     * @param complete whether it was seen from its beginning; otherwise the numbers are too low
     * @param statements decided before this one
     * @param denied how many of them were denied
     * @param held how many of them were held
     * @param latest the last of them, the oldest first
     */
    record SessionSoFar(boolean complete, long statements, long denied, long held, List<EarlierStatement> latest) {
        public SessionSoFar {
            latest = List.copyOf(latest);
        }
    }

    record ApprovalRequested(String approvalId, StatementHeld held, @Nullable SessionSoFar session, @Nullable String signature) implements ApprovalEvent {
        /** Not signed, and nothing is known of the session. */
        public ApprovalRequested(String approvalId, StatementHeld held) {
            this(approvalId, held, null, null);
        }

        @Override
        public ApprovalRequested withSignature(String other) {
            return new ApprovalRequested(approvalId, held, session, other);
        }
    }

    /** What the statement would do, as the gateway has found it out. The first one counts. */
    record ApprovalAssessed(String approvalId, Impact impact, @Nullable String signature) implements ApprovalEvent {
        @Override
        public ApprovalAssessed withSignature(String other) {
            return new ApprovalAssessed(approvalId, impact, other);
        }
    }

    /**
     * A vote.
     *
     * @param shownDigest the statement digest that the voter was shown
     * @param standingUntil until when the voter's credential vouches for the groups that it names; absent where nobody said
     */
    record ApprovalVoted(
            String approvalId,
            Principal voter,
            Vote vote,
            @Nullable String comment,
            String shownDigest,
            @Nullable Instant standingUntil,
            @Nullable String signature)
            implements ApprovalEvent {
        /** Not signed, and nothing is known of how long the voter's standing lasts. */
        public ApprovalVoted(String approvalId, Principal voter, Vote vote, @Nullable String comment, String shownDigest) {
            this(approvalId, voter, vote, comment, shownDigest, null, null);
        }

        @Override
        public ApprovalVoted withSignature(String other) {
            return new ApprovalVoted(approvalId, voter, vote, comment, shownDigest, standingUntil, other);
        }
    }

    /**
     * {@code voter} was seen with another standing than that of its vote, which therefore counts no longer.
     *
     * @param reason why, in words; absent where the voter was seen without the group
     */
    record ApprovalLapsed(String approvalId, Principal voter, @Nullable String reason, @Nullable String signature) implements ApprovalEvent {
        /** Seen without the group. */
        public ApprovalLapsed(String approvalId, Principal voter, @Nullable String signature) {
            this(approvalId, voter, null, signature);
        }

        @Override
        public ApprovalLapsed withSignature(String other) {
            return new ApprovalLapsed(approvalId, voter, reason, other);
        }
    }

    record ApprovalWithdrawn(String approvalId, String reason, @Nullable String signature) implements ApprovalEvent {
        /** Not signed. */
        public ApprovalWithdrawn(String approvalId, String reason) {
            this(approvalId, reason, null);
        }

        @Override
        public ApprovalWithdrawn withSignature(String other) {
            return new ApprovalWithdrawn(approvalId, reason, other);
        }
    }

    /** Nobody had ended it by {@code expiresAt} of the hold. In the log, so that its order against a last vote is the same for every reader. */
    record ApprovalExpired(String approvalId, @Nullable String signature) implements ApprovalEvent {
        /** Not signed. */
        public ApprovalExpired(String approvalId) {
            this(approvalId, null);
        }

        @Override
        public ApprovalExpired withSignature(String other) {
            return new ApprovalExpired(approvalId, other);
        }
    }

    /**
     * What the approval's history was when it closed.
     *
     * @param records how many signed records there were, from the first to the one that closed it
     * @param chainHash over all of them in their order, as {@code ApprovalChain} computes it
     */
    record ApprovalSealed(String approvalId, long records, String chainHash, @Nullable String signature) implements ApprovalEvent {
        @Override
        public ApprovalSealed withSignature(String other) {
            return new ApprovalSealed(approvalId, records, chainHash, other);
        }
    }
}

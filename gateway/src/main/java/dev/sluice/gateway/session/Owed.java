// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.session;

import dev.sluice.gateway.masking.MessageScrubber;
import dev.sluice.gateway.masking.UnknownOrigin;
import dev.sluice.gateway.wire.BackendMessage;
import dev.sluice.gateway.wire.Diagnosis;
import dev.sluice.gateway.wire.SqlState;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One entry of the {@link ReplyLedger}: what the client is owed for one request, and where it comes from. */
final class Owed {
    /** Where the answer comes from. */
    enum Handling {
        /** The backend's answer, as it is. */
        FORWARD,
        /** The backend was sent something that fails, so that its transaction aborts; the client gets our error in place of the backend's. */
        SWALLOW,
        /** The backend knows nothing of it; the whole answer is ours. */
        SYNTHESIZE,
        /** The gateway's own question: the client hears nothing of the answer. */
        ASK
    }

    final RequestKind kind;
    final Handling handling;
    /** No byte of the answer leaves before this mark is acknowledged. Known when the request is sent. */
    long mark;
    final @Nullable Execution execution;
    /** One per SQL statement of the request, in order; they settle as CommandComplete messages arrive. */
    final List<Settlement> settlements;
    /** Our own words, for SWALLOW and SYNTHESIZE. */
    final @Nullable Buffer words;
    final @Nullable SqlState sqlState;
    /** For ASK. */
    final @Nullable Inquiry inquiry;
    /** What stands between the answer and a masked caller. */
    @Nullable MaskedAnswer masked;
    /** What looks for personal data and secrets in the answer. */
    @Nullable SearchedAnswer searched;
    /** The gateway's own function that it calls, whose rows are ours. */
    @Nullable OwnFunction own;
    /** Why its rows are not shown, though the server gives them; null while they are. */
    @Nullable Diagnosis withheld;
    /** Where to note what the server says of rows, for a Describe. */
    @Nullable Description description;
    /** Whether its errors may be those of constraints that a statement near masked columns has put off. */
    boolean checksLate;
    /** Whether objects of the database may be others once it is answered. */
    boolean changesCatalog;
    private int settled;
    private boolean gone;

    private Owed(
            RequestKind kind,
            Handling handling,
            long mark,
            @Nullable Execution execution,
            List<Settlement> settlements,
            @Nullable Buffer words,
            @Nullable SqlState sqlState,
            @Nullable Inquiry inquiry) {
        this.kind = kind;
        this.handling = handling;
        this.mark = mark;
        this.execution = execution;
        this.settlements = settlements;
        this.words = words;
        this.sqlState = sqlState;
        this.inquiry = inquiry;
    }

    static Owed forward(RequestKind kind, long mark) {
        return new Owed(kind, Handling.FORWARD, mark, null, List.of(), null, null, null);
    }

    static Owed forward(RequestKind kind, long mark, Settlement settlement) {
        return new Owed(kind, Handling.FORWARD, mark, null, List.of(settlement), null, null, null);
    }

    static Owed running(RequestKind kind, long mark, Execution execution, List<Settlement> settlements) {
        return new Owed(kind, Handling.FORWARD, mark, execution, settlements, null, null, null);
    }

    static Owed asked(Inquiry inquiry) {
        return new Owed(inquiry.synced ? RequestKind.SYNC : RequestKind.EXECUTE, Handling.ASK, 0, null, List.of(), null, null, inquiry);
    }

    static Owed swallowed(RequestKind kind, long mark, @Nullable Execution execution, Buffer words, SqlState sqlState) {
        return new Owed(kind, Handling.SWALLOW, mark, execution, List.of(), words, sqlState, null);
    }

    static Owed synthesized(RequestKind kind, long mark, @Nullable Execution execution, Buffer words, SqlState sqlState) {
        return new Owed(kind, Handling.SYNTHESIZE, mark, execution, List.of(), words, sqlState, null);
    }

    /** The server describes the rows that come. Where these are from is not always known: then {@link #withheld} says so. */
    void described(BackendMessage.RowDescription description) {
        try {
            if (masked != null) {
                masked.described(description);
            }
        } catch (UnknownOrigin unknown) {
            withheld = Words.withheld(unknown);
            return;
        }
        if (searched != null) {
            searched.described(description);
        }
    }

    /** What a masked caller may hear of an error; {@code words} is all of it. */
    Buffer shown(BackendMessage.ErrorResponse error, Buffer words) {
        return checksLate ? MessageScrubber.scrub(error) : masked == null ? words : masked.error(error);
    }

    /** What a masked caller may hear of a notice. */
    Buffer shown(BackendMessage.NoticeResponse notice) {
        return checksLate ? MessageScrubber.scrub(notice) : masked == null ? notice.raw() : masked.notice(notice);
    }

    /** The answer is complete, or will never come. */
    void gone() {
        gone = true;
    }

    boolean isGone() {
        return gone;
    }

    void settleNext() {
        if (settled < settlements.size()) {
            settlements.get(settled++).succeeded();
        }
    }

    void failRest() {
        while (settled < settlements.size()) {
            settlements.get(settled++).failed();
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.audit.http.RecordPages.Place;
import dev.sluice.audit.projection.ReadRecord;
import dev.sluice.audit.projection.ReadRecord.Content;
import dev.sluice.audit.store.Visibility;
import dev.sluice.schemas.event.SessionEvent.SessionClosed;
import dev.sluice.schemas.event.SessionEvent.SessionRefused;
import dev.sluice.schemas.event.StatementEvent.StatementCompleted;
import dev.sluice.schemas.event.StatementEvent.StatementHeld;
import dev.sluice.schemas.event.StatementEvent.StatementReleased;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One session as server-sent events, at the speed it happened or another, and on from there for as long as the session runs. An approval's
 * records come by another way than the session's own and may be late, so those of the latest holds are asked for again with every look.
 * Waits; for one virtual thread.
 */
final class Replay {
    private static final int PIECE = 200;
    private static final int ROWS_SHOWN = 100;
    private static final int HOLDS_FOLLOWED = 100;
    private static final long LOOK_MILLIS = 250;
    private static final long HEARTBEAT_LOOKS = 60;

    private final Vertx vertx;
    private final HttpServerResponse response;
    private final ResponseStream out;
    private final RecordPages pages;
    private final StatementRoutes statements;
    private final String sessionId;
    private final Pace pace;
    private final Instant until;
    private final Visibility visibility;
    private final Clock clock;
    private final Set<String> holds = new LinkedHashSet<>();
    private final Set<String> toldOfApprovals = new HashSet<>();
    private Place place;
    private @Nullable Instant last;
    private boolean ended;

    /**
     * How fast.
     *
     * @param speed 2 is twice as fast as it happened, 0 without waiting
     * @param maxGap the longest wait between two entries
     * @param follow whether to stay for what still happens
     */
    record Pace(double speed, Duration maxGap, boolean follow) {}

    /** @param caller is shown nothing any more when the token has ended, and the response ends there without an {@code end} */
    Replay(Vertx vertx, HttpServerResponse response, RecordPages pages, StatementRoutes statements, String sessionId, Place from, Pace pace, Caller caller, Clock clock) {
        this.vertx = vertx;
        this.response = response;
        this.out = new ResponseStream(response);
        this.pages = pages;
        this.statements = statements;
        this.sessionId = sessionId;
        this.place = from;
        this.pace = pace;
        this.until = caller.expiresAt();
        this.visibility = caller.visibility();
        this.clock = clock;
    }

    /** Writes everything, and the end. Returns when it is written or the client is gone. */
    void run() {
        long looks = 0;
        boolean live = false;
        while (!isOver()) {
            List<ReadRecord> chain = pages.chain(sessionId, place, PIECE);
            boolean more = RecordPages.mayGoOn(chain, PIECE);
            write(chain, live);
            if (!chain.isEmpty()) {
                place = place(chain.getLast());
            }
            // What is left out because the token has ended is left out without an end.
            if (more || isOver()) {
                continue;
            }
            if (!pace.follow() || ended) {
                finish();
                return;
            }
            live = true;
            if (++looks % HEARTBEAT_LOOKS == 0) {
                // A comment: keeps the connection open, and notices a client that is gone.
                response.write(": still here\n\n").await();
            }
            vertx.timer(LOOK_MILLIS).await();
        }
        if (!response.closed()) {
            response.end();
        }
    }

    private boolean isOver() {
        return response.closed() || !clock.instant().isBefore(until);
    }

    private void write(List<ReadRecord> chain, boolean live) {
        List<ReadRecord> approvals = new ArrayList<>();
        for (ReadRecord record : chain) {
            if (record.content() instanceof Content.Known(var envelope)) {
                switch (envelope.data()) {
                    case StatementHeld held -> follow(held.approvalId());
                    case StatementReleased released when released.ticket() != null -> follow(released.approvalId());
                    case SessionClosed _, SessionRefused _ -> ended = true;
                    default -> {
                        // nothing else begins or ends something to wait for
                    }
                }
            }
        }
        for (ReadRecord record : pages.approvals(List.copyOf(holds), visibility)) {
            if (toldOfApprovals.add(record.raw().topic() + record.raw().partition() + "." + record.raw().offset())) {
                approvals.add(record);
            }
        }
        for (ReadRecord record : RecordPages.merged(chain, approvals)) {
            if (!live) {
                pause(record.time());
            }
            last = record.time();
            if (isOver()) {
                return;
            }
            send(event(record));
            rows(record);
        }
    }

    /** The first rows of an answer that was kept follow its end. */
    private void rows(ReadRecord record) {
        if (record.content() instanceof Content.Known(var envelope) && envelope.data() instanceof StatementCompleted completed && completed.results() != null) {
            ObjectNode page = statements.page(sessionId, completed.statementId(), KeptAnswer.Place.START, ROWS_SHOWN);
            if (page != null && !isOver()) {
                send(Buffer.buffer("event: rows\ndata: ").appendBytes(Entries.bytes(page)).appendString("\n\n"));
            }
        }
    }

    private void send(Buffer event) {
        out.bytes(event.getBytes());
        out.pass();
    }

    private void follow(String approvalId) {
        holds.add(approvalId);
        if (holds.size() > HOLDS_FOLLOWED) {
            holds.remove(holds.iterator().next());
        }
    }

    private void finish() {
        if (!response.closed()) {
            response.end("event: end\ndata: {}\n\n");
        }
    }

    private void pause(Instant next) {
        if (last == null || pace.speed() == 0) {
            return;
        }
        long millis = (long) (Duration.between(last, next).toMillis() / pace.speed());
        long bounded = Math.min(Math.min(millis, pace.maxGap().toMillis()), Duration.between(clock.instant(), until).toMillis() + 1);
        if (bounded > 0) {
            vertx.timer(bounded).await();
        }
    }

    static Place place(ReadRecord record) {
        return new Place(record.raw().partition(), record.raw().offset());
    }

    private static Buffer event(ReadRecord record) {
        return Buffer.buffer("event: entry\nid: " + record.raw().topic() + "/" + place(record) + "\ndata: ")
                .appendBytes(Entries.bytes(Entries.of(record)))
                .appendString("\n\n");
    }
}

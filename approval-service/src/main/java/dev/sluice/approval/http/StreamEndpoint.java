// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval.http;

import dev.sluice.approval.decider.ApprovalState;
import dev.sluice.approval.decider.ApprovalState.Asked;
import dev.sluice.approval.register.ApprovalRegister;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Server-sent events (WHATWG HTML, 9.2). A stream begins with every open approval that the caller may see, then {@code ready}, then each
 * change. It ends with the caller's token, or when its reader falls behind the changes; a client that connects again begins with what is open then.
 */
final class StreamEndpoint {
    private static final Duration HEARTBEAT = Duration.ofSeconds(15);
    private static final int QUEUE_BYTES = 1024 * 1024;

    private final Vertx vertx;
    private final ApprovalRegister register;
    private final Clock clock;
    private final int limit;
    private final Set<Reader> readers = ConcurrentHashMap.newKeySet();

    StreamEndpoint(Vertx vertx, ApprovalRegister register, Clock clock, int limit) {
        this.vertx = vertx;
        this.register = register;
        this.clock = clock;
        this.limit = limit;
    }

    Endpoint endpoint() {
        return new Endpoint.SignedIn(HttpMethod.GET, "/v1/approvals/stream", this::open);
    }

    private void open(RoutingContext context, Caller caller) {
        if (readers.size() >= limit) {
            throw new RequestRefused(new Problem(
                    429, "too-many-streams", "Too many streams are open", "This replica serves " + limit + " at most. Try another one, or later."));
        }
        var response = Answers.plain(context)
                .response()
                .setChunked(true)
                .setWriteQueueMaxSize(QUEUE_BYTES)
                .putHeader(HttpHeaders.CONTENT_TYPE, "text/event-stream");
        new Reader(response, caller, vertx.getOrCreateContext()).start();
    }

    /** Ends every stream. */
    void close() {
        readers.forEach(Reader::end);
    }

    /** One open stream. Everything but {@link #changed} runs on its context. */
    private final class Reader {
        private final HttpServerResponse response;
        private final Caller caller;
        private final Context context;
        private Runnable unwatch = () -> {};
        private long heartbeat;
        private long tokenEnd;
        /** While what is open is being sent, which may be more than fits into the queue: the reader sets the pace. */
        private boolean beginning = true;
        /** Whether the reader has taken something since the last heartbeat. */
        private boolean takes = true;
        private boolean ended;

        Reader(HttpServerResponse response, Caller caller, Context context) {
            this.response = response;
            this.caller = caller;
            this.context = context;
        }

        void start() {
            readers.add(this);
            response.closeHandler(_ -> end());
            response.exceptionHandler(_ -> end());
            unwatch = register.watch(this::changed);
            long untilTokenEnds = Duration.between(clock.instant(), caller.expiresAt()).toMillis();
            tokenEnd = vertx.setTimer(Math.max(1, untilTokenEnds), _ -> end());
            heartbeat = vertx.setPeriodic(HEARTBEAT.toMillis(), _ -> beat());
            var open = register.newestFirst(null, approval -> approval instanceof ApprovalState.Open && caller.sees(approval)).iterator();
            while (!ended && open.hasNext()) {
                sendInTurn(open.next());
            }
            beginning = false;
            write("event: ready\ndata: {}\n\n");
        }

        private void sendInTurn(Asked approval) {
            boolean waits = response.writeQueueFull();
            var sent = write(text(approval));
            if (waits) {
                try {
                    Future.await(sent);
                    takes = true;
                } catch (RuntimeException gone) {
                    end();
                }
            }
        }

        private void beat() {
            if (beginning && !takes) {
                end();
            }
            takes = false;
            write(": still here\n\n");
        }

        /** Called by the thread that reads the log. */
        private void changed(Asked approval) {
            if (caller.sees(approval)) {
                context.runOnContext(_ -> send(approval));
            }
        }

        private void send(Asked approval) {
            write(text(approval));
        }

        private String text(Asked approval) {
            return "event: approval\nid: " + approval.held().approvalId() + ":" + approval.version() + "\ndata: " + Json.line(ApprovalSummary.of(approval, clock.instant())) + "\n\n";
        }

        private Future<Void> write(String text) {
            if (ended) {
                return Future.succeededFuture();
            }
            if (!beginning && response.writeQueueFull()) {
                end();
                return Future.succeededFuture();
            }
            return response.write(text);
        }

        void end() {
            context.runOnContext(_ -> {
                if (!ended) {
                    ended = true;
                    readers.remove(this);
                    unwatch.run();
                    vertx.cancelTimer(heartbeat);
                    vertx.cancelTimer(tokenEnd);
                    if (!response.closed()) {
                        response.end();
                    }
                }
            });
        }
    }
}

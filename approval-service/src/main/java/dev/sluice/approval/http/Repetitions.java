// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval.http;

import dev.sluice.approval.decider.Person;
import dev.sluice.approval.register.Latest;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Requests that name an {@code Idempotency-Key} (draft-ietf-httpapi-idempotency-key-header): the same one sent again by the same person gets the
 * same answer, and is not carried out again. Kept by this replica for a day; a vote sent again to another one is harmless all the same,
 * because a person has one vote.
 */
final class Repetitions {
    static final String HEADER = "Idempotency-Key";
    private static final String REPLAYED = "Idempotency-Replayed";
    private static final int REMEMBERED = 10_000;
    /** Of requests and answers: an answer to a vote shows the statement in several ways. Longer ones are forgotten first come, first gone. */
    static final long MOST_BYTES = 32L << 20;
    private static final long BYTES_OF_AN_ENTRY = 512;
    private static final Duration KEPT = Duration.ofDays(1);

    private record Key(Person person, String key) {}

    /** @param answer null while the first request is being served */
    private record Served(String request, Buffer body, Instant since, @Nullable Answer answer) {
        private long bytes() {
            return BYTES_OF_AN_ENTRY + 2L * request.length() + body.length() + (answer == null ? 0 : answer.body.length());
        }
    }

    /** What was answered. */
    record Answer(int status, String contentType, @Nullable String etag, Buffer body) {
        /** Whether the same request would be answered so again. What depends on the moment is not kept. */
        private boolean isLasting() {
            return status < 500 && status != 202 && status != 401 && status != 412 && status != 429;
        }
    }

    private final Clock clock;
    private final Latest<Key, Served> entries = new Latest<>(REMEMBERED, MOST_BYTES, Served::bytes);

    Repetitions(Clock clock) {
        this.clock = clock;
    }

    /** Serves the request by {@code handler}, unless it is a repetition. */
    void serve(RoutingContext context, Caller caller, Runnable handler) {
        var header = context.request().getHeader(HEADER);
        if (header == null) {
            handler.run();
            return;
        }
        if (!header.matches("[\\x21-\\x7E]{1,255}")) {
            throw new RequestRefused(Problem.badRequest(HEADER + " has 1 to 255 visible ASCII characters."));
        }
        var key = new Key(Person.of(caller.principal()), header);
        var known = begin(key, context.request().method() + " " + context.request().path(), body(context));
        if (known != null) {
            replay(context, known);
            return;
        }
        Answers.whenAnswered(context, answer -> end(key, answer));
        handler.run();
    }

    private static Buffer body(RoutingContext context) {
        var body = context.body().buffer();
        return body == null ? Buffer.buffer() : body;
    }

    private synchronized @Nullable Answer begin(Key key, String request, Buffer body) {
        var now = clock.instant();
        for (var eldest = entries.eldest(); eldest != null && isOver(eldest, now); eldest = entries.eldest()) {
            entries.removeEldest();
        }
        var known = entries.get(key);
        if (known == null || isOver(known, now)) {
            entries.put(key, new Served(request, body, now, null));
            return null;
        }
        if (!known.request().equals(request) || !Arrays.equals(known.body().getBytes(), body.getBytes())) {
            throw new RequestRefused(new Problem(
                    422, "idempotency-key-reused", "The key belongs to another request", "You have used this " + HEADER + " for something else; make a new one."));
        }
        if (known.answer() == null) {
            throw new RequestRefused(new Problem(
                    409, "request-in-progress", "The request is being served", "Another request with this " + HEADER + " is not answered yet; ask again in a moment."));
        }
        return known.answer();
    }

    private static boolean isOver(Served served, Instant now) {
        return served.since().plus(KEPT).isBefore(now);
    }

    private synchronized void end(Key key, @Nullable Answer answer) {
        var begun = entries.remove(key);
        if (begun != null && answer != null && answer.isLasting()) {
            entries.put(key, new Served(begun.request(), begun.body(), begun.since(), answer));
        }
    }

    synchronized long bytes() {
        return entries.bytes();
    }

    private static void replay(RoutingContext context, Answer answer) {
        context.response().putHeader(REPLAYED, "true");
        if (answer.etag() != null) {
            context.response().putHeader(HttpHeaders.ETAG, answer.etag());
        }
        Answers.send(context, answer.status(), answer.contentType(), answer.body());
    }
}

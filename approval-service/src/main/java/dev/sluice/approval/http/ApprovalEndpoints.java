// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval.http;

import dev.sluice.approval.decider.ApprovalState.Asked;
import dev.sluice.approval.decider.Refusal;
import dev.sluice.approval.register.ApprovalRegister;
import dev.sluice.approval.register.Ballot;
import dev.sluice.schemas.event.ApprovalEvent.Vote;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** List, show, vote. */
final class ApprovalEndpoints {
    private final ApprovalRegister register;
    private final Ballot ballot;
    private final Standing standing;
    private final Clock clock;

    ApprovalEndpoints(ApprovalRegister register, Ballot ballot, Standing standing, Clock clock) {
        this.register = register;
        this.ballot = ballot;
        this.standing = standing;
        this.clock = clock;
    }

    List<Endpoint> endpoints() {
        return List.of(
                new Endpoint.SignedIn(HttpMethod.GET, "/v1/approvals", this::list),
                new Endpoint.OnApproval(HttpMethod.GET, "/v1/approvals/{approvalId}", this::show),
                new Endpoint.OnApproval(HttpMethod.POST, "/v1/approvals/{approvalId}/votes", this::vote));
    }

    /** {@code next} is absent on the last page. */
    record Page(List<ApprovalSummary> approvals, @Nullable String next) {}

    /** The answer to a vote whose effect is not known yet. */
    record Pending(String detail) {}

    private void list(RoutingContext context, Caller caller) {
        var wanted = ListRequest.parse(context.queryParams());
        var found = register.newestFirst(wanted.after(), approval -> caller.sees(approval) && wanted.wants(approval))
                .limit(wanted.limit() + 1L)
                .toList();
        boolean more = found.size() > wanted.limit();
        var page = more ? found.subList(0, wanted.limit()) : found;
        var now = clock.instant();
        Answers.json(context, 200, new Page(page.stream().map(approval -> ApprovalSummary.of(approval, now)).toList(), more ? ListRequest.cursorBehind(page.getLast()) : null));
    }

    private void show(RoutingContext context, Caller caller, Asked approval) {
        context.response().putHeader(HttpHeaders.ETAG, Answers.etag(approval));
        if (matches(context.request().headers().getAll(HttpHeaders.IF_NONE_MATCH), approval)) {
            Answers.plain(context).response().setStatusCode(304).end();
        } else {
            Answers.json(context, 200, ApprovalView.of(approval, caller, clock.instant()));
        }
    }

    private void vote(RoutingContext context, Caller caller, Asked approval) {
        var contentType = context.request().getHeader(HttpHeaders.CONTENT_TYPE);
        if (contentType == null || !contentType.split(";", -1)[0].strip().equalsIgnoreCase("application/json")) {
            throw new RequestRefused(new Problem(415, "unsupported-media-type", "Only JSON is understood", "Send the vote with 'Content-Type: application/json'."));
        }
        var request = Json.read(context.body().buffer(), VoteRequest.class);
        var id = approval.held().approvalId();
        // A vote sent again, perhaps because the first answer was lost, is answered as the first was, whatever has changed since (RFC 9110, 13.1.1).
        var counted = ballot.alreadyCounted(id, caller.principal(), request.answer(), request.shownDigest());
        if (counted != null) {
            answer(context, caller, new Ballot.Result.Counted(counted));
            return;
        }
        var ifMatch = context.request().headers().getAll(HttpHeaders.IF_MATCH);
        if (!ifMatch.isEmpty() && !matches(ifMatch, approval)) {
            throw new RequestRefused(new Problem(
                    412,
                    "changed-meanwhile",
                    "The approval has changed meanwhile",
                    "Its ETag is now " + Answers.etag(approval) + "; read it again before you vote."));
        }
        if (caller.isOnRequestersSide(approval)) {
            throw new RequestRefused(Objections.problem(new Refusal.IsRequester()));
        }
        var voter = standing.now(caller);
        // A rejection rests on nobody else.
        if (request.answer() == Vote.APPROVE && register.stateOf(id) instanceof Asked current) {
            standing.lookAgain(current, caller, clock.instant());
        }
        var cast = ballot.cast(id, voter, request.answer(), request.comment(), request.shownDigest(), caller.expiresAt());
        var result = Future.await(Future.fromCompletionStage(cast));
        if (result instanceof Ballot.Result.Counted(var after)) {
            standing.remember(after, caller);
        }
        answer(context, caller, result);
    }

    private void answer(RoutingContext context, Caller caller, Ballot.Result result) {
        switch (result) {
            case Ballot.Result.Counted(var approval) -> {
                context.response().putHeader(HttpHeaders.ETAG, Answers.etag(approval));
                Answers.json(context, 200, ApprovalView.of(approval, caller, clock.instant()));
            }
            case Ballot.Result.Declined(var refusal) -> throw new RequestRefused(Objections.problem(refusal));
            case Ballot.Result.Recorded _ -> Answers.json(
                    context,
                    202,
                    new Pending("The vote is recorded but not counted yet. Look at the approval again in a moment; sending the vote again is safe."));
            case Ballot.Result.Unconfirmed _ -> {
                context.response().putHeader(HttpHeaders.RETRY_AFTER, "5");
                throw new RequestRefused(Problem.unavailable(
                        "The log of approvals has not confirmed the vote. It may still count; sending it again is safe."));
            }
        }
    }

    private static boolean matches(List<String> conditions, Asked approval) {
        var etag = Answers.etag(approval);
        return conditions.stream()
                .flatMap(condition -> Arrays.stream(condition.split(",", -1)))
                .map(String::strip)
                .anyMatch(condition -> condition.equals("*") || condition.equals(etag));
    }
}

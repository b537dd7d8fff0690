// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.approval.config.ApprovalConfig.Issuer;
import dev.sluice.approval.decider.ApprovalState.Asked;
import dev.sluice.approval.decider.CountedVote;
import dev.sluice.approval.decider.Person;
import dev.sluice.approval.register.Ballot;
import dev.sluice.schemas.Principal;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks issuers whether people still are who their tokens say, and still in their groups (OpenID Connect Core 1.0, section 5.3): the one who votes, and
 * those whose votes a grant would rest on. Of these it knows the tokens that they voted with at this replica, in memory only.
 */
final class Standing implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(Standing.class);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int MAX_ANSWER = 1 << 20;
    private static final String CANNOT_BE_ASKED = "its issuer cannot be asked about it any more, because another replica took it or this one has been restarted";

    private final Map<String, Issuer> issuers;
    private final Ballot ballot;
    private final HttpClient http = HttpClient.newBuilder().connectTimeout(PATIENCE).followRedirects(HttpClient.Redirect.NEVER).build();
    private final VoterTokens tokens;
    /** Issuers that have named groups in an answer. */
    private final Set<String> naming = ConcurrentHashMap.newKeySet();
    /** Issuers that have left them out, before they named any. */
    private final Set<String> silent = ConcurrentHashMap.newKeySet();

    Standing(List<Issuer> issuers, Ballot ballot, VoterTokens tokens) {
        this.issuers = issuers.stream().collect(Collectors.toMap(issuer -> issuer.issuer().toString(), Function.identity()));
        this.ballot = ballot;
        this.tokens = tokens;
    }

    /**
     * The caller as its issuer knows it now, with no group that its token does not name. Ends the request where the issuer does not know it. An issuer that
     * has never named groups leaves people those of their tokens, where its {@code standing} is lenient.
     */
    Principal now(Caller caller) {
        return switch (ask(caller.principal(), caller.token())) {
            case Answer.Stands(var principal) -> {
                ballot.seen(principal);
                yield principal;
            }
            case Answer.Gone(var reason) -> {
                ballot.seen(withoutGroups(caller.principal()));
                throw new RequestRefused(new Problem(403, "standing-ended", "You may no longer vote", "Your token is good, but " + reason + "."));
            }
            case Answer.Unknown(var reason) -> throw unknown(reason);
        };
    }

    /**
     * Looks again at everybody else whose vote stands. Who has lost the group loses the vote, before the next one counts. So does who can't be asked about
     * any more, where the issuer's {@code standing} is strict.
     */
    void lookAgain(Asked approval, Caller caller, Instant now) {
        for (CountedVote vote : approval.votes()) {
            if (vote.person().equals(Person.of(caller.principal())) || !vote.standsAt(now)) {
                continue;
            }
            var token = tokens.of(new VoterTokens.Cast(approval.held().approvalId(), vote.person()));
            if (token == null) {
                var issuer = issuers.get(vote.voter().issuer());
                if (issuer != null && issuer.standing() == Issuer.Standing.STRICT) {
                    ballot.lapse(approval, vote.voter(), CANNOT_BE_ASKED);
                }
            } else {
                switch (ask(vote.voter(), token)) {
                    case Answer.Stands(var principal) -> ballot.seen(principal);
                    case Answer.Gone _ -> ballot.seen(withoutGroups(vote.voter()));
                    case Answer.Unknown(var reason) -> throw unknown(reason);
                }
            }
        }
    }

    /** A vote counts: its token is kept while the approval is open, if its issuer can be asked. */
    void remember(Asked approval, Caller caller) {
        if (userinfo(caller.principal()) != null) {
            tokens.keep(new VoterTokens.Cast(approval.held().approvalId(), Person.of(caller.principal())), caller);
        }
    }

    private sealed interface Answer {
        record Stands(Principal principal) implements Answer {}

        record Gone(String reason) implements Answer {}

        record Unknown(String reason) implements Answer {}
    }

    private @Nullable URI userinfo(Principal principal) {
        var issuer = issuers.get(principal.issuer());
        return issuer == null ? null : issuer.userinfoUri();
    }

    private Answer ask(Principal principal, Caller.Token token) {
        var issuer = issuers.get(principal.issuer());
        var address = userinfo(principal);
        if (issuer == null || address == null) {
            return new Answer.Stands(principal);
        }
        var request = HttpRequest.newBuilder(address).timeout(PATIENCE).header("Authorization", "Bearer " + token.value()).header("Accept", "application/json").build();
        var sent = Future.fromCompletionStage(http.sendAsync(request, HttpResponse.BodyHandlers.limiting(HttpResponse.BodyHandlers.ofByteArray(), MAX_ANSWER)))
                .map(answer -> read(answer, principal, issuer))
                .otherwise(failure -> new Answer.Unknown("its issuer does not answer: " + failure.getMessage()));
        return Future.await(sent);
    }

    private Answer read(HttpResponse<byte[]> answer, Principal principal, Issuer issuer) {
        if (answer.statusCode() == 401 || answer.statusCode() == 403) {
            return new Answer.Gone("its issuer does not accept it any more");
        }
        if (answer.statusCode() != 200) {
            return new Answer.Unknown("its issuer answers with " + answer.statusCode());
        }
        JsonNode claims;
        try {
            claims = Json.read(Buffer.buffer(answer.body()), JsonNode.class);
        } catch (RequestRefused unreadable) {
            return new Answer.Unknown("its issuer's answer is not JSON");
        }
        if (!claims.path(String.valueOf(issuer.subjectClaim())).asText().equals(principal.subject())) {
            return new Answer.Gone("its issuer says that it is somebody else's");
        }
        var groups = claims.get(String.valueOf(issuer.groupsClaim()));
        String name = issuer.issuer().toString();
        if (groups == null) {
            // Some issuers never name groups here, others leave the claim out for whoever has none any more.
            boolean counts = issuer.standing() == Issuer.Standing.STRICT || naming.contains(name);
            if (!naming.contains(name) && silent.add(name)) {
                LOGGER.atWarn()
                        .addKeyValue("issuer", name)
                        .addKeyValue("claim", issuer.groupsClaim())
                        .log(counts
                                ? "the issuer's UserInfo names no groups, so nobody's vote counts; have it name them, or set standing to lenient"
                                : "the issuer's UserInfo names no groups, so people keep those of their tokens; have it name them, or set standing to strict");
            }
            return counts
                    ? new Answer.Gone("its issuer names no group of yours any more: there is no " + issuer.groupsClaim() + " in its answer")
                    : new Answer.Stands(principal);
        }
        naming.add(name);
        Set<String> still = new HashSet<>();
        groups.forEach(group -> still.add(group.asText()));
        still.retainAll(principal.groups());
        return new Answer.Stands(with(principal, still));
    }

    private static Principal withoutGroups(Principal principal) {
        return with(principal, Set.of());
    }

    private static Principal with(Principal principal, Set<String> groups) {
        return new Principal(principal.subject(), principal.issuer(), principal.method(), groups, principal.onBehalfOf());
    }

    private static RequestRefused unknown(String reason) {
        return new RequestRefused(Problem.unavailable("It can't be asked now whether everybody who votes still may: " + reason + ". Sending the vote again is safe."));
    }

    @Override
    public void close() {
        tokens.close();
        http.shutdownNow();
    }
}

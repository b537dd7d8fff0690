// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval.http;

import dev.sluice.approval.decider.ApprovalState.Asked;
import dev.sluice.approval.register.ApprovalRegister;
import dev.sluice.schemas.identity.TokenResult;
import dev.sluice.schemas.identity.TokenVerifier;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.util.Locale;
import java.util.Set;

/** Proves callers by their bearer token (RFC 6750) and keeps everybody from what they may not see. */
final class Gatekeeper {
    private static final String SCHEME = "bearer ";

    private final TokenVerifier verifier;
    private final ApprovalRegister register;
    private final Set<String> admins;

    Gatekeeper(TokenVerifier verifier, ApprovalRegister register, Set<String> admins) {
        this.verifier = verifier;
        this.register = register;
        this.admins = admins;
    }

    /** The proven caller. Ends the request with 401, or 503 when nothing can be proven at the moment. */
    Caller caller(RoutingContext context) {
        var authorization = context.request().headers().getAll(HttpHeaders.AUTHORIZATION);
        if (authorization.isEmpty()) {
            throw unproven(context, "Bearer", "Send 'Authorization: Bearer <token>' with a token of your identity provider.");
        }
        var value = authorization.getFirst();
        if (authorization.size() > 1 || !value.toLowerCase(Locale.ROOT).startsWith(SCHEME)) {
            throw unproven(context, "Bearer error=\"invalid_request\"", "Send one Authorization header, of the form 'Bearer <token>'.");
        }
        var token = value.substring(SCHEME.length()).strip();
        var verified = Future.await(Future.fromCompletionStage(verifier.verify(token)));
        return switch (verified) {
            case TokenResult.Verified(var principal, var expiresAt, var otherNames) ->
                Caller.of(principal, otherNames, expiresAt, admins, new Caller.Token(token));
            case TokenResult.Rejected(var reason) -> throw unproven(context, "Bearer error=\"invalid_token\"", "The token proves nothing here: " + reason + ".");
            case TokenResult.Unavailable(var reason) -> throw new RequestRefused(Problem.unavailable("The token can't be checked now: " + reason + "."));
        };
    }

    /** The approval that the path names, if {@code caller} may see it. What it may not see does not exist for it. */
    Asked approval(RoutingContext context, Caller caller) {
        var id = context.pathParam(Endpoint.OnApproval.PARAMETER);
        if (register.stateOf(id) instanceof Asked approval && caller.sees(approval)) {
            return approval;
        }
        throw new RequestRefused(Problem.notFound(id));
    }

    static void requireAdmin(Caller caller) {
        if (!caller.admin()) {
            throw new RequestRefused(new Problem(403, "not-an-admin", "This is for administrators", "Your token names none of the groups in access.admins."));
        }
    }

    private static RequestRefused unproven(RoutingContext context, String challenge, String detail) {
        context.response().putHeader("WWW-Authenticate", challenge);
        return new RequestRefused(new Problem(401, "unauthenticated", "Who are you?", detail));
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.http;

import dev.sluice.audit.config.AuditConfig;
import dev.sluice.schemas.Principal;
import dev.sluice.schemas.identity.TokenResult;
import dev.sluice.schemas.identity.TokenVerifier;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.util.Collections;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;

/** Who asks, and whether they may. */
final class Callers {
    private static final String SCHEME = "bearer ";

    private final TokenVerifier tokens;
    private final Set<String> auditors;
    private final Set<String> admins;

    Callers(TokenVerifier tokens, AuditConfig.Access access) {
        this.tokens = tokens;
        this.auditors = Objects.requireNonNull(access.auditors());
        this.admins = Objects.requireNonNull(access.admins());
    }

    /** The proven caller, in one of the groups that may read. Waits for the verifier. */
    Principal auditor(RoutingContext context) {
        String header = context.request().getHeader(HttpHeaders.AUTHORIZATION);
        if (header == null || !header.toLowerCase(Locale.ROOT).startsWith(SCHEME)) {
            throw Problem.unauthenticated("Send the header Authorization: Bearer and a token of a configured issuer.");
        }
        TokenResult result = Future.fromCompletionStage(tokens.verify(header.substring(SCHEME.length()).strip()), context.vertx().getOrCreateContext())
                .await();
        Principal principal = switch (result) {
            case TokenResult.Verified(var verified, _) -> verified;
            case TokenResult.Rejected(var reason) -> throw Problem.unauthenticated(reason);
            case TokenResult.Unavailable(var reason) -> throw Problem.unavailable(reason);
        };
        if (Collections.disjoint(principal.groups(), auditors) && Collections.disjoint(principal.groups(), admins)) {
            throw Problem.forbidden("Reading the record is for the groups " + auditors.stream().sorted().toList() + " and " + admins.stream().sorted().toList() + ".");
        }
        return principal;
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.http;

import dev.sluice.audit.config.AuditConfig;
import dev.sluice.audit.store.Visibility;
import dev.sluice.schemas.Principal;
import dev.sluice.schemas.identity.TokenResult;
import dev.sluice.schemas.identity.TokenVerifier;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.util.Collections;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Who asks, and what they may see. */
final class Callers {
    private static final String SCHEME = "bearer ";
    private static final String EVERY_TARGET = "*";

    private final TokenVerifier tokens;
    private final Set<String> auditors;
    private final Set<String> admins;
    private final @Nullable Map<String, Set<String>> targets;

    Callers(TokenVerifier tokens, AuditConfig.Access access) {
        this.tokens = tokens;
        this.auditors = Objects.requireNonNull(access.auditors());
        this.admins = Objects.requireNonNull(access.admins());
        this.targets = access.targets();
    }

    /** The proven caller. Waits for the verifier. */
    Caller prove(RoutingContext context) {
        String header = context.request().getHeader(HttpHeaders.AUTHORIZATION);
        if (header == null || !header.toLowerCase(Locale.ROOT).startsWith(SCHEME)) {
            throw Problem.unauthenticated("Send the header Authorization: Bearer and a token of a configured issuer.");
        }
        TokenResult result = Future.fromCompletionStage(tokens.verify(header.substring(SCHEME.length()).strip()), context.vertx().getOrCreateContext())
                .await();
        return switch (result) {
            case TokenResult.Verified(var principal, var expiresAt, _) -> caller(principal, expiresAt);
            case TokenResult.Rejected(var reason) -> throw Problem.unauthenticated(reason);
            case TokenResult.Unavailable(var reason) -> throw Problem.unavailable(reason);
        };
    }

    /** Why {@code caller} may not use a route of {@code rule}; null when they may. */
    @Nullable String refusal(Caller caller, Routes.Rule rule) {
        return switch (rule) {
            case PUBLIC -> null;
            case AUDITOR -> caller.reads() || caller.admin()
                    ? null
                    : "Reading the record is for the groups " + auditors.stream().sorted().toList() + " and " + admins.stream().sorted().toList() + ".";
            case ADMIN -> caller.admin() ? null : "This is for the groups " + admins.stream().sorted().toList() + ".";
        };
    }

    private Caller caller(Principal principal, Instant expiresAt) {
        boolean admin = !Collections.disjoint(principal.groups(), admins);
        return new Caller(principal, !Collections.disjoint(principal.groups(), auditors), admin, admin ? Visibility.ALL : visibility(principal), expiresAt);
    }

    private Visibility visibility(Principal principal) {
        if (targets == null) {
            return Visibility.ALL;
        }
        Set<String> granted = new HashSet<>();
        principal.groups().forEach(group -> granted.addAll(targets.getOrDefault(group, Set.of())));
        return granted.contains(EVERY_TARGET) ? Visibility.ALL : new Visibility(granted);
    }
}

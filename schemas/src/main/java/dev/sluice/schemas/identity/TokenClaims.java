// SPDX-License-Identifier: Apache-2.0
package dev.sluice.schemas.identity;

import com.nimbusds.jwt.JWTClaimsSet;
import dev.sluice.schemas.Principal;
import java.time.Clock;
import java.time.Instant;
import java.util.Date;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a token whose signature holds must say, and what it makes of its bearer. */
final class TokenClaims {
    private static final int MAX_NAME_CHARACTERS = 512;
    /** OpenID Connect Core 1.0, section 5.1; {@code upn} is what some issuers say instead of {@code preferred_username}. */
    private static final List<String> NAMES = List.of("sub", "preferred_username", "upn", "email");

    private final OidcSettings settings;
    private final Clock clock;

    TokenClaims(OidcSettings settings, Clock clock) {
        this.settings = settings;
        this.clock = clock;
    }

    TokenResult check(JWTClaimsSet claims) {
        Instant now = clock.instant();
        if (!settings.issuer().toString().equals(claims.getIssuer())) {
            return new TokenResult.Rejected("the token is from another issuer");
        }
        if (claims.getAudience() == null || !claims.getAudience().contains(settings.audience())) {
            return new TokenResult.Rejected("the token is not for this audience; it must name '" + settings.audience() + "' in aud");
        }
        Date expires = claims.getExpirationTime();
        if (expires == null) {
            return new TokenResult.Rejected("the token has no end (exp)");
        }
        if (!now.isBefore(expires.toInstant().plus(settings.clockSkew()))) {
            return new TokenResult.Rejected("the token ended at " + expires.toInstant());
        }
        Instant latestStart = now.plus(settings.clockSkew());
        if (claims.getNotBeforeTime() != null && claims.getNotBeforeTime().toInstant().isAfter(latestStart)) {
            return new TokenResult.Rejected("the token is not valid before " + claims.getNotBeforeTime().toInstant());
        }
        if (claims.getIssueTime() != null && claims.getIssueTime().toInstant().isAfter(latestStart)) {
            return new TokenResult.Rejected("the token was issued in the future, at " + claims.getIssueTime().toInstant() + "; compare the clocks");
        }
        return principal(claims, expires.toInstant());
    }

    /**
     * RFC 8693: with {@code act}, the token's subject is the one on whose behalf somebody acts, and {@code act.sub} is who acts. Issuers
     * without it may name the other side in a claim of their own.
     */
    private TokenResult principal(JWTClaimsSet claims, Instant expires) {
        String subject = name(claims.getClaim(settings.subjectClaim()));
        if (subject == null) {
            return new TokenResult.Rejected("the token names nobody: claim " + settings.subjectClaim() + " is missing or not a name");
        }
        String onBehalfOf = null;
        Object act = claims.getClaim("act");
        if (act != null) {
            String actor = act instanceof Map<?, ?> actorClaims ? name(actorClaims.get("sub")) : null;
            if (actor == null) {
                return new TokenResult.Rejected("the token says that somebody acts for another (act) but not who");
            }
            onBehalfOf = subject;
            subject = actor;
        } else if (claims.getClaim(settings.onBehalfOfClaim()) != null) {
            onBehalfOf = name(claims.getClaim(settings.onBehalfOfClaim()));
            if (onBehalfOf == null) {
                return new TokenResult.Rejected("the token's " + settings.onBehalfOfClaim() + " is not a name");
            }
        }
        Set<String> groups = groups(claims.getClaim(settings.groupsClaim()));
        if (groups == null) {
            return new TokenResult.Rejected("the token's claim " + settings.groupsClaim() + " is neither a list of names nor one string");
        }
        var principal = new Principal(subject, settings.issuer().toString(), Principal.Method.OIDC, groups, onBehalfOf);
        return new TokenResult.Verified(principal, expires, otherNames(claims, subject));
    }

    private static Set<String> otherNames(JWTClaimsSet claims, String subject) {
        var names = new LinkedHashSet<String>();
        for (String claim : NAMES) {
            String name = name(claims.getClaim(claim));
            if (name != null && !name.equals(subject)) {
                names.add(name);
            }
        }
        return names;
    }

    private static @Nullable String name(@Nullable Object claim) {
        boolean usable = claim instanceof String text
                && !text.isBlank()
                && text.length() <= MAX_NAME_CHARACTERS
                && text.chars().noneMatch(Character::isISOControl);
        return usable ? (String) claim : null;
    }

    private static @Nullable Set<String> groups(@Nullable Object claim) {
        var groups = new LinkedHashSet<String>();
        switch (claim) {
            case null -> {
                return Set.of();
            }
            case String text -> {
                for (String group : text.split("[\\s,]+")) {
                    if (!group.isEmpty()) {
                        groups.add(group);
                    }
                }
            }
            case List<?> list -> {
                for (Object member : list) {
                    if (!(member instanceof String group) || group.isEmpty()) {
                        return null;
                    }
                    groups.add(group);
                }
            }
            default -> {
                return null;
            }
        }
        return groups;
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.schemas.identity;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.net.http.HttpClient;
import java.security.GeneralSecurityException;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Verifies tokens of the configured OpenID Connect issuers: signed by a key of the issuer with an algorithm on the list (never
 * {@code none}, never a shared secret), for our audience, at this time. Keys are read by discovery, kept, and read again when a token
 * names one that is not known, at a bounded rate. An answer that needs no reading of keys is complete when {@link #verify} returns.
 */
public final class OidcTokenVerifier implements TokenVerifier, AutoCloseable {
    /** Longer tokens are refused unread. A password message of the protocol may have 64 kB in all. */
    static final int MAX_TOKEN_CHARACTERS = 60 * 1024;

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);
    /** Tokens made for something else (logout, our own verdicts) name another type. */
    private static final Set<JOSEObjectType> TYPES = Set.of(JOSEObjectType.JWT, new JOSEObjectType("at+jwt"), new JOSEObjectType("application/at+jwt"));

    private final HttpClient http;
    private final Map<String, Issuer> issuers = new HashMap<>();

    private record Issuer(TokenClaims claims, IssuerKeys keys, Set<String> algorithms) {}

    /**
     * @param settings one per issuer; no issuer twice
     * @param clock what tokens' times are compared with
     */
    public OidcTokenVerifier(Collection<OidcSettings> settings, Clock clock) {
        this.http = HttpClient.newBuilder().connectTimeout(CONNECT_TIMEOUT).followRedirects(HttpClient.Redirect.NEVER).build();
        for (OidcSettings one : settings) {
            var issuer = new Issuer(new TokenClaims(one, clock), new IssuerKeys(one, http, clock), one.algorithms());
            if (issuers.put(one.issuer().toString(), issuer) != null) {
                throw new IllegalArgumentException("the issuer '" + one.issuer() + "' is configured twice");
            }
        }
    }

    @Override
    public CompletionStage<TokenResult> verify(String token) {
        if (token.length() > MAX_TOKEN_CHARACTERS) {
            return done(rejected("the token is longer than " + MAX_TOKEN_CHARACTERS + " characters"));
        }
        SignedJWT jwt;
        JWTClaimsSet claims;
        try {
            jwt = SignedJWT.parse(token);
            claims = jwt.getJWTClaimsSet();
        } catch (ParseException | IllegalArgumentException | IllegalStateException e) {
            return done(rejected("not a signed JWT"));
        }
        String unfit = claims == null ? "the token has no claims" : unfit(jwt.getHeader());
        if (unfit != null || claims == null) {
            return done(rejected(String.valueOf(unfit)));
        }
        Issuer issuer = claims.getIssuer() == null ? null : issuers.get(claims.getIssuer());
        if (issuer == null) {
            return done(rejected("the token's issuer is not among those configured"));
        }
        if (!issuer.algorithms().contains(jwt.getHeader().getAlgorithm().getName())) {
            return done(rejected("the token's algorithm is not accepted of this issuer"));
        }
        return issuer.keys().current().thenCompose(found -> switch (found) {
            case KeySet.Missing(String reason) -> done(new TokenResult.Unavailable(reason));
            case KeySet.Present(List<JWK> keys) -> {
                JWK key = KeyChoice.of(jwt.getHeader(), keys);
                yield key == null ? afterRefresh(issuer, jwt, claims) : done(check(issuer, jwt, claims, key));
            }
        });
    }

    /** The issuer may have rotated its keys since they were read. */
    private static CompletionStage<TokenResult> afterRefresh(Issuer issuer, SignedJWT jwt, JWTClaimsSet claims) {
        return issuer.keys().refreshed().thenApply(found -> switch (found) {
            case KeySet.Missing(String reason) -> new TokenResult.Unavailable(reason);
            case KeySet.Present(List<JWK> keys) -> {
                JWK key = KeyChoice.of(jwt.getHeader(), keys);
                yield key == null ? rejected("the issuer has no key that fits the token's kid and algorithm") : check(issuer, jwt, claims, key);
            }
        });
    }

    private static @Nullable String unfit(JWSHeader header) {
        if (!OidcSettings.EVERY_ALGORITHM.contains(header.getAlgorithm().getName())) {
            return "the token's algorithm is not accepted";
        }
        if (header.getType() != null && !TYPES.contains(header.getType())) {
            return "the token was made for another purpose: its type is neither JWT nor at+jwt";
        }
        if (header.getCriticalParams() != null && !header.getCriticalParams().isEmpty()) {
            return "the token's header has critical parameters that are not understood";
        }
        return null;
    }

    private static TokenResult check(Issuer issuer, SignedJWT jwt, JWTClaimsSet claims, JWK key) {
        try {
            return jwt.verify(KeyChoice.verifier(key)) ? issuer.claims().check(claims) : rejected("the token's signature does not verify");
        } catch (JOSEException | GeneralSecurityException | IllegalStateException e) {
            return rejected("the token's signature cannot be verified with the issuer's key");
        }
    }

    private static TokenResult rejected(String reason) {
        return new TokenResult.Rejected(reason);
    }

    private static CompletionStage<TokenResult> done(TokenResult result) {
        return CompletableFuture.completedStage(result);
    }

    /** Ends what is being read from issuers. */
    @Override
    public void close() {
        http.shutdownNow();
    }
}

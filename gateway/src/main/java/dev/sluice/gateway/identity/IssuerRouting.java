// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.identity;

import com.nimbusds.jwt.JWTParser;
import dev.sluice.schemas.identity.TokenResult;
import dev.sluice.schemas.identity.TokenVerifier;
import java.text.ParseException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Several issuers as one verifier. A token's own, unproven word says whose it is; the verifier of that issuer then proves it, issuer
 * included, so that word can only choose among verifiers and not persuade one.
 */
public final class IssuerRouting implements TokenVerifier {
    private final Map<String, TokenVerifier> byIssuer;

    /** @param byIssuer verifiers by the exact issuer */
    public IssuerRouting(Map<String, TokenVerifier> byIssuer) {
        this.byIssuer = Map.copyOf(byIssuer);
    }

    @Override
    public CompletionStage<TokenResult> verify(String token) {
        String issuer = claimedIssuer(token);
        TokenVerifier verifier = issuer == null ? null : byIssuer.get(issuer);
        return verifier == null
                ? CompletableFuture.completedFuture(new TokenResult.Rejected("it is not a token of an issuer that this gateway trusts"))
                : verifier.verify(token);
    }

    private static @Nullable String claimedIssuer(String token) {
        try {
            return JWTParser.parse(token).getJWTClaimsSet().getIssuer();
        } catch (ParseException | RuntimeException e) {
            return null;
        }
    }
}

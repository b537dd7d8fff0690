// SPDX-License-Identifier: Apache-2.0
package dev.sluice.schemas.identity;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One OpenID Connect issuer whose tokens prove a caller.
 *
 * @param issuer compared with the {@code iss} claim and with the discovery document, character by character
 * @param audience must be among the token's {@code aud}
 * @param groupsClaim where groups are: an array of strings, or one string separated by spaces or commas
 * @param subjectClaim which claim names the caller, normally {@code sub}
 * @param clockSkew tolerated difference between the issuer's clock and ours, at most five minutes
 * @param jwksUriOverride the key set, if it is not to be taken from the discovery document
 * @param plainHttpAllowed whether {@code http:} is tolerated beyond the loopback interface
 * @param onBehalfOfClaim which claim names whom the caller acts for, where there is no {@code act} (RFC 8693, section 4.1)
 * @param algorithms names of the signature algorithms (RFC 7518, section 3.1) that are accepted, some of {@link #EVERY_ALGORITHM}
 */
public record OidcSettings(
        URI issuer,
        String audience,
        String groupsClaim,
        String subjectClaim,
        Duration clockSkew,
        @Nullable URI jwksUriOverride,
        boolean plainHttpAllowed,
        String onBehalfOfClaim,
        Set<String> algorithms) {
    /** What can be accepted at all: none that works with a shared secret, and none that proves nothing. */
    public static final Set<String> EVERY_ALGORITHM =
            Set.of("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA");

    /** Where issuers say whom an agent acts for, unless it is set otherwise. */
    public static final String ON_BEHALF_OF = "on_behalf_of";

    private static final Duration MAX_CLOCK_SKEW = Duration.ofMinutes(5);

    public OidcSettings {
        requireSafe("issuer", issuer, plainHttpAllowed);
        if (jwksUriOverride != null) {
            requireSafe("jwksUriOverride", jwksUriOverride, plainHttpAllowed);
        }
        requireText("audience", audience);
        requireText("groupsClaim", groupsClaim);
        requireText("subjectClaim", subjectClaim);
        requireText("onBehalfOfClaim", onBehalfOfClaim);
        algorithms = Set.copyOf(algorithms);
        if (algorithms.isEmpty() || !EVERY_ALGORITHM.containsAll(algorithms)) {
            throw new IllegalArgumentException("algorithms is " + algorithms + ", it must name some of " + EVERY_ALGORITHM);
        }
        if (clockSkew.isNegative() || clockSkew.compareTo(MAX_CLOCK_SKEW) > 0) {
            throw new IllegalArgumentException("clockSkew is " + clockSkew + ", it must lie between zero and " + MAX_CLOCK_SKEW);
        }
    }

    /** The usual claim for whom an agent acts for, and every algorithm that can be accepted. */
    public OidcSettings(
            URI issuer, String audience, String groupsClaim, String subjectClaim, Duration clockSkew, @Nullable URI jwksUriOverride, boolean plainHttpAllowed) {
        this(issuer, audience, groupsClaim, subjectClaim, clockSkew, jwksUriOverride, plainHttpAllowed, ON_BEHALF_OF, EVERY_ALGORITHM);
    }

    /** The usual claims ({@code groups}, {@code sub}), 30 seconds of skew, keys from the discovery document. */
    public static OidcSettings of(URI issuer, String audience) {
        return new OidcSettings(issuer, audience, "groups", "sub", Duration.ofSeconds(30), null, false);
    }

    /** Keys fetched over plain HTTP are keys of whoever sits on the way; only the loopback interface has nobody on it. */
    static void requireSafe(String what, URI uri, boolean plainHttpAllowed) {
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        if (uri.getHost() == null || !(scheme.equals("https") || scheme.equals("http"))) {
            throw new IllegalArgumentException(what + " is '" + uri + "', it must be an absolute https: URL");
        }
        if (scheme.equals("http") && !plainHttpAllowed && !isLoopback(uri.getHost())) {
            throw new IllegalArgumentException(what + " is '" + uri + "': http: is only accepted on the loopback interface; use https:, or allow plain HTTP for this issuer");
        }
    }

    private static boolean isLoopback(String host) {
        if (host.equals("localhost")) {
            return true;
        }
        // A literal address only: a name would be looked up, and could point elsewhere the next time.
        boolean literal = host.startsWith("[") || host.chars().allMatch(c -> c == '.' || (c >= '0' && c <= '9'));
        try {
            return literal && InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    private static void requireText(String what, String value) {
        if (value.isBlank()) {
            throw new IllegalArgumentException(what + " is empty");
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.schemas.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import dev.sluice.schemas.Principal;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens of a real issuer on a local HTTP server, with real keys. */
@Timeout(60)
class OidcTokenVerifierTest {
    private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
    private static RSAKey first;
    private static RSAKey second;
    private static ECKey curve;

    private TestIssuer issuer;
    private SettableClock clock;
    private OidcTokenVerifier verifier;

    @BeforeAll
    static void makeKeys() throws JOSEException {
        first = new RSAKeyGenerator(2048).keyID("first").generate();
        second = new RSAKeyGenerator(2048).keyID("second").generate();
        curve = new ECKeyGenerator(Curve.P_256).keyID("curve").generate();
    }

    @BeforeEach
    void startIssuer() throws Exception {
        issuer = TestIssuer.start();
        issuer.publish(first, curve);
        clock = new SettableClock(NOW);
        verifier = new OidcTokenVerifier(List.of(OidcSettings.of(issuer.uri(), "sluice")), clock);
    }

    @AfterEach
    void stopIssuer() {
        verifier.close();
        issuer.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512"})
    void acceptsEveryRsaAlgorithmOnTheList(String algorithm) throws Exception {
        var expected = new Principal("alice", issuer.uri().toString(), Principal.Method.OIDC, Set.of("dba", "on call"), null);
        assertThat(verify(signed(new RSASSASigner(first), header(algorithm, "first"), claims().build())))
                .isEqualTo(new TokenResult.Verified(expected, NOW.plusSeconds(300)));
    }

    @Test
    void acceptsEllipticCurves() throws Exception {
        assertThat(verify(signed(new ECDSASigner(curve), header("ES256", "curve"), claims().build()))).isInstanceOf(TokenResult.Verified.class);
    }

    @Test
    void readsTheKeysOnceForManyTokens() throws Exception {
        for (int i = 0; i < 20; i++) {
            assertThat(verify(good(claims()))).isInstanceOf(TokenResult.Verified.class);
        }
        assertThat(issuer.keyReads()).isEqualTo(1);
    }

    @Test
    void followsARotationWithinItsRateLimit() throws Exception {
        assertThat(verify(good(claims()))).isInstanceOf(TokenResult.Verified.class);
        issuer.publish(second);
        String rotated = signed(new RSASSASigner(second), header("RS256", "second"), claims().build());
        assertThat(verify(rotated)).as("the keys were read a moment ago").isInstanceOf(TokenResult.Rejected.class);
        clock.advance(IssuerKeys.PAUSE);
        assertThat(verify(rotated)).isInstanceOf(TokenResult.Verified.class);
        assertThat(verify(good(claims()))).as("a withdrawn key").isInstanceOf(TokenResult.Rejected.class);
        assertThat(issuer.keyReads()).isEqualTo(2);
    }

    @Test
    void strangersCannotMakeItReadKeysInALoop() throws Exception {
        for (int i = 0; i < 50; i++) {
            verify(signed(new RSASSASigner(second), header("RS256", "made up " + i), claims().build()));
        }
        assertThat(issuer.keyReads()).isEqualTo(1);
    }

    @Test
    void refusesTheSignatureOfAnotherKeyUnderAKnownName() throws Exception {
        assertRejected(signed(new RSASSASigner(second), header("RS256", "first"), claims().build()), "signature does not verify");
    }

    @Test
    void refusesNone() throws Exception {
        assertRejected(new PlainJWT(claims().build()).serialize(), "not a signed JWT");
    }

    @Test
    void refusesASharedSecretMadeOfThePublicKey() throws Exception {
        var secret = first.toRSAPublicKey().getEncoded();
        assertRejected(signed(new MACSigner(secret), header("HS256", "first"), claims().build()), "algorithm is not accepted");
    }

    @Test
    void refusesAnAlgorithmThatIsNotTheKeys() throws Exception {
        assertRejected(signed(new RSASSASigner(first), header("RS256", "curve"), claims().build()), "no key that fits");
    }

    @Test
    void refusesAKeyThatIsPublishedForEncryptionOrForAnotherAlgorithm() throws Exception {
        issuer.publish(new RSAKey.Builder(first).algorithm(JWSAlgorithm.PS256).build());
        assertRejected(good(claims()), "no key that fits");
    }

    @Test
    void needsNoKidWhereOneKeyAloneFits() throws Exception {
        assertThat(verify(signed(new RSASSASigner(first), header("RS256", null), claims().build()))).isInstanceOf(TokenResult.Verified.class);
    }

    @Test
    void needsAKidWhereSeveralKeysFit() throws Exception {
        issuer.publish(first, second);
        assertRejected(signed(new RSASSASigner(first), header("RS256", null), claims().build()), "no key that fits");
    }

    @Test
    void judgesTimesWithTheSkewAndNoMore() throws Exception {
        Duration skew = Duration.ofSeconds(30);
        assertThat(verify(good(claims().expirationTime(Date.from(NOW.minus(skew).plusSeconds(1)))))).isInstanceOf(TokenResult.Verified.class);
        assertRejected(good(claims().expirationTime(Date.from(NOW.minus(skew)))), "ended at");
        assertRejected(good(claims().expirationTime(null)), "no end");
        assertThat(verify(good(claims().notBeforeTime(Date.from(NOW.plus(skew)))))).isInstanceOf(TokenResult.Verified.class);
        assertRejected(good(claims().notBeforeTime(Date.from(NOW.plus(skew).plusSeconds(1)))), "not valid before");
        assertRejected(good(claims().issueTime(Date.from(NOW.plusSeconds(3600)))), "issued in the future");
    }

    @Test
    void refusesAnotherAudienceAndAnotherIssuer() throws Exception {
        assertRejected(good(claims().audience("other")), "not for this audience");
        assertRejected(good(claims().audience((String) null)), "not for this audience");
        assertThat(verify(good(claims().audience(List.of("other", "sluice"))))).isInstanceOf(TokenResult.Verified.class);
        assertRejected(good(claims().issuer(issuer.uri() + "/")), "issuer is not among");
        assertRejected(good(claims().issuer(null)), "issuer is not among");
    }

    @Test
    void refusesTokensMadeForAnotherPurpose() throws Exception {
        var header = new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("first").type(new JOSEObjectType("logout+jwt")).build();
        assertRejected(signed(new RSASSASigner(first), header, claims().build()), "another purpose");
    }

    @Test
    void readsGroupsInEveryUsualForm() throws Exception {
        assertThat(principal(claims().claim("groups", "dba  auditors,owners")).groups()).containsExactlyInAnyOrder("dba", "auditors", "owners");
        assertThat(principal(claims().claim("groups", null)).groups()).isEmpty();
        assertRejected(good(claims().claim("groups", Map.of("dba", true))), "claim groups");
        assertRejected(good(claims().claim("groups", List.of("dba", 7))), "claim groups");
    }

    @Test
    void tellsAnAgentFromTheOneBehindIt() throws Exception {
        Principal acting = principal(claims().claim("act", Map.of("sub", "agent-7")));
        assertThat(acting.subject()).isEqualTo("agent-7");
        assertThat(acting.onBehalfOf()).isEqualTo("alice");
        Principal custom = principal(claims().claim("on_behalf_of", "bob"));
        assertThat(custom.subject()).isEqualTo("alice");
        assertThat(custom.onBehalfOf()).isEqualTo("bob");
        assertRejected(good(claims().claim("act", Map.of("iss", "x"))), "not who");
        assertRejected(good(claims().subject(null)), "names nobody");
        assertRejected(good(claims().subject("a\nb")), "names nobody");
    }

    @Test
    void readsWhomAnAgentActsForInTheClaimThatTheSettingsName() throws Exception {
        restart(new OidcSettings(
                issuer.uri(), "sluice", "groups", "sub", Duration.ofSeconds(30), null, false, "agent_owner", OidcSettings.EVERY_ALGORITHM));
        assertThat(principal(claims().claim("agent_owner", "bob").claim("on_behalf_of", "carol")).onBehalfOf()).isEqualTo("bob");
        assertRejected(good(claims().claim("agent_owner", List.of("bob"))), "agent_owner is not a name");
    }

    @Test
    void refusesAnAlgorithmThatTheSettingsDoNotName() throws Exception {
        restart(new OidcSettings(
                issuer.uri(), "sluice", "groups", "sub", Duration.ofSeconds(30), null, false, "on_behalf_of", Set.of("ES256")));
        assertRejected(good(claims()), "algorithm is not accepted of this issuer");
        assertThat(verify(signed(new ECDSASigner(curve), header("ES256", "curve"), claims().build()))).isInstanceOf(TokenResult.Verified.class);
    }

    @Test
    void tellsWhatElseTheTokenCallsItsBearer() throws Exception {
        var result = verify(good(claims().claim("preferred_username", "alice.a").claim("email", "alice@example.com").claim("upn", 7)));
        assertThat(result).isInstanceOfSatisfying(
                TokenResult.Verified.class, verified -> assertThat(verified.otherNames()).containsExactlyInAnyOrder("alice.a", "alice@example.com"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "a.b", "a.b.c", "....", "eyJhbGciOiJSUzI1NiJ9.e30.", "eyJhbGciOiJSUzI1NiJ9.W10.AA", "\u0000"})
    void refusesWhatIsNoToken(String text) throws Exception {
        assertThat(verify(text)).isInstanceOf(TokenResult.Rejected.class);
        assertThat(issuer.keyReads()).isZero();
    }

    @Test
    void refusesOverlongTokensUnread() throws Exception {
        assertRejected("a".repeat(OidcTokenVerifier.MAX_TOKEN_CHARACTERS + 1), "longer than");
    }

    @Test
    void saysWhenTheDiscoveryDocumentIsOfAnotherIssuer() throws Exception {
        issuer.pretendToBe("http://127.0.0.1:1");
        assertUnavailable(good(claims()), "names another issuer");
    }

    @Test
    void saysWhenTheKeysLieBeyondLoopbackOverPlainHttp() throws Exception {
        issuer.pointKeysTo("http://keys.example/jwks");
        assertUnavailable(good(claims()), "http: is only accepted on the loopback interface");
    }

    @Test
    void saysWhenTheIssuerIsAwayAndServesTheLastKeysForAWhile() throws Exception {
        String token = good(claims().expirationTime(Date.from(NOW.plus(Duration.ofDays(1)))));
        assertThat(verify(token)).isInstanceOf(TokenResult.Verified.class);
        issuer.close();
        clock.advance(Duration.ofMinutes(30));
        assertThat(verify(token)).isInstanceOf(TokenResult.Verified.class);
        clock.advance(Duration.ofMinutes(31));
        assertUnavailable(token, "cannot be reached");
    }

    @Test
    void saysWhatTheIssuerAnsweredInstead() throws Exception {
        issuer.failWith(503);
        assertUnavailable(good(claims()), "answered with status 503");
        issuer.failWith(200);
        assertUnavailable(good(claims()), "answered with status 503");
        clock.advance(IssuerKeys.PAUSE);
        assertThat(verify(good(claims()))).as("well again").isInstanceOf(TokenResult.Verified.class);
    }

    @Test
    void settingsNameWhatIsWrong() {
        assertThatThrownBy(() -> OidcSettings.of(URI.create("http://issuer.example"), "sluice")).hasMessageContaining("http: is only accepted on the loopback");
        assertThatThrownBy(() -> new OidcSettings(
                        URI.create("https://issuer.example"), "sluice", "groups", "sub", Duration.ZERO, null, false, "on_behalf_of", Set.of("HS256")))
                .hasMessageContaining("algorithms");
        assertThatThrownBy(() -> OidcSettings.of(URI.create("issuer"), "sluice")).hasMessageContaining("absolute https: URL");
        assertThatThrownBy(() -> OidcSettings.of(URI.create("https://issuer.example"), " ")).hasMessageContaining("audience");
        assertThat(OidcSettings.of(URI.create("http://localhost:1/realms/a"), "sluice").jwksUriOverride()).isNull();
        assertThat(OidcSettings.of(URI.create("http://[::1]:1/"), "sluice").audience()).isEqualTo("sluice");
        assertThatThrownBy(() -> OidcSettings.of(URI.create("http://127.0.0.1.example.com"), "sluice")).isInstanceOf(IllegalArgumentException.class);
    }

    private Principal principal(JWTClaimsSet.Builder claims) throws Exception {
        TokenResult result = verify(good(claims));
        assertThat(result).isInstanceOf(TokenResult.Verified.class);
        return ((TokenResult.Verified) result).principal();
    }

    private void restart(OidcSettings settings) {
        verifier.close();
        verifier = new OidcTokenVerifier(List.of(settings), clock);
    }

    private void assertRejected(String token, String reason) throws Exception {
        assertThat(verify(token)).isInstanceOfSatisfying(TokenResult.Rejected.class, rejected -> assertThat(rejected.reason()).contains(reason));
    }

    private void assertUnavailable(String token, String reason) throws Exception {
        assertThat(verify(token)).isInstanceOfSatisfying(TokenResult.Unavailable.class, unavailable -> assertThat(unavailable.reason()).contains(reason));
    }

    private TokenResult verify(String token) throws Exception {
        return verifier.verify(token).toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    private String good(JWTClaimsSet.Builder claims) throws JOSEException {
        return signed(new RSASSASigner(first), header("RS256", "first"), claims.build());
    }

    private JWTClaimsSet.Builder claims() {
        return new JWTClaimsSet.Builder()
                .issuer(issuer.uri().toString())
                .subject("alice")
                .audience("sluice")
                .issueTime(Date.from(NOW))
                .expirationTime(Date.from(NOW.plusSeconds(300)))
                .claim("groups", List.of("dba", "on call"));
    }

    private static JWSHeader header(String algorithm, String keyId) {
        return new JWSHeader.Builder(JWSAlgorithm.parse(algorithm)).keyID(keyId).type(JOSEObjectType.JWT).build();
    }

    private static String signed(JWSSigner signer, JWSHeader header, JWTClaimsSet claims) throws JOSEException {
        var jwt = new SignedJWT(header, claims);
        jwt.sign(signer);
        return jwt.serialize();
    }
}

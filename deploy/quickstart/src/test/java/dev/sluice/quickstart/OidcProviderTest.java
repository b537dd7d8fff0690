// SPDX-License-Identifier: Apache-2.0
package dev.sluice.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.crypto.factories.DefaultJWSVerifierFactory;
import com.nimbusds.jose.jwk.AsymmetricJWK;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.SignedJWT;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OidcProviderTest {
    private final Vertx vertx = Vertx.vertx();
    private final HttpClient http = HttpClient.newHttpClient();

    @AfterEach
    void close() throws Exception {
        vertx.close().await(10, TimeUnit.SECONDS);
        http.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ES256", "RS256"})
    void tokensVerifyWithThePublishedKeyAndNameTheirGroups(String algorithm) throws Exception {
        OidcProvider provider = start(JWSAlgorithm.parse(algorithm), null);

        JsonObject discovery = get(provider.issuer() + "/.well-known/openid-configuration");
        HttpResponse<String> answer = post(discovery.getString("token_endpoint"), "grant_type=client_credentials", basic("agent-demo", "s3cret"));

        assertThat(discovery.getString("issuer")).isEqualTo(provider.issuer().toString());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("cache-control")).contains("no-store");
        SignedJWT token = SignedJWT.parse(new JsonObject(answer.body()).getString("access_token"));
        assertThat(verifies(token, discovery.getString("jwks_uri"))).isTrue();
        assertThat(token.getJWTClaimsSet().getSubject()).isEqualTo("agent-demo");
        assertThat(token.getJWTClaimsSet().getIssuer()).isEqualTo(provider.issuer().toString());
        assertThat(token.getJWTClaimsSet().getAudience()).containsExactly("sluice");
        assertThat(token.getJWTClaimsSet().getStringListClaim("groups")).containsExactly("agents");
    }

    @Test
    void aPersonLogsInWithAPasswordAndGetsAnIdTokenWhenAskedFor() throws Exception {
        OidcProvider provider = start(JWSAlgorithm.ES256, null);

        HttpResponse<String> answer =
                post(provider.issuer() + "/token", "grant_type=password&client_id=sluice-terminal&username=olivia&password=a+b%26c&scope=openid", null);

        assertThat(answer.statusCode()).isEqualTo(200);
        SignedJWT id = SignedJWT.parse(new JsonObject(answer.body()).getString("id_token"));
        assertThat(id.getJWTClaimsSet().getAudience()).containsExactly("sluice-terminal");
        assertThat(id.getJWTClaimsSet().getSubject()).isEqualTo("olivia");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "grant_type=password&client_id=sluice-terminal&username=olivia&password=wrong",
                "grant_type=password&client_id=sluice-terminal&username=agent-demo&password=s3cret",
                "grant_type=password&client_id=other&username=olivia&password=a+b%26c",
                "grant_type=client_credentials&client_id=agent-demo&client_secret=wrong",
                "grant_type=client_credentials&client_id=olivia&client_secret=a+b%26c",
                "grant_type=authorization_code",
                "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Adevice_code&device_code=guess",
                ""
            })
    void givesNoTokenForAnythingElse(String form) throws Exception {
        OidcProvider provider = start(JWSAlgorithm.ES256, null);

        HttpResponse<String> answer = post(provider.issuer() + "/token", form, null);

        assertThat(answer.statusCode()).isBetween(400, 401);
        assertThat(new JsonObject(answer.body()).getString("error")).isNotBlank();
        assertThat(answer.body()).doesNotContain("token\":");
    }

    @Test
    void aDeviceGetsItsTokenOnceAPersonHasEnteredTheCode() throws Exception {
        OidcProvider provider = start(JWSAlgorithm.ES256, null);
        JsonObject login = new JsonObject(post(provider.issuer() + "/device", "client_id=sluice-terminal", null).body());
        String poll = "grant_type=urn:ietf:params:oauth:grant-type:device_code&client_id=sluice-terminal&device_code=" + login.getString("device_code");

        HttpResponse<String> early = post(provider.issuer() + "/token", poll, null);
        HttpResponse<String> entered = post(
                provider.issuer() + "/device/approve", "username=olivia&password=a+b%26c&user_code=" + login.getString("user_code"), null);
        HttpResponse<String> token = post(provider.issuer() + "/token", poll, null);
        HttpResponse<String> again = post(provider.issuer() + "/token", poll, null);

        assertThat(new JsonObject(early.body()).getString("error")).isEqualTo("authorization_pending");
        assertThat(entered.statusCode()).isEqualTo(200);
        assertThat(SignedJWT.parse(new JsonObject(token.body()).getString("access_token")).getJWTClaimsSet().getSubject()).isEqualTo("olivia");
        assertThat(new JsonObject(again.body()).getString("error")).isEqualTo("expired_token");
    }

    @Test
    void rotationKeepsTheTokensOfTheKeyBeforeAndDropsOlderOnes() throws Exception {
        OidcProvider provider = start(JWSAlgorithm.ES256, null);
        SignedJWT token = SignedJWT.parse(provider.tokenFor("agent-demo"));

        provider.rotateKeys();
        boolean afterOne = verifies(token, provider.issuer() + "/jwks");
        provider.rotateKeys();

        assertThat(afterOne).isTrue();
        assertThat(verifies(token, provider.issuer() + "/jwks")).isFalse();
        assertThat(verifies(SignedJWT.parse(provider.tokenFor("agent-demo")), provider.issuer() + "/jwks")).isTrue();
    }

    @Test
    void keysInAFileOutliveTheProviderAndStayPrivate(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("keys.json");
        OidcProvider first = start(JWSAlgorithm.ES256, file);
        SignedJWT token = SignedJWT.parse(first.tokenFor("agent-demo"));
        first.close().await(10, TimeUnit.SECONDS);

        OidcProvider second = start(JWSAlgorithm.ES256, file);

        assertThat(verifies(token, second.issuer() + "/jwks")).isTrue();
        assertThat(get(second.issuer() + "/jwks").encode()).doesNotContain("\"d\"");
        assertThat(java.nio.file.Files.getPosixFilePermissions(file)).hasSize(2);
    }

    private OidcProvider start(JWSAlgorithm algorithm, @Nullable Path keyFile) throws Exception {
        List<OidcAccount> accounts =
                List.of(OidcAccount.program("agent-demo", "s3cret", "agents"), OidcAccount.person("olivia", "a b&c", "approvers"));
        return OidcProvider.start(
                        vertx,
                        new OidcProvider.Options(
                                new HostPort("127.0.0.1", 0), "sluice", Duration.ofHours(1), algorithm, keyFile, accounts, Clock.systemUTC()))
                .await(10, TimeUnit.SECONDS);
    }

    private JsonObject get(String url) throws Exception {
        return new JsonObject(http.send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString()).body());
    }

    private HttpResponse<String> post(String url, String form, @Nullable String authorization) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url))
                .header("content-type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(form));
        if (authorization != null) {
            request.header("authorization", authorization);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static String basic(String user, String secret) {
        return "Basic " + Base64.getEncoder().encodeToString((user + ":" + secret).getBytes(StandardCharsets.UTF_8));
    }

    private boolean verifies(SignedJWT token, String jwks) throws Exception {
        JWK key = JWKSet.parse(get(jwks).encode()).getKeyByKeyId(token.getHeader().getKeyID());
        return key != null
                && token.verify(new DefaultJWSVerifierFactory().createJWSVerifier(token.getHeader(), ((AsymmetricJWK) key).toPublicKey()));
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.quickstart;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jwt.JWTClaimsSet;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A small OpenID provider for the quick start and the end-to-end tests: OpenID Connect Discovery 1.0, JWKS (RFC 7517), the token endpoint
 * (RFC 6749 client credentials and password, RFC 8628 device code) and access tokens as JWT (RFC 9068) with a {@code groups} claim. It
 * keeps its accounts in memory and its passwords in the clear; a real deployment uses a real provider.
 */
public final class OidcProvider {
    /** The public client with which people log in from a terminal. */
    public static final String TERMINAL_CLIENT = "sluice-terminal";

    private static final JOSEObjectType ACCESS_TOKEN = new JOSEObjectType("at+jwt");
    private static final int BODY_LIMIT_BYTES = 16 * 1024;

    private final Map<String, OidcAccount> accounts;
    private final SigningKeys keys;
    private final Options options;
    private final DeviceLogins devices;
    private final HttpServer server;
    private volatile URI issuer = URI.create("http://unbound");

    /**
     * @param listen where the provider listens; it is also the issuer's address
     * @param audience the {@code aud} of access tokens
     * @param lifetime how long a token is valid
     * @param algorithm ES256 or RS256
     * @param keyFile keeps the signing keys between runs; null keeps them in memory
     */
    public record Options(
            HostPort listen, String audience, Duration lifetime, JWSAlgorithm algorithm, @Nullable Path keyFile, List<OidcAccount> accounts, Clock clock) {
        public Options {
            accounts = List.copyOf(accounts);
        }
    }

    private OidcProvider(Vertx vertx, Options options) {
        this.options = options;
        this.accounts = options.accounts().stream().collect(Collectors.toUnmodifiableMap(OidcAccount::name, Function.identity()));
        this.keys = SigningKeys.open(options.algorithm(), options.keyFile());
        this.devices = new DeviceLogins(options.clock());
        this.server = vertx.createHttpServer(new HttpServerOptions().setHost(options.listen().host()).setPort(options.listen().port()));
        Router router = Router.router(vertx);
        router.route().handler(BodyHandler.create(false).setBodyLimit(BODY_LIMIT_BYTES));
        router.get("/.well-known/openid-configuration").handler(this::discovery);
        router.get("/jwks").handler(context -> context.response().putHeader("content-type", "application/jwk-set+json").end(keys.publicJwks()));
        router.post("/token").handler(this::token);
        router.post("/device").handler(this::device);
        router.get("/device").handler(context -> context.response().putHeader("content-type", "text/html; charset=utf-8").end(DeviceLogins.PAGE));
        router.post("/device/approve").handler(this::approveDevice);
        router.get("/health").handler(context -> json(context, 200, new JsonObject().put("status", "up")));
        server.requestHandler(router);
    }

    /** Starts listening. Fails when the address is taken. */
    public static Future<OidcProvider> start(Vertx vertx, Options options) {
        OidcProvider provider = new OidcProvider(vertx, options);
        return provider.server.listen().map(bound -> {
            provider.issuer = URI.create("http://" + new HostPort(options.listen().host(), bound.actualPort()).authority());
            return provider;
        });
    }

    /** The {@code iss} of its tokens; discovery is below it. */
    public URI issuer() {
        return issuer;
    }

    /** An access token for a known account, as the token endpoint would give it. */
    public String tokenFor(String account) {
        return tokenFor(account, options.lifetime());
    }

    /** The same with a lifetime of one's own; a negative one gives a token that has expired already. */
    public String tokenFor(String account, Duration lifetime) {
        OidcAccount known = accounts.get(account);
        if (known == null) {
            throw new IllegalArgumentException("the provider knows no account '" + account + "'");
        }
        return accessToken(known, account, lifetime);
    }

    /** Signs from now on with a new key. Tokens of the key before it stay valid; those of older keys do not. */
    public void rotateKeys() {
        keys.rotate();
    }

    /** Stops listening; tokens stay verifiable only for those who have the keys already. */
    public Future<Void> close() {
        return server.close();
    }

    private void discovery(RoutingContext context) {
        json(
                context,
                200,
                new JsonObject()
                        .put("issuer", issuer.toString())
                        .put("jwks_uri", issuer + "/jwks")
                        .put("token_endpoint", issuer + "/token")
                        .put("device_authorization_endpoint", issuer + "/device")
                        .put("response_types_supported", new JsonArray().add("none"))
                        .put("subject_types_supported", new JsonArray().add("public"))
                        .put("id_token_signing_alg_values_supported", new JsonArray().add(keys.algorithm().getName()))
                        .put("grant_types_supported", new JsonArray().add("client_credentials").add("password").add(DeviceLogins.GRANT_TYPE))
                        .put(
                                "token_endpoint_auth_methods_supported",
                                new JsonArray().add("client_secret_basic").add("client_secret_post").add("none"))
                        .put("scopes_supported", new JsonArray().add("openid").add("groups"))
                        .put("claims_supported", new JsonArray().add("sub").add("groups").add("preferred_username")));
    }

    private void token(RoutingContext context) {
        context.response().putHeader("cache-control", "no-store");
        OidcForm form = OidcForm.of(context.request());
        String grant = form.value("grant_type");
        switch (grant) {
            case "client_credentials" -> clientCredentials(context, form);
            case "password" -> password(context, form);
            case DeviceLogins.GRANT_TYPE -> deviceCode(context, form);
            case "" -> error(context, 400, "invalid_request", "grant_type is missing");
            default -> error(context, 400, "unsupported_grant_type", "'" + grant + "' is not one of client_credentials, password, device_code");
        }
    }

    private void clientCredentials(RoutingContext context, OidcForm form) {
        OidcAccount program = accounts.get(form.clientId());
        if (program == null || program.kind() != OidcAccount.Kind.PROGRAM || !OidcForm.same(program.secret(), form.clientSecret())) {
            context.response().putHeader("www-authenticate", "Basic realm=\"sluice\"");
            error(context, 401, "invalid_client", "unknown client or wrong secret");
            return;
        }
        grant(context, program, form, program.name());
    }

    private void password(RoutingContext context, OidcForm form) {
        if (!form.clientId().equals(TERMINAL_CLIENT)) {
            error(context, 401, "invalid_client", "the password grant is for client_id=" + TERMINAL_CLIENT);
            return;
        }
        OidcAccount person = accounts.get(form.value("username"));
        if (person == null || person.kind() != OidcAccount.Kind.PERSON || !OidcForm.same(person.secret(), form.value("password"))) {
            error(context, 400, "invalid_grant", "unknown user or wrong password");
            return;
        }
        grant(context, person, form, TERMINAL_CLIENT);
    }

    private void device(RoutingContext context) {
        context.response().putHeader("cache-control", "no-store");
        OidcForm form = OidcForm.of(context.request());
        if (!form.clientId().equals(TERMINAL_CLIENT)) {
            error(context, 401, "invalid_client", "the device grant is for client_id=" + TERMINAL_CLIENT);
            return;
        }
        devices.open().ifPresentOrElse(login -> json(context, 200, login.answer(issuer)), () -> error(context, 503, "slow_down", "too many device logins are open"));
    }

    private void approveDevice(RoutingContext context) {
        OidcForm form = OidcForm.of(context.request());
        OidcAccount person = accounts.get(form.value("username"));
        if (person == null || person.kind() != OidcAccount.Kind.PERSON || !OidcForm.same(person.secret(), form.value("password"))) {
            error(context, 400, "invalid_grant", "unknown user or wrong password");
            return;
        }
        if (devices.approve(form.value("user_code"), person.name())) {
            json(context, 200, new JsonObject().put("status", "approved"));
        } else {
            error(context, 400, "invalid_grant", "this code is unknown or has expired");
        }
    }

    private void deviceCode(RoutingContext context, OidcForm form) {
        switch (devices.redeem(form.value("device_code"))) {
            case DeviceLogins.Redeemed.Pending() -> error(context, 400, "authorization_pending", "nobody has entered the code yet");
            case DeviceLogins.Redeemed.Expired() -> error(context, 400, "expired_token", "this device code is unknown or has expired");
            case DeviceLogins.Redeemed.Approved(String name) -> {
                OidcAccount person = accounts.get(name);
                if (person == null) {
                    error(context, 400, "invalid_grant", "the account is gone");
                } else {
                    grant(context, person, form, TERMINAL_CLIENT);
                }
            }
        }
    }

    private void grant(RoutingContext context, OidcAccount account, OidcForm form, String client) {
        JsonObject answer = new JsonObject()
                .put("access_token", accessToken(account, client, options.lifetime()))
                .put("token_type", "Bearer")
                .put("expires_in", options.lifetime().toSeconds());
        if (List.of(form.value("scope").split(" ")).contains("openid")) {
            JWTClaimsSet claims = claims(account, client, options.lifetime()).audience(client).build();
            answer.put("id_token", keys.sign(claims, JOSEObjectType.JWT));
        }
        json(context, 200, answer);
    }

    private String accessToken(OidcAccount account, String client, Duration lifetime) {
        return keys.sign(claims(account, client, lifetime).audience(options.audience()).build(), ACCESS_TOKEN);
    }

    private JWTClaimsSet.Builder claims(OidcAccount account, String client, Duration lifetime) {
        Instant now = options.clock().instant();
        return new JWTClaimsSet.Builder()
                .issuer(issuer.toString())
                .subject(account.name())
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plus(lifetime)))
                .jwtID(UUID.randomUUID().toString())
                .claim("client_id", client)
                .claim("preferred_username", account.name())
                .claim("groups", account.groups());
    }

    private static void error(RoutingContext context, int status, String code, String description) {
        json(context, status, new JsonObject().put("error", code).put("error_description", description));
    }

    private static void json(RoutingContext context, int status, JsonObject body) {
        context.response().setStatusCode(status).putHeader("content-type", "application/json").end(body.encode());
    }
}

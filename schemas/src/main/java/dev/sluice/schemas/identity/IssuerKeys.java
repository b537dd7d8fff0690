// SPDX-License-Identifier: Apache-2.0
package dev.sluice.schemas.identity;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.util.JSONObjectUtils;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys of one issuer. Read when first needed, then again every five minutes and when a token names an unknown one, but never twice
 * within {@link #PAUSE}, whatever strangers send. While the issuer is away the last keys serve for an hour: long enough for its restart,
 * short enough that a key it has withdrawn does not live on.
 */
final class IssuerKeys {
    static final Duration PAUSE = Duration.ofSeconds(5);
    static final Duration FRESH = Duration.ofMinutes(5);
    static final Duration USABLE = Duration.ofHours(1);

    private static final Logger LOGGER = LoggerFactory.getLogger(IssuerKeys.class);
    private static final Duration READ_TIMEOUT = Duration.ofSeconds(5);
    private static final long MAX_DOCUMENT_BYTES = 1024 * 1024;
    private static final int MAX_KEYS = 200;

    private final OidcSettings settings;
    private final HttpClient http;
    private final Clock clock;

    // Guarded by this.
    private @Nullable List<JWK> keys;
    private Instant readAt = Instant.MIN;
    private Instant triedAt = Instant.MIN;
    private String trouble = "not read yet";
    private @Nullable CompletableFuture<KeySet> reading;

    IssuerKeys(OidcSettings settings, HttpClient http, Clock clock) {
        this.settings = settings;
        this.http = http;
        this.clock = clock;
    }

    /** What is known; waits only where nothing usable is. Never completes exceptionally. */
    CompletionStage<KeySet> current() {
        Instant now = clock.instant();
        synchronized (this) {
            KeySet known = known(now);
            if (known instanceof KeySet.Present && now.isBefore(readAt.plus(FRESH))) {
                return CompletableFuture.completedStage(known);
            }
        }
        CompletionStage<KeySet> read = refreshed();
        synchronized (this) {
            KeySet known = known(now);
            return known instanceof KeySet.Present ? CompletableFuture.completedStage(known) : read;
        }
    }

    /** Reads the keys again, unless that was tried just now: then what is known. Callers that come meanwhile share one reading. */
    CompletionStage<KeySet> refreshed() {
        Instant now = clock.instant();
        CompletableFuture<KeySet> started;
        synchronized (this) {
            if (reading != null) {
                return reading;
            }
            if (now.isBefore(triedAt.plus(PAUSE))) {
                return CompletableFuture.completedStage(known(now));
            }
            triedAt = now;
            started = new CompletableFuture<>();
            reading = started;
        }
        read().whenComplete((found, failure) -> started.complete(finish(found, failure)));
        return started;
    }

    private synchronized KeySet known(Instant now) {
        List<JWK> present = keys;
        return present != null && now.isBefore(readAt.plus(USABLE)) ? new KeySet.Present(present) : new KeySet.Missing(trouble);
    }

    private synchronized KeySet finish(@Nullable List<JWK> found, @Nullable Throwable failure) {
        Instant now = clock.instant();
        reading = null;
        if (found != null && failure == null) {
            keys = found;
            readAt = now;
        } else {
            Throwable cause = failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
            trouble = cause instanceof DiscoveryProblem problem
                    ? String.valueOf(problem.getMessage())
                    : "the issuer " + settings.issuer() + " cannot be reached: " + describe(cause);
            LOGGER.atWarn().addKeyValue("issuer", settings.issuer()).addKeyValue("cause", trouble).log("the keys of an issuer cannot be read");
        }
        return known(now);
    }

    private static String describe(@Nullable Throwable cause) {
        if (cause == null) {
            return "no keys";
        }
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getClass().getSimpleName() + " " + cause.getMessage();
    }

    private CompletionStage<List<JWK>> read() {
        try {
            URI override = settings.jwksUriOverride();
            CompletionStage<URI> keysAt = override != null ? CompletableFuture.completedStage(override) : get(discoveryUri()).thenApply(this::keysUri);
            return keysAt.thenCompose(uri -> get(uri).thenApply(document -> parse(uri, document)));
        } catch (RuntimeException e) {
            return CompletableFuture.failedStage(e);
        }
    }

    private URI discoveryUri() {
        String issuer = settings.issuer().toString();
        return URI.create((issuer.endsWith("/") ? issuer.substring(0, issuer.length() - 1) : issuer) + "/.well-known/openid-configuration");
    }

    private CompletionStage<String> get(URI uri) {
        HttpRequest request = HttpRequest.newBuilder(uri).timeout(READ_TIMEOUT).header("Accept", "application/json").GET().build();
        return http.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofString(StandardCharsets.UTF_8), MAX_DOCUMENT_BYTES)).thenApply(response -> {
            if (response.statusCode() != 200) {
                throw new DiscoveryProblem(uri + " answered with status " + response.statusCode());
            }
            return response.body();
        });
    }

    private URI keysUri(String document) {
        try {
            var fields = JSONObjectUtils.parse(document);
            if (!settings.issuer().toString().equals(fields.get("issuer"))) {
                throw new DiscoveryProblem(discoveryUri() + " names another issuer than '" + settings.issuer() + "'; the two must be the same, character by character");
            }
            if (!(fields.get("jwks_uri") instanceof String text)) {
                throw new DiscoveryProblem(discoveryUri() + " names no jwks_uri");
            }
            URI uri = URI.create(text);
            OidcSettings.requireSafe("jwks_uri of " + settings.issuer(), uri, settings.plainHttpAllowed());
            return uri;
        } catch (ParseException e) {
            throw new DiscoveryProblem(discoveryUri() + " is not a JSON object");
        } catch (IllegalArgumentException e) {
            throw new DiscoveryProblem(String.valueOf(e.getMessage()));
        }
    }

    private static List<JWK> parse(URI uri, String document) {
        try {
            List<JWK> found = JWKSet.parse(document).getKeys();
            if (found.isEmpty() || found.size() > MAX_KEYS) {
                throw new DiscoveryProblem(uri + " has " + found.size() + " keys, 1 to " + MAX_KEYS + " are expected");
            }
            return List.copyOf(found);
        } catch (ParseException e) {
            throw new DiscoveryProblem(uri + " is not a JWK set");
        }
    }

    /** The issuer answered, but not as OpenID Connect says. */
    private static final class DiscoveryProblem extends RuntimeException {
        private static final long serialVersionUID = 1L;

        DiscoveryProblem(String message) {
            super(message);
        }
    }
}

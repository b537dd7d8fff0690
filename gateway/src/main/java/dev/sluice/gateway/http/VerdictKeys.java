// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.http;

import dev.sluice.gateway.config.ApprovalsConfig;
import dev.sluice.schemas.signature.TrustedKeys;
import dev.sluice.schemas.signature.VerdictResult;
import dev.sluice.schemas.signature.VerdictVerifier;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The approval-service's public keys, from a file or from its JWK set address. A verdict that does not verify with the keys at hand makes the
 * set be fetched again, at most every few seconds: keys are rotated. Blocks while it fetches; meant for the thread of the verdict feed.
 */
public final class VerdictKeys {
    private static final Logger LOGGER = LoggerFactory.getLogger(VerdictKeys.class);
    private static final Duration FETCH_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration FETCH_AGAIN_AFTER = Duration.ofSeconds(5);

    private final @Nullable URI address;
    private final @Nullable HttpClient client;
    private @Nullable VerdictVerifier verifier;
    private Instant fetched = Instant.MIN;

    /** @throws IOException if the key file cannot be read */
    public VerdictKeys(ApprovalsConfig config) throws IOException {
        Path file = config.publicKey();
        this.address = config.jwksUrl();
        this.client = address == null ? null : HttpClient.newBuilder().connectTimeout(FETCH_TIMEOUT).build();
        this.verifier = file == null ? null : new VerdictVerifier(TrustedKeys.load(file));
    }

    public synchronized VerdictResult verify(String verdict, Instant now) {
        VerdictResult result = verifyWithKnown(verdict, now);
        if (result instanceof VerdictResult.Invalid && fetchAgain(now)) {
            return verifyWithKnown(verdict, now);
        }
        return result;
    }

    private VerdictResult verifyWithKnown(String verdict, Instant now) {
        VerdictVerifier known = verifier;
        return known == null
                ? new VerdictResult.Invalid("the gateway has no public key of the approval-service: set approvals.jwksUrl or approvals.publicKey")
                : known.verify(verdict, now);
    }

    private boolean fetchAgain(Instant now) {
        URI from = address;
        HttpClient with = client;
        if (from == null || with == null || (fetched != Instant.MIN && now.isBefore(fetched.plus(FETCH_AGAIN_AFTER)))) {
            return false;
        }
        fetched = now;
        try {
            var request = HttpRequest.newBuilder(from).timeout(FETCH_TIMEOUT).build();
            HttpResponse<String> response = with.send(request, HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() != 200) {
                throw new IOException("status " + response.statusCode());
            }
            verifier = new VerdictVerifier(TrustedKeys.parse(response.body()));
            return true;
        } catch (IOException | IllegalArgumentException failure) {
            LOGGER.atError().addKeyValue("address", from).setCause(failure).log("the approval-service's keys cannot be fetched");
            return false;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}

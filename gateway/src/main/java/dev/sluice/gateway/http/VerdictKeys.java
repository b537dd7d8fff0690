// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.http;

import dev.sluice.gateway.config.ApprovalsConfig;
import dev.sluice.gateway.hold.HoldRegistry;
import dev.sluice.schemas.signature.Ending;
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
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The approval-service's public keys, from a file or from its JWK set address. The set is fetched at the start, every few minutes, and again, at most every
 * few seconds, when a verdict does not verify with the keys at hand or they could not be fetched: keys are rotated. Blocks while it fetches; meant for
 * the thread of the verdict feed.
 */
public final class VerdictKeys implements HoldRegistry.Verifier, AutoCloseable {
    static final Duration FETCH_AGAIN_AFTER = Duration.ofSeconds(5);

    private static final Logger LOGGER = LoggerFactory.getLogger(VerdictKeys.class);
    private static final Duration FETCH_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration FETCH_EVERY = Duration.ofMinutes(5);

    private final @Nullable URI address;
    private final @Nullable HttpClient client;
    private final ScheduledExecutorService worker =
            Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().name("verdict-keys").daemon().factory());
    private final Object fetching = new Object();
    /** Another one only when there are other keys. */
    private volatile @Nullable VerdictVerifier verifier;
    private volatile Instant fetched = Instant.MIN;
    private volatile String trouble = "";
    private String published = "";
    private @Nullable VerdictVerifier told;

    /** @throws IOException if the key file cannot be read */
    public VerdictKeys(ApprovalsConfig config) throws IOException {
        Path file = config.publicKey();
        this.address = config.jwksUrl();
        this.client = address == null ? null : HttpClient.newBuilder().connectTimeout(FETCH_TIMEOUT).build();
        this.verifier = file == null ? null : new VerdictVerifier(TrustedKeys.load(file));
    }

    /**
     * Fetches from now on. Does nothing where the keys are in a file.
     *
     * @param wanted whether there are verdicts that other keys might prove
     * @param changed run after other keys have come
     */
    public void follow(BooleanSupplier wanted, Runnable changed) {
        if (address != null) {
            worker.scheduleWithFixedDelay(() -> look(Instant.now(), wanted, changed), 0, FETCH_AGAIN_AFTER.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    void look(Instant now, BooleanSupplier wanted, Runnable changed) {
        try {
            VerdictVerifier known = verifier;
            boolean old = fetched.equals(Instant.MIN) || now.isAfter(fetched.plus(FETCH_EVERY));
            if (old || known == null || !trouble.isEmpty() || wanted.getAsBoolean()) {
                fetchAgain(known, now);
            }
            VerdictVerifier newest = verifier;
            if (newest != told) {
                told = newest;
                changed.run();
            }
        } catch (RuntimeException defect) {
            LOGGER.atError().setCause(defect).log("the approval-service's keys could not be looked at");
        }
    }

    @Override
    public VerdictResult verify(String verdict, Instant now) {
        VerdictVerifier known = verifier;
        VerdictResult result = verify(known, verdict, now);
        return result instanceof VerdictResult.Invalid && fetchAgain(known, now) ? verify(verifier, verdict, now) : result;
    }

    private VerdictResult verify(@Nullable VerdictVerifier keys, String verdict, Instant now) {
        return keys == null ? new VerdictResult.Invalid(noKeys()) : keys.verify(verdict, now);
    }

    @Override
    public String objection(Ending ending, @Nullable String signature, Instant now) {
        VerdictVerifier known = verifier;
        String objection = objection(known, ending, signature);
        return !objection.isEmpty() && signature != null && fetchAgain(known, now) ? objection(verifier, ending, signature) : objection;
    }

    private String objection(@Nullable VerdictVerifier keys, Ending ending, @Nullable String signature) {
        return keys == null ? noKeys() : keys.objection(ending, signature);
    }

    private String noKeys() {
        return address == null
                ? "the gateway has no public key of the approval-service: set approvals.jwksUrl or approvals.publicKey"
                : "the gateway has no public key of the approval-service yet: " + trouble;
    }

    /** Whether there are other keys than {@code known} after that. */
    private boolean fetchAgain(@Nullable VerdictVerifier known, Instant now) {
        URI from = address;
        HttpClient with = client;
        if (from == null || with == null) {
            return false;
        }
        synchronized (fetching) {
            if (verifier == known && (fetched.equals(Instant.MIN) || !now.isBefore(fetched.plus(FETCH_AGAIN_AFTER)))) {
                fetched = now;
                fetch(from, with);
            }
            return verifier != known;
        }
    }

    private void fetch(URI from, HttpClient with) {
        try {
            var request = HttpRequest.newBuilder(from).timeout(FETCH_TIMEOUT).build();
            HttpResponse<String> response = with.send(request, HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() != 200) {
                throw new IOException("status " + response.statusCode());
            }
            if (!response.body().equals(published)) {
                verifier = new VerdictVerifier(TrustedKeys.parse(response.body()));
                published = response.body();
            }
            trouble = "";
        } catch (IOException | IllegalArgumentException failure) {
            troubled(from, failure.toString());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Every few seconds the same would be no news. */
    private void troubled(URI from, String what) {
        if (!what.equals(trouble)) {
            trouble = what;
            LOGGER.atError().addKeyValue("address", from).addKeyValue("cause", what).log("the approval-service's keys cannot be fetched");
        }
    }

    @Override
    public void close() {
        worker.shutdownNow();
    }
}

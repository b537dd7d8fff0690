// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.verify;

import dev.sluice.schemas.signature.TrustedKeys;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Reads a key set from where the configuration says it is. Waits; call it where waiting is allowed. */
public final class KeySource {
    private static final Duration DEADLINE = Duration.ofSeconds(5);

    private KeySource() {}

    /**
     * The keys at a file path or an http(s) URL; null for no location.
     *
     * @throws IOException when they cannot be read, with the location in the message
     */
    public static @Nullable TrustedKeys read(@Nullable String location) throws IOException {
        if (location == null) {
            return null;
        }
        if (!location.startsWith("http://") && !location.startsWith("https://")) {
            return TrustedKeys.load(Path.of(location));
        }
        try (HttpClient client = HttpClient.newBuilder().connectTimeout(DEADLINE).build()) {
            HttpRequest request = HttpRequest.newBuilder(URI.create(location)).timeout(DEADLINE).build();
            HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() != 200) {
                throw new IOException(location + " answered with status " + response.statusCode());
            }
            return TrustedKeys.parse(response.body());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(location + ": interrupted", e);
        } catch (IllegalArgumentException e) {
            throw new IOException(location + ": " + e.getMessage(), e);
        }
    }
}

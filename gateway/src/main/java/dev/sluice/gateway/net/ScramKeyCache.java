// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.net;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.sluice.gateway.config.Secret;
import dev.sluice.gateway.identity.ScramKeys;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.HexFormat;

/**
 * Derived keys by password, salt and iterations: a server gives the same salt for the same role each time, so a derivation is paid once.
 * Safe for many threads.
 */
final class ScramKeyCache {
    private record Key(Secret password, String salt, int iterations) {}

    private final Cache<Key, ScramKeys> keys =
            Caffeine.newBuilder().maximumSize(1_000).expireAfterAccess(Duration.ofHours(1)).build();

    /** Derives on a worker thread unless known. */
    Future<ScramKeys> derive(Context context, Secret password, byte[] salt, int iterations) {
        Key key = new Key(password, HexFormat.of().formatHex(salt), iterations);
        ScramKeys known = keys.getIfPresent(key);
        if (known != null) {
            return Future.succeededFuture(known);
        }
        return context.executeBlocking(() -> ScramKeys.derive(password, salt, iterations), false)
                .onSuccess(derived -> keys.put(key, derived));
    }
}

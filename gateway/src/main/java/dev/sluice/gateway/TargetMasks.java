// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.sluice.gateway.catalog.Catalog;
import dev.sluice.gateway.catalog.CatalogRefresh;
import dev.sluice.gateway.catalog.CatalogState;
import dev.sluice.gateway.lineage.LineageResolver;
import dev.sluice.gateway.masking.BoundMasks;
import dev.sluice.gateway.masking.FunctionBodies;
import dev.sluice.gateway.masking.MaskRules;
import dev.sluice.gateway.masking.MaskTokens;
import dev.sluice.gateway.net.CatalogConnections;
import dev.sluice.gateway.net.MaskSource;
import dev.sluice.gateway.net.TargetRegistry;
import dev.sluice.gateway.net.TargetSettings;
import dev.sluice.gateway.net.UnknownVersion;
import dev.sluice.gateway.statement.Reading;
import dev.sluice.gateway.statement.StatementReader;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntPredicate;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** The catalogs of the targets that masked callers use, each followed from its first use on, and the masks bound to them. */
final class TargetMasks implements MaskSource {
    private static final Duration LOOK_EVERY = Duration.ofSeconds(5);
    private static final int BINDINGS = 1_000;

    /** One database of one target. */
    record Database(String target, String name) {}

    private record Followed(Pool pool, CatalogRefresh catalog) {}

    /** By identity: both are kept by their owners for as long as they are current. */
    private record Question(MaskRules rules, Catalog catalog) {
        @Override
        public boolean equals(Object other) {
            return other instanceof Question question && question.rules == rules && question.catalog == catalog;
        }

        @Override
        public int hashCode() {
            return 31 * System.identityHashCode(rules) + System.identityHashCode(catalog);
        }
    }

    private final Vertx vertx;
    private final TargetRegistry targets;
    private final byte[] key;
    private final StatementReader reader;
    private final IntPredicate known;
    private final Map<Database, Followed> followed = new ConcurrentHashMap<>();
    private final Map<Database, Catalog> newest = new ConcurrentHashMap<>();
    private final Map<String, MaskTokens> tokens = new ConcurrentHashMap<>();
    private final Cache<Question, Future<BoundMasks>> bindings =
            Caffeine.newBuilder().maximumSize(BINDINGS).executor(Runnable::run).build();

    /**
     * @param key secret; each target's stand-ins are made with a key derived from it
     * @param reader of the bodies of functions
     */
    TargetMasks(Vertx vertx, TargetRegistry targets, byte[] key, StatementReader reader) {
        this(vertx, targets, key, reader, LineageResolver::supports);
    }

    /** @param known which major versions masks are known to hold on */
    TargetMasks(Vertx vertx, TargetRegistry targets, byte[] key, StatementReader reader, IntPredicate known) {
        this.known = known;
        this.vertx = vertx;
        this.targets = targets;
        this.key = key.clone();
        this.reader = reader;
    }

    @Override
    public CompletionStage<BoundMasks> bind(String target, String database, MaskRules rules) {
        try {
            var place = new Database(target, database);
            return followed.computeIfAbsent(place, this::follow)
                    .catalog()
                    .current()
                    .compose(catalog -> {
                        forgetOlder(place, catalog);
                        return bindings.get(new Question(rules, catalog), question -> bound(question, target));
                    })
                    .toCompletionStage();
        } catch (IllegalArgumentException unreadable) {
            return Future.<BoundMasks>failedFuture(unreadable).toCompletionStage();
        }
    }

    @Override
    public @Nullable BoundMasks known(String target, String database, MaskRules rules) {
        try {
            CatalogState state = followed.computeIfAbsent(new Database(target, database), this::follow).catalog().state();
            return state instanceof CatalogState.Known(Catalog catalog) ? bindings.get(new Question(rules, catalog), question -> bound(question, target)).result() : null;
        } catch (IllegalArgumentException unreadable) {
            return null;
        }
    }

    /** A binding keeps its whole catalog, and no statement asks for those of an older one again. */
    private void forgetOlder(Database database, Catalog catalog) {
        Catalog older = newest.put(database, catalog);
        if (older != null && older != catalog) {
            bindings.asMap().keySet().removeIf(question -> question.catalog == older);
        }
    }

    /** How many bindings are kept. */
    int remembered() {
        return bindings.asMap().size();
    }

    /** The databases whose catalogs are read. */
    Set<Database> followed() {
        return Set.copyOf(followed.keySet());
    }

    private Followed follow(Database database) {
        TargetSettings settings = targets.resolve(database.target())
                .orElseThrow(() -> new IllegalArgumentException("target " + database.target() + " is not known any more"))
                .target();
        Pool pool = CatalogConnections.forCatalog(vertx, settings, database.name());
        return new Followed(pool, new CatalogRefresh(vertx, pool, LOOK_EVERY));
    }

    /** A pass over the catalog: not on an event loop. */
    private Future<BoundMasks> bound(Question question, String target) {
        int major = question.catalog.serverMajor();
        boolean allowed = targets.resolve(target).filter(address -> address.target().allowsUnknownVersion()).isPresent();
        if (!allowed && !known.test(major)) {
            return Future.failedFuture(new UnknownVersion(target, major));
        }
        return vertx.executeBlocking(() -> question.rules.bind(question.catalog, FunctionBodies.read(question.catalog, this::read)), false);
    }

    private Reading read(String body) {
        return reader.read(body).toCompletableFuture().join();
    }

    @Override
    public void changed(String target, String database) {
        Followed known = followed.get(new Database(target, database));
        if (known != null) {
            known.catalog().reload();
        }
    }

    @Override
    public MaskTokens tokens(String target) {
        return tokens.computeIfAbsent(target, name -> new MaskTokens(derived(name)));
    }

    private byte[] derived(String target) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(target.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every Java runtime has HMAC-SHA-256", impossible);
        }
    }

    Future<Void> close() {
        Future<Void> closed = Future.succeededFuture();
        for (Followed each : followed.values()) {
            each.catalog().close();
            closed = closed.eventually(each.pool()::close);
        }
        return closed;
    }
}

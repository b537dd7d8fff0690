// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway;

import dev.sluice.gateway.http.MaskStatus;
import dev.sluice.gateway.masking.BoundMasks;
import dev.sluice.gateway.masking.MaskRules;
import dev.sluice.gateway.net.TargetRegistry;
import dev.sluice.gateway.net.TargetSettings;
import dev.sluice.gateway.net.UnknownVersion;
import dev.sluice.gateway.policy.Policy;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Binds every mask of the policy, as soon as it is loaded, to the database of every target and to those that masked callers have used besides, so that
 * the operator hears of a mask that matches nothing before anybody is shown what it was to hide. Looks again once in a while: policies and
 * catalogs change.
 */
final class MaskWatch {
    private static final Logger LOGGER = LoggerFactory.getLogger(MaskWatch.class);
    private static final Duration EVERY = Duration.ofSeconds(5);

    private final Vertx vertx;
    private final TargetRegistry targets;
    private final TargetMasks masks;
    private final Supplier<Policy> policy;
    private final Map<TargetMasks.Database, MaskStatus> statuses = new ConcurrentHashMap<>();
    private final Map<TargetMasks.Database, String> refused = new ConcurrentHashMap<>();
    private long timer = -1;

    MaskWatch(Vertx vertx, TargetRegistry targets, TargetMasks masks, Supplier<Policy> policy) {
        this.vertx = vertx;
        this.targets = targets;
        this.masks = masks;
        this.policy = policy;
    }

    /** Looks now, and every five seconds. Connects to the targets only if the policy has masks. */
    void start() {
        look();
        timer = vertx.setPeriodic(EVERY.toMillis(), fired -> look());
    }

    void stop() {
        vertx.cancelTimer(timer);
    }

    /** What is known now, by target and database; empty where the policy has no masks. */
    List<MaskStatus> statuses() {
        return statuses.values().stream().sorted(Comparator.comparing(MaskStatus::target).thenComparing(MaskStatus::database)).toList();
    }

    /** Why targets are refused whose servers have a version that nobody has tested; null if there is none. */
    @Nullable String refused() {
        return refused.isEmpty() ? null : String.join("; ", new TreeSet<>(refused.values()));
    }

    void look() {
        MaskRules rules = policy.get().allMasks();
        Set<TargetMasks.Database> databases = rules.isEmpty() ? Set.of() : databases();
        statuses.keySet().retainAll(databases);
        refused.keySet().retainAll(databases);
        for (TargetMasks.Database database : databases) {
            masks.bind(database.target(), database.name(), rules).whenComplete((bound, failure) -> {
                if (policy.get().allMasks() == rules) {
                    say(database, bound, failure);
                }
            });
        }
    }

    private Set<TargetMasks.Database> databases() {
        Set<TargetMasks.Database> databases = new HashSet<>(masks.followed());
        for (TargetSettings target : targets.all()) {
            targets.resolve(target.name())
                    .filter(address -> !target.name().equals(TargetSettings.ANY))
                    .ifPresent(address -> databases.add(new TargetMasks.Database(target.name(), address.database())));
        }
        return databases;
    }

    private void say(TargetMasks.Database database, @Nullable BoundMasks bound, @Nullable Throwable failure) {
        if (failure instanceof UnknownVersion) {
            refused.put(database, String.valueOf(failure.getMessage()));
        } else {
            refused.remove(database);
        }
        MaskStatus now = new MaskStatus(
                database.target(), database.name(), failure == null ? null : String.valueOf(failure.getMessage()), bound == null ? List.of() : bound.warnings());
        if (now.equals(statuses.put(database, now))) {
            return;
        }
        if (now.problem() != null) {
            LOGGER.atError().addKeyValue("target", now.target()).addKeyValue("database", now.database()).addKeyValue("problem", now.problem())
                    .log("masks cannot be bound: statements of masked callers are refused");
        }
        now.warnings().forEach(warning -> LOGGER.atWarn().addKeyValue("target", now.target()).addKeyValue("database", now.database()).addKeyValue("warning", warning)
                .log("masks do not bind as written"));
    }
}

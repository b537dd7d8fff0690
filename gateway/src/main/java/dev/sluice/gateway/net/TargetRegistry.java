// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.net;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The targets by name. Replaced whole; sessions keep the target they began with. */
public final class TargetRegistry {
    private volatile Map<String, TargetSettings> targets;

    /** A target and the database on it. */
    public record Address(TargetSettings target, String database) {}

    public TargetRegistry(Collection<TargetSettings> targets) {
        this.targets = byName(targets);
    }

    public void replace(Collection<TargetSettings> replacement) {
        targets = byName(replacement);
    }

    /**
     * Finds what a client's database name means: a target's name, else {@code target/database}, else any database of the target
     * {@value TargetSettings#ANY}.
     */
    public Optional<Address> resolve(String databaseName) {
        Map<String, TargetSettings> current = targets;
        TargetSettings named = current.get(databaseName);
        if (named != null && !databaseName.equals(TargetSettings.ANY)) {
            return Optional.of(new Address(named, named.database() == null ? named.name() : named.database()));
        }
        int slash = databaseName.indexOf('/');
        if (slash > 0 && slash < databaseName.length() - 1) {
            TargetSettings prefix = current.get(databaseName.substring(0, slash));
            if (prefix != null && !prefix.name().equals(TargetSettings.ANY)) {
                return Optional.of(new Address(prefix, databaseName.substring(slash + 1)));
            }
        }
        return Optional.ofNullable(current.get(TargetSettings.ANY)).map(any -> new Address(any, databaseName));
    }

    /** The targets as they are now. */
    public Collection<TargetSettings> all() {
        return targets.values();
    }

    private static Map<String, TargetSettings> byName(Collection<TargetSettings> targets) {
        return targets.stream().collect(Collectors.toUnmodifiableMap(TargetSettings::name, Function.identity()));
    }
}

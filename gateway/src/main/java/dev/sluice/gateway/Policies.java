// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway;

import dev.sluice.gateway.http.PolicyStatus;
import dev.sluice.gateway.policy.Policy;
import dev.sluice.gateway.policy.PolicyFile;
import dev.sluice.gateway.policy.PolicyReader;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The policy in force: the file's, followed as it changes, or the built-in one that errs on the safe side. */
final class Policies implements Supplier<Policy> {
    private static final Logger LOGGER = LoggerFactory.getLogger(Policies.class);
    private static final long POLL_MILLIS = 2_000;

    private final @Nullable PolicyFile file;
    private final Policy failSafe;
    private volatile List<String> problems = List.of();
    private volatile long timer = -1;

    private Policies(@Nullable PolicyFile file) {
        this.file = file;
        this.failSafe = PolicyReader.failSafe();
    }

    static Policies of(@Nullable Path path) {
        return new Policies(path == null ? null : PolicyFile.open(path));
    }

    @Override
    public Policy get() {
        return file == null ? failSafe : file.current();
    }

    PolicyStatus status() {
        Policy policy = get();
        return new PolicyStatus(policy.version(), policy.mode().name().toLowerCase(Locale.ROOT), problems);
    }

    void watch(Vertx vertx) {
        PolicyFile watched = file;
        if (watched != null) {
            timer = vertx.setPeriodic(POLL_MILLIS, id -> vertx.executeBlocking(() -> {
                look(watched);
                return null;
            }));
        }
    }

    void unwatch(Vertx vertx) {
        vertx.cancelTimer(timer);
    }

    private void look(PolicyFile watched) {
        switch (watched.poll()) {
            case PolicyFile.Change.None none -> {}
            case PolicyFile.Change.Swapped swapped -> {
                problems = List.of();
                LOGGER.atInfo().addKeyValue("policy", get().version()).log("policy replaced");
            }
            case PolicyFile.Change.Refused refused -> {
                problems = refused.problems();
                LOGGER.atError().addKeyValue("problems", problems).log("policy file refused; the policy in force stays");
            }
        }
    }
}

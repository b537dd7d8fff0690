// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway;

import dev.sluice.gateway.http.MaskStatus;
import dev.sluice.gateway.http.PolicyStatus;
import dev.sluice.gateway.policy.Policy;
import dev.sluice.gateway.policy.PolicyFile;
import dev.sluice.gateway.policy.PolicyReader;
import dev.sluice.schemas.event.SessionEvent.PolicyLoaded;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The policy in force: the file's, followed as it changes, or the built-in one that errs on the safe side. */
final class Policies implements Supplier<Policy> {
    private static final Logger LOGGER = LoggerFactory.getLogger(Policies.class);
    private static final long POLL_MILLIS = 2_000;
    /** In UTF-16 units: what fits a record however it has to be escaped. */
    private static final int LONGEST_TEXT = 1 << 16;

    private final @Nullable PolicyFile file;
    private final Policy failSafe;
    /** What Kafka has not been given yet, oldest first. */
    private final Queue<PolicyLoaded> unrecorded = new ConcurrentLinkedQueue<>();
    private volatile List<String> problems = List.of();
    private volatile long timer = -1;

    private Policies(@Nullable PolicyFile file) {
        this.file = file;
        this.failSafe = PolicyReader.failSafe();
        unrecorded.add(loaded(null));
    }

    static Policies of(@Nullable Path path) {
        return new Policies(path == null ? null : PolicyFile.open(path));
    }

    @Override
    public Policy get() {
        return file == null ? failSafe : file.current();
    }

    PolicyStatus status(List<MaskStatus> masks) {
        Policy policy = get();
        return new PolicyStatus(policy.version(), policy.mode().name().toLowerCase(Locale.ROOT), problems, masks);
    }

    private PolicyLoaded loaded(@Nullable Policy before) {
        PolicyFile.InForce read = file == null ? new PolicyFile.InForce(failSafe, "") : file.inForce();
        String text = file == null || read.text().length() > LONGEST_TEXT ? null : read.text();
        return new PolicyLoaded(
                read.policy().version(),
                read.policy().mode().name().toLowerCase(Locale.ROOT),
                before == null ? null : before.version(),
                file == null ? null : file.path().toString(),
                text);
    }

    /**
     * Follows the file.
     *
     * @param recorder what each policy that comes into force is given to, until it takes it; called on the context of the caller
     */
    void watch(Vertx vertx, Predicate<PolicyLoaded> recorder) {
        timer = vertx.setPeriodic(1, POLL_MILLIS, id -> vertx.executeBlocking(() -> {
                    if (file != null) {
                        look(file);
                    }
                    return null;
                })
                .onComplete(looked -> {
                    for (PolicyLoaded next = unrecorded.peek(); next != null && recorder.test(next); next = unrecorded.peek()) {
                        unrecorded.remove();
                    }
                }));
    }

    void unwatch(Vertx vertx) {
        vertx.cancelTimer(timer);
    }

    private void look(PolicyFile watched) {
        switch (watched.poll()) {
            case PolicyFile.Change.None none -> {}
            case PolicyFile.Change.Swapped swapped -> {
                problems = List.of();
                unrecorded.add(loaded(swapped.before()));
                LOGGER.atInfo().addKeyValue("policy", get().version()).log("policy replaced");
            }
            case PolicyFile.Change.Refused refused -> {
                problems = refused.problems();
                LOGGER.atError().addKeyValue("problems", problems).log("policy file refused; the policy in force stays");
            }
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What the connections of a listener share: cancel keys, limits, targets; and how options are read. */
class SharedStateTest {
    private final CancelRegistry cancels = new CancelRegistry(new SecureRandom());

    @Test
    void aKeyCancelsItsOwnSessionOnly() {
        AtomicInteger first = new AtomicInteger();
        AtomicInteger second = new AtomicInteger();
        CancelRegistry.Registration one = cancels.register(0, 2, Runnable::run);
        CancelRegistry.Registration other = cancels.register(0, 0, Runnable::run);
        one.onCancel(first::incrementAndGet);
        other.onCancel(second::incrementAndGet);

        assertThat(one.secretKey()).hasSize(32);
        assertThat(other.secretKey()).hasSize(4);
        assertThat(cancels.cancel(one.processId(), other.secretKey())).isFalse();
        assertThat(cancels.cancel(other.processId(), one.secretKey())).isFalse();
        assertThat(cancels.cancel(one.processId(), new byte[32])).isFalse();
        assertThat(cancels.cancel(one.processId(), new byte[0])).isFalse();
        assertThat(cancels.cancel(one.processId(), one.secretKey())).isTrue();
        assertThat(first).hasValue(1);
        assertThat(second).hasValue(0);
        assertThat(one.toString()).endsWith("secretKey=***]");
    }

    @Test
    void aClosedKeyCancelsNothing() {
        CancelRegistry.Registration registration = cancels.register(0, 2, Runnable::run);
        byte[] key = registration.secretKey();

        registration.close();
        registration.close();

        assertThat(cancels.cancel(registration.processId(), key)).isFalse();
        assertThat(cancels.size()).isZero();
    }

    @Test
    void sessionsOfTwoServersMayHaveTheSameProcessId() {
        AtomicInteger first = new AtomicInteger();
        AtomicInteger second = new AtomicInteger();
        CancelRegistry.Registration one = cancels.register(4711, 0, Runnable::run);
        CancelRegistry.Registration other = cancels.register(4711, 0, Runnable::run);
        one.onCancel(first::incrementAndGet);
        other.onCancel(second::incrementAndGet);

        assertThat(cancels.size()).isEqualTo(2);
        assertThat(cancels.cancel(4711, other.secretKey())).isTrue();
        assertThat(first).hasValue(0);
        assertThat(second).hasValue(1);

        other.close();
        assertThat(cancels.cancel(4711, other.secretKey())).isFalse();
        assertThat(cancels.cancel(4711, one.secretKey())).isTrue();
        assertThat(first).hasValue(1);
        one.close();
        assertThat(cancels.size()).isZero();
    }

    @Test
    void countsStrangersByAddressAndOverall() {
        ConnectionLimits limits = new ConnectionLimits(ListenerSettings.DEFAULTS.withLimits(5, 3, 2), () -> 0);

        ConnectionLimits.Place a1 = Objects.requireNonNull(limits.enter("a"));
        ConnectionLimits.Place a2 = Objects.requireNonNull(limits.enter("a"));
        assertThat(limits.enter("a")).isNull();
        ConnectionLimits.Place b1 = Objects.requireNonNull(limits.enter("b"));
        assertThat(limits.enter("c")).isNull();

        a1.proven();
        a1.proven();
        ConnectionLimits.Place a3 = Objects.requireNonNull(limits.enter("a"));
        assertThat(limits.connections()).isEqualTo(4);
        assertThat(limits.strangers()).isEqualTo(3);
        assertThat(limits.turnedAway()).isEqualTo(2);

        List.of(a1, a2, a3, b1).forEach(ConnectionLimits.Place::leave);
        a1.leave();
        assertThat(limits.connections()).isZero();
        assertThat(limits.strangers()).isZero();
    }

    @Test
    void countsAllConnections() {
        ConnectionLimits limits = new ConnectionLimits(ListenerSettings.DEFAULTS.withLimits(1, 3, 2), () -> 0);
        ConnectionLimits.Place only = Objects.requireNonNull(limits.enter("a"));
        only.proven();

        assertThat(limits.enter("b")).isNull();
        only.leave();
        assertThat(limits.enter("b")).isNotNull();
    }

    @Test
    void limitsGuessingOfCancelKeys() {
        AtomicLong clock = new AtomicLong();
        ConnectionLimits limits = new ConnectionLimits(ListenerSettings.DEFAULTS, clock::get);
        int allowed = 0;
        for (int i = 0; i < 1_000; i++) {
            allowed += limits.mayCancel("a") ? 1 : 0;
        }
        assertThat(allowed).isEqualTo(ListenerSettings.DEFAULTS.cancelsPerSecond());
        assertThat(limits.mayCancel("b")).isTrue();

        clock.set(1_000_000_000L);
        assertThat(limits.mayCancel("a")).isTrue();
    }

    @Test
    void boundsTheAddressesThatItCounts() {
        ConnectionLimits limits = new ConnectionLimits(ListenerSettings.DEFAULTS, () -> 0);
        int allowed = 0;
        for (int i = 0; i < 20_000; i++) {
            allowed += limits.mayCancel("address " + i) ? 1 : 0;
        }
        assertThat(allowed).isEqualTo(10_000);
    }

    @Test
    void resolvesNamesThenPathsThenAnything() {
        TargetSettings shop = target("shop", "store");
        TargetSettings bare = target("bare", null);
        TargetSettings any = target("*", null);
        TargetRegistry registry = new TargetRegistry(List.of(shop, bare));

        assertThat(registry.resolve("shop")).contains(new TargetRegistry.Address(shop, "store"));
        assertThat(registry.resolve("bare")).contains(new TargetRegistry.Address(bare, "bare"));
        assertThat(registry.resolve("shop/other/db")).contains(new TargetRegistry.Address(shop, "other/db"));
        assertThat(List.of("none", "*", "", "/", "shop/", "/shop", "SHOP")).allSatisfy(name -> assertThat(registry.resolve(name)).isEqualTo(Optional.empty()));

        registry.replace(List.of(shop, any));
        assertThat(registry.resolve("none")).contains(new TargetRegistry.Address(any, "none"));
        assertThat(registry.resolve("*")).contains(new TargetRegistry.Address(any, "*"));
        assertThat(registry.resolve("*/x")).contains(new TargetRegistry.Address(any, "*/x"));
        assertThat(registry.resolve("shop/x")).contains(new TargetRegistry.Address(shop, "x"));
    }

    @Test
    void splitsOptionsAsPostgresDoes() throws Exception {
        assertThat(StartupOptions.parse("  -c a=b  -cc=d --e-f=g\\ h\\\\ -c\ti=\\-j ")).isEqualTo(Map.of("a", "b", "c", "d", "e_f", "g h\\", "i", "-j"));
        assertThat(StartupOptions.parse("")).isEmpty();
        assertThat(StartupOptions.parse("-c a=1 -c a=2")).isEqualTo(Map.of("a", "2"));
        assertThat(new ArrayList<>(List.of("x", "-", "-B 5", "a=b"))).allSatisfy(options -> assertThatThrownBy(() -> StartupOptions.parse(options)).isInstanceOf(RefusedException.class));
    }

    private static TargetSettings target(String name, @org.jspecify.annotations.Nullable String database) {
        return new TargetSettings(name, "localhost", 5432, database, new TargetCredential.Passthrough());
    }
}

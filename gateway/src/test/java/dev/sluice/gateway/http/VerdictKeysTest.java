// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.sluice.gateway.config.ApprovalsConfig;
import dev.sluice.gateway.hold.HoldOwner;
import dev.sluice.gateway.hold.HoldRegistry;
import dev.sluice.gateway.hold.UnprovenGrants;
import dev.sluice.gateway.wire.SqlState;
import dev.sluice.schemas.Principal;
import dev.sluice.schemas.Verdict;
import dev.sluice.schemas.event.StatementEvent.Facts;
import dev.sluice.schemas.event.StatementEvent.StatementHeld;
import dev.sluice.schemas.event.VerdictEvent.VerdictGranted;
import dev.sluice.schemas.signature.SigningKey;
import dev.sluice.schemas.signature.VerdictResult;
import dev.sluice.schemas.signature.VerdictSigner;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The approval-service's keys from an address that does not always answer, and the grants that come meanwhile. */
class VerdictKeysTest {
    private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
    private static final Duration PACE = VerdictKeys.FETCH_AGAIN_AFTER;
    private static final SigningKey FIRST = SigningKey.generate();
    private static final SigningKey SECOND = SigningKey.generate();
    private static final StatementHeld HELD = new StatementHeld(
            "s-1", "approval-s-1", "s", "d".repeat(64), "delete from t", List.of(), new Facts(List.of("delete"), List.of("write"), List.of(), List.of(), false, true),
            "rule", null, List.of("dba"), 1, NOW.plus(Duration.ofMinutes(5)), new Principal("agent", "https://issuer.test", Principal.Method.OIDC, Set.of(), "alice"),
            "shop", "shop", null, "127.0.0.1:1", false);

    private final AtomicInteger fetches = new AtomicInteger();
    private final List<String> heard = new ArrayList<>();
    private volatile @Nullable SigningKey published;
    private HttpServer server;
    private VerdictKeys keys;
    private HoldRegistry holds;
    private UnprovenGrants grants;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/jwks", exchange -> {
            fetches.incrementAndGet();
            SigningKey key = published;
            byte[] body = (key == null ? "" : key.publicKeys().toJson()).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(key == null ? 503 : 200, key == null ? -1 : body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        keys = new VerdictKeys(new ApprovalsConfig(URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/jwks"), null));
        holds = new HoldRegistry(10, keys);
        grants = new UnprovenGrants(holds);
        holds.open(HELD, new HoldOwner() {
            @Override
            public void granted(String approvalId, String verdictEventId, String verdict, @Nullable Instant standsUntil) {
                heard.add(verdictEventId + " granted");
            }

            @Override
            public boolean rejected(String approvalId, String verdictEventId, String verdict, String reason) {
                heard.add(verdictEventId + " rejected");
                return true;
            }

            @Override
            public void refused(String approvalId, SqlState sqlState, String reason) {
                heard.add("refused");
            }
        });
    }

    @AfterEach
    void stop() {
        keys.close();
        server.stop(0);
    }

    private static String signed(SigningKey key) {
        return new VerdictSigner(key).sign(new Verdict("approval-s-1", "s", "s-1", "d".repeat(64), "agent", List.of("bob"), NOW, NOW.plusSeconds(300)));
    }

    private void grant(String eventId, SigningKey key, Instant now) {
        grants.decide(eventId, new VerdictGranted("approval-s-1", "s", signed(key)), now);
    }

    private void look(Instant now) {
        keys.look(now, grants::isWaiting, () -> grants.again(now));
    }

    @Test
    void keysAreThereBeforeTheFirstGrant() {
        published = FIRST;
        look(NOW);
        published = null;
        assertThat(keys.verify(signed(FIRST), NOW.plusSeconds(100))).isInstanceOf(VerdictResult.Valid.class);
        assertThat(fetches).hasValue(1);
    }

    @Test
    void aGrantThatComesBeforeTheKeysReleasesWhenTheyCome() {
        grant("e", FIRST, NOW);
        look(NOW.plus(PACE));
        assertThat(heard).containsExactly("e rejected");
        published = FIRST;
        look(NOW.plus(PACE.multipliedBy(2)));
        assertThat(heard).containsExactly("e rejected", "e granted");
        assertThat(grants.isWaiting()).isFalse();
    }

    @Test
    void forgedGrantsDoNotKeepATrueOneFromItsNewKey() {
        published = FIRST;
        look(NOW);
        grant("forged", SigningKey.generate(), NOW.plus(PACE));
        published = SECOND;
        grant("true", SECOND, NOW.plus(PACE).plusMillis(1));
        assertThat(heard).containsExactly("forged rejected", "true rejected");
        look(NOW.plus(PACE.multipliedBy(2)));
        assertThat(heard).endsWith("true granted");
    }

    @Test
    void grantsAreTriedAgainOnlyWithOtherKeys() {
        published = FIRST;
        look(NOW);
        grant("forged", SECOND, NOW.plus(PACE));
        for (int i = 2; i < 10; i++) {
            look(NOW.plus(PACE.multipliedBy(i)));
        }
        assertThat(heard).containsExactly("forged rejected");
        assertThat(fetches.get()).isGreaterThan(5);
    }

    @Test
    void onlySoManyGrantsAreKept() {
        for (int i = 0; i < 2 * UnprovenGrants.MOST_OF_ONE_HOLD; i++) {
            grant("e" + i, SECOND, NOW);
        }
        heard.clear();
        published = FIRST;
        look(NOW.plus(PACE));
        assertThat(heard).hasSize(UnprovenGrants.MOST_OF_ONE_HOLD);
    }

    @Test
    void nothingIsFetchedWithoutNeed() {
        published = FIRST;
        for (int i = 0; i < 10; i++) {
            look(NOW.plus(PACE.multipliedBy(i)));
        }
        assertThat(fetches).hasValue(1);
    }
}

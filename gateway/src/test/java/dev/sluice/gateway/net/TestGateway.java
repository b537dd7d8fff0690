// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.net;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A listener with a relay behind it and what it reports. */
final class TestGateway implements AutoCloseable {
    record Refused(@Nullable String user, @Nullable String target, String sqlState, String reason) {}

    final PlainRelay relay = new PlainRelay();
    final BlockingQueue<Refused> refusals = new LinkedBlockingQueue<>();
    final Listener listener;
    final CancelRegistry cancels = new CancelRegistry(new SecureRandom());

    TestGateway(Vertx vertx, ListenerSettings settings, CallerChecks checks, List<TargetSettings> targets) throws Exception {
        listener = await(Listener.start(vertx, settings, new TargetRegistry(targets), checks, cancels,
                (user, target, client, sqlState, reason) -> refusals.add(new Refused(user, target, sqlState, reason)), relay));
    }

    /** A pgjdbc connection; {@code more} are pairs of property and value. */
    Connection connect(String database, String user, @Nullable String password, String... more) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", user);
        if (password != null) {
            properties.setProperty("password", password);
        }
        properties.setProperty("sslmode", "disable");
        for (int i = 0; i < more.length; i += 2) {
            properties.setProperty(more[i], more[i + 1]);
        }
        return DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + listener.port() + "/" + URLEncoder.encode(database, StandardCharsets.UTF_8), properties);
    }

    Refused refused() throws InterruptedException {
        Refused refused = refusals.poll(10, TimeUnit.SECONDS);
        if (refused == null) {
            throw new AssertionError("nothing was refused within 10 s");
        }
        return refused;
    }

    @Override
    public void close() throws Exception {
        await(listener.close());
    }

    static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }
}

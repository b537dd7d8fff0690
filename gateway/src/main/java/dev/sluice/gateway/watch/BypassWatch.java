// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.watch;

import dev.sluice.gateway.config.WatchConfig;
import dev.sluice.gateway.metrics.Metrics;
import dev.sluice.gateway.net.CancelRegistry;
import dev.sluice.gateway.net.OwnConnections;
import dev.sluice.gateway.net.ServerSessions;
import dev.sluice.gateway.net.ServerSessions.ServerSession;
import dev.sluice.gateway.net.TargetCredential;
import dev.sluice.gateway.net.TargetRegistry;
import dev.sluice.gateway.net.TargetSettings;
import dev.sluice.schemas.event.SessionEvent.SessionBypassed;
import io.vertx.core.Vertx;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks each server now and then who uses the gateway's login there, and tells of every session that is none of this gateway's: whoever has got
 * hold of the login has gone past the policy and the record. Runs on one event loop context.
 */
public final class BypassWatch implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(BypassWatch.class);

    private final Vertx vertx;
    private final WatchConfig config;
    private final TargetRegistry targets;
    private final CancelRegistry sessions;
    private final Metrics metrics;
    private final Predicate<SessionBypassed> record;
    private final Map<String, Sightings<ServerSession>> sightings = new HashMap<>();
    private final Set<String> underWay = new HashSet<>();
    private long timer = -1;

    private BypassWatch(Vertx vertx, WatchConfig config, TargetRegistry targets, CancelRegistry sessions, Metrics metrics, Predicate<SessionBypassed> record) {
        this.vertx = vertx;
        this.config = config;
        this.targets = targets;
        this.sessions = sessions;
        this.metrics = metrics;
        this.record = record;
    }

    /**
     * Begins to watch, unless the configuration says never.
     *
     * @param record takes what was seen; false when it cannot be recorded now: it is told again at the next look
     */
    public static BypassWatch start(
            Vertx vertx, WatchConfig config, TargetRegistry targets, CancelRegistry sessions, Metrics metrics, Predicate<SessionBypassed> record) {
        var watch = new BypassWatch(vertx, config, targets, sessions, metrics, record);
        if (!config.every().isZero()) {
            watch.timer = vertx.setPeriodic(Math.max(1, config.every().toMillis()), fired -> watch.look());
        }
        return watch;
    }

    private void look() {
        Map<String, TargetSettings> servers = new LinkedHashMap<>();
        for (TargetSettings target : targets.all()) {
            if (target.credential() instanceof TargetCredential.Stored stored) {
                servers.putIfAbsent(stored.user() + "@" + target.host() + ":" + target.port(), target);
            }
        }
        servers.forEach(this::look);
    }

    private void look(String login, TargetSettings target) {
        if (!underWay.add(login)) {
            return;
        }
        Set<String> before = OwnConnections.of(vertx).keys();
        ServerSessions.ask(vertx, target).onComplete(answer -> {
            underWay.remove(login);
            if (answer.succeeded()) {
                compare(login, target, before, answer.result());
            } else {
                metrics.counter("sluice_watch_failures_total", "Looks at a server's sessions that have failed.", "target", target.name()).increment();
                LOGGER.atWarn().addKeyValue("target", target.name()).addKeyValue("reason", String.valueOf(answer.cause().getMessage())).log("the server's sessions cannot be looked at");
            }
        });
    }

    private void compare(String login, TargetSettings target, Set<String> before, Iterable<ServerSession> found) {
        OwnConnections own = OwnConnections.of(vertx);
        Map<String, ServerSession> strangers = new LinkedHashMap<>();
        Set<String> running = new HashSet<>();
        for (ServerSession session : found) {
            String key = OwnConnections.key(target, session.process(), session.started());
            running.add(key);
            boolean expected = sessions.hasServerProcess(session.process())
                    || own.has(target, session.process(), session.started())
                    || (session.address() != null && config.gateways().contains(session.address()));
            if (!expected) {
                strangers.put(key, session);
            }
        }
        own.forget(target, before, running);
        Sightings<ServerSession> known = sightings.computeIfAbsent(login, first -> watched(target));
        known.look(strangers).forEach((key, session) -> {
            if (record.test(event(target, session))) {
                known.told(key);
                metrics.counter("sluice_bypassing_sessions_total", "Sessions of the gateway's login that did not come through it.", "target", target.name()).increment();
                LOGGER.atError()
                        .addKeyValue("target", target.name())
                        .addKeyValue("role", session.role())
                        .addKeyValue("serverProcess", session.process())
                        .addKeyValue("clientAddress", String.valueOf(session.address()))
                        .log("a session uses the gateway's login and did not come through the gateway");
            }
        });
    }

    private Sightings<ServerSession> watched(TargetSettings target) {
        var fresh = new Sightings<ServerSession>();
        metrics.gauge("sluice_bypassing_sessions", "Sessions of the gateway's login that did not come through it and are still there.", fresh::present, "target", target.name());
        return fresh;
    }

    private static SessionBypassed event(TargetSettings target, ServerSession session) {
        String address = session.address() == null ? null : session.port() == null ? session.address() : session.address() + ":" + session.port();
        return new SessionBypassed(
                target.name(), session.role(), session.database(), session.process(), session.startedAt(), session.application(), address);
    }

    @Override
    public void close() {
        if (timer >= 0) {
            vertx.cancelTimer(timer);
        }
    }
}

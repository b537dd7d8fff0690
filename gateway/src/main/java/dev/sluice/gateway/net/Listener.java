// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.net;

import dev.sluice.gateway.wire.SqlState;
import io.vertx.core.Context;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Accepts clients and takes each to its session. One server per event loop on one port; a connection stays on the loop that took it.
 */
public final class Listener {
    private static final Logger LOGGER = LoggerFactory.getLogger(Listener.class);
    /** Vert.x shares a random port among servers that name the same id. */
    private static final AtomicInteger RANDOM_PORTS = new AtomicInteger();

    private final Vertx vertx;
    private final ListenerResources resources;
    private final SocketAddress address;
    private volatile boolean draining;
    private volatile int port;
    private volatile @Nullable String deployment;

    private Listener(Vertx vertx, ListenerResources resources) {
        this.vertx = vertx;
        this.resources = resources;
        ListenerSettings settings = resources.settings();
        this.address = settings.port() == 0
                ? SocketAddress.sharedRandomPort(RANDOM_PORTS.incrementAndGet(), settings.host())
                : SocketAddress.inetSocketAddress(settings.port(), settings.host());
    }

    /**
     * Starts to listen.
     *
     * @param starter takes over each session
     * @return fails if the address is taken or a TLS file is unusable; the message names it
     */
    public static Future<Listener> start(
            Vertx vertx,
            ListenerSettings settings,
            TargetRegistry targets,
            CallerChecks checks,
            CancelRegistry cancels,
            RefusalListener refusals,
            SessionStarter starter) {
        Future<@Nullable FrontendTls> tls = settings.tls() == null ? Future.succeededFuture() : FrontendTls.load(vertx, settings.tls(), settings.clientAuthority()).map(loaded -> loaded);
        return tls.compose(frontendTls -> {
            ListenerResources resources = new ListenerResources(settings, frontendTls, new AdmissionReader(targets), checks,
                    new UpstreamConnector(vertx), new ScramKeyCache(), cancels, new ConnectionLimits(settings, System::nanoTime), refusals, starter);
            return new Listener(vertx, resources).listen();
        });
    }

    private Future<Listener> listen() {
        int loops = resources.settings().eventLoops();
        DeploymentOptions options = new DeploymentOptions().setInstances(loops > 0 ? loops : usualEventLoops());
        return vertx.deployVerticle(Acceptor::new, options).map(id -> {
            deployment = id;
            return this;
        });
    }

    /** Fewer loops see more sessions each time they wake; the other processors have Kafka's client and the parsers to carry. */
    private static int usualEventLoops() {
        return Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
    }

    /** The port that clients connect to. */
    public int port() {
        return port;
    }

    /** Open client connections, whatever their phase. */
    public int connections() {
        return resources.limits().connections();
    }

    /** Client connections that are not proven yet. */
    public int unauthenticatedConnections() {
        return resources.limits().strangers();
    }

    /** Connections that were turned away since the start because a limit was reached. */
    public long turnedAway() {
        return resources.limits().turnedAway();
    }

    /** From now on new clients are refused with 57P03; those that are here stay. */
    public void drain() {
        draining = true;
    }

    /** Stops listening and closes every client's connection that is still open. */
    public Future<Void> close() {
        draining = true;
        FrontendTls tls = resources.tls();
        if (tls != null) {
            tls.close();
        }
        String id = deployment;
        Future<Void> undeployed = id == null ? Future.succeededFuture() : vertx.undeploy(id);
        return undeployed.eventually(() -> resources.connector().close());
    }

    /** One event loop's server. Ends with its verticle. */
    private final class Acceptor extends VerticleBase {
        @Override
        public Future<?> start() {
            NetServerOptions options = new NetServerOptions().setTcpNoDelay(true).setTcpKeepAlive(true).setAcceptBacklog(1024);
            NetServer server = vertx.createNetServer(options);
            server.connectHandler(socket -> accept(context, socket));
            server.exceptionHandler(failure -> LOGGER.atDebug().setCause(failure).log("accept failed"));
            return server.listen(address).onSuccess(listening -> port = listening.actualPort());
        }
    }

    private void accept(Context context, NetSocket socket) {
        if (draining) {
            turnAway(socket, Refusal.of(SqlState.CANNOT_CONNECT_NOW, "the gateway is shutting down"));
            return;
        }
        ConnectionLimits.Place place = resources.limits().enter(Addresses.host(socket));
        if (place == null) {
            turnAway(socket, Refusal.of(SqlState.TOO_MANY_CONNECTIONS, "sorry, too many clients already"));
            return;
        }
        new FrontendConnection(vertx, context, socket, resources, place).begin();
    }

    private static void turnAway(NetSocket socket, Refusal refusal) {
        socket.end(refusal.errorResponse());
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.net;

import dev.sluice.gateway.wire.BackendEncoder;
import dev.sluice.gateway.wire.FrontendEncoder;
import dev.sluice.gateway.wire.FrontendMessage.PasswordMessage;
import dev.sluice.gateway.wire.FrontendReader;
import dev.sluice.gateway.wire.SqlState;
import dev.sluice.gateway.wire.StartupPacket;
import dev.sluice.schemas.Principal;
import dev.sluice.schemas.event.EventIds;
import dev.sluice.schemas.identity.TokenVerifier;
import io.netty.handler.ssl.SslHandler;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One client before its session: carries out what {@link FrontendStartup} decides, on sockets and timers. Lives on one event loop. */
final class FrontendConnection implements StartupEffects {
    private static final Logger LOGGER = LoggerFactory.getLogger(FrontendConnection.class);

    private final Vertx vertx;
    private final Context context;
    private final NetSocket socket;
    private final ListenerResources resources;
    private final ConnectionLimits.Place place;
    private final FrontendChannel channel;
    private final FrontendStartup startup;
    private final String clientAddress;
    private final long deadline;
    private @Nullable RelayedLogin relayedLogin;
    private @Nullable BackendStartup backendStartup;
    private boolean negotiated;
    private boolean gone;
    private boolean established;

    FrontendConnection(Vertx vertx, Context context, NetSocket socket, ListenerResources resources, ConnectionLimits.Place place) {
        this.vertx = vertx;
        this.context = context;
        this.socket = socket;
        this.resources = resources;
        this.place = place;
        this.clientAddress = Addresses.shown(socket);
        ListenerSettings settings = resources.settings();
        this.channel = new FrontendChannel(Addresses.isLoopback(socket), resources.tls() != null, settings.tlsRequired());
        this.startup = new FrontendStartup(channel, resources.admissions(), resources.checks(), settings.maxAuthenticationBytes(), this);
        // Armed once, for everything up to the session: an earlier phase's end must not disarm it (CVE-2026-25949 of a proxy that did).
        this.deadline = vertx.setTimer(settings.startupTimeout().toMillis(), _ -> expired());
    }

    void begin() {
        KeepAlive.on(socket);
        SocketTls.whenClosed(context, socket, this::closed);
        socket.exceptionHandler(failure -> LOGGER.atDebug().addKeyValue("client", clientAddress).addKeyValue("reason", failure.getMessage()).log("client connection failed"));
        socket.handler(bytes -> {
            startup.received(bytes);
            pauseOrResume();
        });
    }

    @Override
    public void send(Buffer bytes) {
        socket.write(bytes);
    }

    @Override
    public void upgrade(Buffer answer) {
        secure(answer, null);
    }

    @Override
    public void upgradeDirectly(Buffer received) {
        secure(null, received);
    }

    private void secure(@Nullable Buffer answer, @Nullable Buffer received) {
        FrontendTls tls = resources.tls();
        if (tls == null) {
            throw new IllegalStateException("TLS was begun without being configured");
        }
        FrontendTls.Material material = tls.current();
        SslHandler handler = material.handler(SocketTls.workers(context), resources.settings().startupTimeout());
        SocketTls.upgrade(context, socket, handler, answer, received).onComplete(handshake -> {
            if (handshake.failed()) {
                LOGGER.atDebug().addKeyValue("client", clientAddress).addKeyValue("reason", handshake.cause().getMessage()).log("TLS handshake failed");
                socket.close();
                return;
            }
            startup.secured(handler.applicationProtocol(), received != null, material.certificateHash());
            pauseOrResume();
        });
    }

    @Override
    public void cancel(StartupPacket.CancelRequest request) {
        // No answer, whatever comes of it: the protocol has none, and it would tell a guesser something.
        if (resources.limits().mayCancel(Addresses.host(socket))) {
            boolean known = resources.cancels().cancel(request.processId(), request.secretKey());
            LOGGER.atDebug().addKeyValue("client", clientAddress).addKeyValue("known", known).log("cancel requested");
        }
        socket.close();
    }

    @Override
    public void check(String token) {
        TokenVerifier verifier = resources.checks().tokenVerifier();
        if (verifier == null) {
            throw new IllegalStateException("a token was accepted without a verifier");
        }
        verifier.verify(token).whenComplete((result, failure) -> context.runOnContext(_ -> {
            if (failure != null) {
                LOGGER.atError().setCause(failure).log("token verifier failed");
                startup.refuse(Refusal.of(SqlState.INTERNAL_ERROR, "the identity token could not be checked"));
            } else {
                startup.checked(result);
            }
            pauseOrResume();
        }));
    }

    @Override
    public void connect(Admission admission, @Nullable ProvenCaller proven) {
        if (proven != null) {
            place.proven();
        }
        TargetRegistry.Address address = admission.address();
        if (address == null) {
            throw new IllegalStateException("connecting without a target");
        }
        resources.connector().open(context, address.target()).onComplete(link -> {
            if (link.failed()) {
                startup.refuse(link.cause() instanceof RefusedException refused
                        ? refused.refusal()
                        : UpstreamConnector.unreachable(address.target(), UpstreamConnector.reason(link.cause())).refusal());
            } else if (gone || startup.ended()) {
                link.result().socket().close();
            } else {
                login(admission, proven, address, link.result());
            }
        });
    }

    private void login(Admission admission, @Nullable ProvenCaller proven, TargetRegistry.Address address, UpstreamLink link) {
        TargetSettings target = address.target();
        Map<String, String> parameters = new LinkedHashMap<>();
        UpstreamLogin login = switch (target.credential()) {
            case TargetCredential.Passthrough _ -> {
                parameters.put("user", admission.user());
                RelayedLogin relayed = new RelayedLogin(link, channel, this::tell, this::ask);
                relayedLogin = relayed;
                yield relayed;
            }
            case TargetCredential.Stored stored -> {
                parameters.put("user", stored.user());
                yield new StoredLogin(context, target, stored, link, resources.keys(), resources.checks().nonce());
            }
        };
        parameters.put("database", address.database());
        parameters.putAll(admission.settings());
        BackendStartup backend = new BackendStartup(target.name(), link.socket(), login);
        backendStartup = backend;
        backend.start(admission.minor(), parameters).onComplete(greeting -> {
            if (greeting.succeeded()) {
                establish(admission, proven, address, link, greeting.result());
            } else {
                startup.refuse(((RefusedException) greeting.cause()).refusal());
            }
        });
    }

    private void tell(Buffer message) {
        negotiate();
        socket.write(message);
    }

    private void ask(Buffer request) {
        tell(request);
        startup.passedOn();
        pauseOrResume();
    }

    /** Before the first message of a relayed login, since only then the server's own version is known. */
    private void negotiate() {
        Admission admission = startup.admission();
        BackendStartup backend = backendStartup;
        if (relayedLogin == null || negotiated || admission == null || backend == null) {
            return;
        }
        negotiated = true;
        if (admission.requestedMinor() > backend.minor() || !admission.unknownProtocolOptions().isEmpty()) {
            socket.write(BackendEncoder.negotiateProtocolVersion(backend.minor(), admission.unknownProtocolOptions()));
        }
    }

    @Override
    public void answered(PasswordMessage answer) {
        RelayedLogin relayed = relayedLogin;
        if (relayed == null) {
            throw new IllegalStateException("an answer for a login that is not relayed");
        }
        relayed.answered(answer);
    }

    private void establish(Admission admission, @Nullable ProvenCaller proven, TargetRegistry.Address address, UpstreamLink link, BackendStartup.Greeting greeting) {
        if (gone || startup.ended()) {
            link.socket().close();
            return;
        }
        negotiate();
        established = true;
        vertx.cancelTimer(deadline);
        place.proven();
        TargetSettings target = address.target();
        String role = target.credential() instanceof TargetCredential.Stored stored ? stored.user() : admission.user();
        Principal caller = proven != null
                ? proven.principal()
                : new Principal(admission.user(), "postgresql:" + target.name(), Principal.Method.DATABASE, Set.of(), null);
        int minor = target.isPassthrough() ? greeting.minor() : admission.minor();
        CancelRegistry.Registration cancel = resources.cancels().register(greeting.processId(), minor, action -> context.runOnContext(_ -> action.run()));
        SocketTls.whenClosed(context, socket, cancel::close);
        FrontendReader frontendReader = startup.established(resources.settings().maxMessageBytes());
        socket.pause();
        socket.handler(null).exceptionHandler(null);
        socket.write(BackendEncoder.authenticationOk()
                .appendBuffer(greeting.beforeKey())
                .appendBuffer(BackendEncoder.backendKeyData(cancel.processId(), cancel.secretKey()))
                .appendBuffer(greeting.afterKey()));
        resources.starter().start(new EstablishedSession(
                EventIds.next(resources.checks().clock().instant(), resources.checks().random()).toString(),
                caller,
                proven == null ? null : proven.credentialEnds(),
                proven == null ? null : proven.agentToken(),
                target.name(),
                address.database(),
                role,
                admission.manner().orElse(target.manner()),
                admission.application(),
                admission.user(),
                clientAddress,
                channel.encrypted(),
                minor,
                target.isPassthrough(),
                socket,
                link.socket(),
                frontendReader,
                greeting.reader(),
                greeting.parameterStatus(),
                greeting.transactionStatus(),
                cancel,
                greeting.processId(),
                upstreamCancel(target, greeting),
                admission.traceparent(),
                admission.purpose()));
    }

    private UpstreamCancel upstreamCancel(TargetSettings target, BackendStartup.Greeting greeting) {
        byte[] key = greeting.secretKey();
        return () -> key == null
                ? Future.succeededFuture()
                : resources.connector().sendAlone(context, target, FrontendEncoder.cancelRequest(greeting.processId(), key));
    }

    @Override
    public void refuse(Refusal refusal, @Nullable Admission admission) {
        vertx.cancelTimer(deadline);
        LOGGER.atInfo()
                .addKeyValue("client", clientAddress)
                .addKeyValue("sqlState", refusal.sqlState().code())
                .addKeyValue("reason", refusal.message())
                .log("connection refused");
        resources.refusals().refused(
                admission == null || admission.user().isEmpty() ? null : admission.user(),
                admission == null || admission.targetName().isEmpty() ? null : admission.targetName(),
                clientAddress,
                refusal.sqlState().code(),
                refusal.message());
        socket.end(refusal.errorResponse());
    }

    /** The deadline has come. Who has not asked for anything yet gets no answer, as from PostgreSQL. */
    private void expired() {
        if (startup.admission() == null) {
            socket.close();
        } else {
            startup.refuse(Refusal.of(SqlState.QUERY_CANCELED, "canceling authentication due to timeout"));
        }
        abandonBackend();
    }

    private void closed() {
        gone = true;
        place.leave();
        if (!established) {
            vertx.cancelTimer(deadline);
            abandonBackend();
        }
    }

    private void abandonBackend() {
        if (backendStartup != null) {
            backendStartup.abandon();
        }
    }

    private void pauseOrResume() {
        if (established || gone) {
            return;
        }
        if (startup.awaitsClient()) {
            socket.resume();
        } else {
            socket.pause();
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.net;

import dev.sluice.gateway.wire.BackendMessage;
import dev.sluice.gateway.wire.BackendMessage.Authentication;
import dev.sluice.gateway.wire.BackendReader;
import dev.sluice.gateway.wire.FrontendEncoder;
import dev.sluice.gateway.wire.ProtocolViolation;
import dev.sluice.gateway.wire.SqlState;
import dev.sluice.gateway.wire.TransactionStatus;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The server's leg from StartupMessage to the first ReadyForQuery. The server's bytes are checked as a stranger's. */
final class BackendStartup {
    /** Greatest startup message of a server: its notices and settings are short. */
    private static final int MAX_GREETING_BYTES = 1 << 20;

    /**
     * What the server has said.
     *
     * @param beforeKey raw ParameterStatus and NoticeResponse messages before BackendKeyData, as received
     * @param afterKey the same after it
     * @param secretKey null if the server sent no BackendKeyData: nothing can be cancelled then
     */
    record Greeting(
            Buffer beforeKey,
            Buffer afterKey,
            Map<String, String> parameterStatus,
            int processId,
            byte @Nullable [] secretKey,
            int minor,
            TransactionStatus transactionStatus,
            BackendReader reader) {}

    private enum Stage { AUTHENTICATING, STARTING, ENDED }

    private final String targetName;
    private final NetSocket socket;
    private final UpstreamLogin login;
    private final BackendReader reader = new BackendReader();
    private final Promise<Greeting> done = Promise.promise();
    private final Buffer beforeKey = Buffer.buffer();
    private final Buffer afterKey = Buffer.buffer();
    private final Map<String, String> parameterStatus = new LinkedHashMap<>();
    private Stage stage = Stage.AUTHENTICATING;
    private boolean answering;
    private int minor;
    private BackendMessage.@Nullable BackendKeyData key;

    BackendStartup(String targetName, NetSocket socket, UpstreamLogin login) {
        this.targetName = targetName;
        this.socket = socket;
        this.login = login;
    }

    /** Sends the startup packet. The socket is paused and without handlers when the future completes; on failure it is closed. */
    Future<Greeting> start(int minorVersion, Map<String, String> parameters) {
        minor = minorVersion;
        socket.handler(this::received);
        socket.closeHandler(_ -> fail(lost("the server closed the connection")));
        socket.exceptionHandler(failure -> fail(lost(UpstreamConnector.reason(failure))));
        socket.resume();
        socket.write(FrontendEncoder.startup(3, minorVersion, parameters));
        return done.future();
    }

    /** The minor version in force: ours, or the server's if it has negotiated down. */
    int minor() {
        return minor;
    }

    /** Gives up. */
    void abandon() {
        if (stage != Stage.ENDED) {
            fail(lost("the client has gone"));
        }
    }

    private void received(Buffer bytes) {
        reader.feed(bytes);
        readOn();
    }

    private void readOn() {
        try {
            while (stage != Stage.ENDED && !answering) {
                BackendMessage message = reader.next();
                if (message == null) {
                    return;
                }
                if (stage == Stage.AUTHENTICATING) {
                    authenticating(message);
                } else {
                    starting(message);
                }
            }
        } catch (ProtocolViolation violation) {
            fail(lost("the server sent something that is not the protocol: " + violation.getMessage()));
        } catch (RefusedException refused) {
            fail(refused.refusal());
        }
    }

    private void authenticating(BackendMessage message) throws RefusedException {
        switch (message) {
            case Authentication request when request.type() == Authentication.OK -> {
                login.accepted();
                stage = Stage.STARTING;
            }
            case Authentication request -> answer(request);
            case BackendMessage.NegotiateProtocolVersion offer -> {
                if (offer.minor() < 0 || offer.minor() > minor) {
                    throw lost("the server negotiates protocol 3." + offer.minor() + " where 3." + minor + " was asked for").asException();
                }
                minor = offer.minor();
            }
            case BackendMessage.ErrorResponse error -> fail(login.refused(fromServer(error)));
            case BackendMessage.NoticeResponse notice -> keep(notice.raw());
            default -> throw outOfTurn(message);
        }
    }

    private void answer(Authentication request) {
        answering = true;
        login.answer(request).onComplete(answer -> {
            answering = false;
            if (stage == Stage.ENDED) {
                return;
            }
            if (answer.failed()) {
                fail(answer.cause() instanceof RefusedException refused ? refused.refusal() : lost("internal error in authentication"));
                return;
            }
            if (answer.result().length() > 0) {
                socket.write(answer.result());
            }
            readOn();
        });
    }

    private void starting(BackendMessage message) throws RefusedException {
        switch (message) {
            case BackendMessage.ParameterStatus status -> {
                parameterStatus.put(status.name(), status.value());
                keep(status.raw());
            }
            case BackendMessage.NoticeResponse notice -> keep(notice.raw());
            case BackendMessage.BackendKeyData data -> key = data;
            case BackendMessage.ReadyForQuery ready -> finish(ready.status());
            case BackendMessage.ErrorResponse error -> fail(login.refused(fromServer(error)));
            default -> throw outOfTurn(message);
        }
    }

    private void keep(Buffer raw) throws RefusedException {
        Buffer kept = key == null ? beforeKey : afterKey;
        kept.appendBuffer(raw);
        if (kept.length() > MAX_GREETING_BYTES) {
            throw lost("the server's startup messages are longer than " + MAX_GREETING_BYTES + " bytes").asException();
        }
    }

    private void finish(TransactionStatus status) {
        stage = Stage.ENDED;
        detach();
        BackendMessage.BackendKeyData data = key;
        done.complete(new Greeting(beforeKey, afterKey, parameterStatus, data == null ? 0 : data.processId(),
                data == null ? null : data.secretKey(), minor, status, reader));
    }

    private void fail(Refusal refusal) {
        if (stage == Stage.ENDED) {
            return;
        }
        stage = Stage.ENDED;
        detach();
        socket.close();
        done.fail(refusal.asException());
    }

    private void detach() {
        socket.pause();
        socket.handler(null).closeHandler(null).exceptionHandler(null);
    }

    private static Refusal fromServer(BackendMessage.ErrorResponse error) {
        return new Refusal(error.sqlState(), error.message(), error.fields().get('H'), error.raw());
    }

    private RefusedException outOfTurn(BackendMessage message) {
        return lost("the server sent " + message.getClass().getSimpleName() + " during startup").asException();
    }

    private Refusal lost(String why) {
        return Refusal.of(SqlState.SQLCLIENT_UNABLE_TO_ESTABLISH_SQLCONNECTION, "target \"" + targetName + "\" cannot be reached: " + why);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.net;

import dev.sluice.gateway.identity.ScramServer;
import dev.sluice.gateway.wire.BackendEncoder;
import dev.sluice.gateway.wire.BackendMessage.Authentication;
import dev.sluice.gateway.wire.FrontendMessage.PasswordMessage;
import dev.sluice.gateway.wire.ProtocolViolation;
import dev.sluice.gateway.wire.SqlState;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Passes the server's authentication requests to the client and the client's answers to the server, message by message. The gateway learns
 * nothing that would let it log in again (SCRAM, md5), or forgets it (clear text).
 *
 * <p>Channel binding cannot be relayed: it proves that both ends share one TLS connection, and here there are two. SCRAM-SHA-256-PLUS is
 * therefore not offered to the client, and a client that is itself able to bind will notice and say so, which the server must refuse.
 */
final class RelayedLogin implements UpstreamLogin {
    private final UpstreamLink link;
    private final FrontendChannel client;
    private final Consumer<Buffer> tell;
    private final Consumer<Buffer> ask;
    private @Nullable Promise<Buffer> owed;
    private boolean plusRemoved;
    private boolean saslBegun;
    private boolean accepted;

    /**
     * @param tell sends a message to the client
     * @param ask the same, and takes the client's next message to {@link #answered}
     */
    RelayedLogin(UpstreamLink link, FrontendChannel client, Consumer<Buffer> tell, Consumer<Buffer> ask) {
        this.link = link;
        this.client = client;
        this.tell = tell;
        this.ask = ask;
    }

    @Override
    public Future<Buffer> answer(Authentication request) {
        return switch (request.type()) {
            case Authentication.CLEARTEXT_PASSWORD -> client.confidential() && link.confidential()
                    ? ask(request.raw())
                    : refuse("the server asks for the password in clear text, which is only relayed over TLS or the loopback interface on both sides");
            case Authentication.MD5_PASSWORD, Authentication.SASL_CONTINUE -> ask(request.raw());
            case Authentication.SASL -> ask(offer(request));
            case Authentication.SASL_FINAL -> {
                tell.accept(request.raw());
                yield Future.succeededFuture(Buffer.buffer());
            }
            default -> refuse("the server asks for an authentication method that cannot be relayed (type " + request.type() + ")");
        };
    }

    /** The client's answer. */
    void answered(PasswordMessage answer) {
        Promise<Buffer> promise = owed;
        if (promise == null) {
            throw new IllegalStateException("no answer is due");
        }
        owed = null;
        if (saslBegun) {
            saslBegun = false;
            if (plusRemoved && believesNoBindingOffered(answer)) {
                promise.fail(Refusal.of(SqlState.INVALID_AUTHORIZATION_SPECIFICATION, "SCRAM channel binding cannot be relayed through a gateway with TLS on both sides")
                        .withHint("Connect with channel_binding=disable if the driver allows, without TLS to the gateway, or use a target with a stored credential.")
                        .asException());
                return;
            }
        }
        promise.complete(answer.raw());
    }

    @Override
    public void accepted() {
        // The server is the judge, and the client has verified the server's signature if there was one.
        accepted = true;
    }

    @Override
    public Refusal refused(Refusal fromServer) {
        if (accepted) {
            tell.accept(BackendEncoder.authenticationOk());
        }
        return fromServer;
    }

    private Buffer offer(Authentication request) {
        List<String> mechanisms = request.saslMechanisms();
        List<String> relayable = mechanisms.stream().filter(name -> !name.equals(ScramServer.MECHANISM_PLUS)).toList();
        saslBegun = true;
        plusRemoved = relayable.size() < mechanisms.size();
        return plusRemoved ? BackendEncoder.authenticationSasl(relayable) : request.raw();
    }

    private Future<Buffer> ask(Buffer request) {
        Promise<Buffer> promise = Promise.promise();
        owed = promise;
        ask.accept(request);
        return promise.future();
    }

    /** The "y" flag of RFC 5802: the server would take it for an attack, and its error would be hard to understand. */
    private static boolean believesNoBindingOffered(PasswordMessage answer) {
        try {
            Buffer data = answer.saslInitialResponse().data();
            return data != null && data.toString(StandardCharsets.UTF_8).startsWith("y,");
        } catch (ProtocolViolation e) {
            return false;
        }
    }

    private static Future<Buffer> refuse(String why) {
        return Future.failedFuture(Refusal.of(SqlState.INVALID_AUTHORIZATION_SPECIFICATION, why).asException());
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.net;

import dev.sluice.gateway.config.Secret;
import dev.sluice.gateway.identity.Md5Password;
import dev.sluice.gateway.identity.ScramClient;
import dev.sluice.gateway.identity.ScramFailure;
import dev.sluice.gateway.identity.ScramKeys;
import dev.sluice.gateway.identity.ScramServer;
import dev.sluice.gateway.wire.BackendMessage.Authentication;
import dev.sluice.gateway.wire.FrontendEncoder;
import dev.sluice.gateway.wire.SqlState;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Logs in with the gateway's own credential. The server is not trusted: a request out of turn, or an AuthenticationOk before the server
 * has proven itself where it began SCRAM, ends the attempt.
 */
final class StoredLogin implements UpstreamLogin {
    private static final int MD5_SALT_BYTES = 4;

    private sealed interface Stage {
        record Start() implements Stage {}

        /** A password was sent; the server decides. */
        record Answered() implements Stage {}

        record AwaitingChallenge(ScramClient scram) implements Stage {}

        record Deriving() implements Stage {}

        record AwaitingSignature(ScramClient scram) implements Stage {}

        record Verified() implements Stage {}
    }

    private final Context context;
    private final TargetSettings target;
    private final TargetCredential.Stored credential;
    private final UpstreamLink link;
    private final ScramKeyCache keys;
    private final String nonce;
    private Stage stage = new Stage.Start();

    StoredLogin(Context context, TargetSettings target, TargetCredential.Stored credential, UpstreamLink link, ScramKeyCache keys, String nonce) {
        this.context = context;
        this.target = target;
        this.credential = credential;
        this.link = link;
        this.keys = keys;
        this.nonce = nonce;
    }

    @Override
    public Future<Buffer> answer(Authentication request) {
        try {
            return switch (request.type()) {
                case Authentication.CLEARTEXT_PASSWORD -> Future.succeededFuture(cleartext());
                case Authentication.MD5_PASSWORD -> Future.succeededFuture(md5(request.payload()));
                case Authentication.SASL -> Future.succeededFuture(begin(request.saslMechanisms()));
                case Authentication.SASL_CONTINUE -> prove(request.payload());
                case Authentication.SASL_FINAL -> Future.succeededFuture(verify(request.payload()));
                default -> throw refusal("the server asks for an authentication method that the gateway does not have (type " + request.type() + ")");
            };
        } catch (RefusedException e) {
            return Future.failedFuture(e);
        } catch (ScramFailure e) {
            return Future.failedFuture(refusal(e.getMessage()));
        }
    }

    @Override
    public void accepted() throws RefusedException {
        switch (stage) {
            case Stage.Start _, Stage.Answered _, Stage.Verified _ -> {}
            case Stage.AwaitingChallenge _, Stage.Deriving _, Stage.AwaitingSignature _ ->
                throw refusal("the server ended SCRAM authentication without proving itself");
        }
    }

    /** The server's words about a failed login name roles, hosts and methods: not for clients. Other errors are theirs to know. */
    @Override
    public Refusal refused(Refusal fromServer) {
        if (fromServer.sqlState().code().startsWith("28")) {
            return refusal("the server did not accept the gateway's login").refusal()
                    .withHint("Check the target's credential and the server's pg_hba.conf; the server's log says more.");
        }
        return Refusal.of(fromServer.sqlState(), "target \"" + target.name() + "\": " + fromServer.message()).withHint(fromServer.hint());
    }

    private Buffer cleartext() throws RefusedException {
        requireStart();
        if (!link.confidential()) {
            throw refusal("the server asks for the password in clear text over a connection without TLS");
        }
        stage = new Stage.Answered();
        return FrontendEncoder.password(password().reveal());
    }

    private Buffer md5(Buffer salt) throws RefusedException {
        requireStart();
        if (salt.length() != MD5_SALT_BYTES) {
            throw refusal("the server sent an md5 salt of " + salt.length() + " bytes");
        }
        stage = new Stage.Answered();
        return FrontendEncoder.password(Md5Password.respond(credential.user(), password(), salt.getBytes()));
    }

    private Buffer begin(List<String> mechanisms) throws RefusedException {
        requireStart();
        password();
        byte[] hash = link.endPointHash();
        boolean plus = hash != null && mechanisms.contains(ScramServer.MECHANISM_PLUS);
        if (!plus && !mechanisms.contains(ScramServer.MECHANISM)) {
            throw refusal("the server offers no SASL mechanism that the gateway has (SCRAM-SHA-256, SCRAM-SHA-256-PLUS)");
        }
        ScramClient scram = new ScramClient(plus ? hash : null, hash != null, nonce);
        stage = new Stage.AwaitingChallenge(scram);
        return FrontendEncoder.saslInitialResponse(plus ? ScramServer.MECHANISM_PLUS : ScramServer.MECHANISM, Buffer.buffer(scram.first()));
    }

    private Future<Buffer> prove(Buffer payload) throws RefusedException, ScramFailure {
        if (!(stage instanceof Stage.AwaitingChallenge awaiting)) {
            throw refusal("the server continued a SASL exchange out of turn");
        }
        ScramClient.Challenge challenge = awaiting.scram().challenge(payload.toString(StandardCharsets.UTF_8));
        stage = new Stage.Deriving();
        Future<ScramKeys> derived = keys.derive(context, password(), challenge.salt(), challenge.iterations());
        return derived.map(scramKeys -> {
            stage = new Stage.AwaitingSignature(awaiting.scram());
            return FrontendEncoder.saslResponse(Buffer.buffer(awaiting.scram().last(challenge, scramKeys)));
        });
    }

    private Buffer verify(Buffer payload) throws RefusedException, ScramFailure {
        if (!(stage instanceof Stage.AwaitingSignature awaiting)) {
            throw refusal("the server ended a SASL exchange out of turn");
        }
        awaiting.scram().verify(payload.toString(StandardCharsets.UTF_8));
        stage = new Stage.Verified();
        return Buffer.buffer();
    }

    private void requireStart() throws RefusedException {
        if (!(stage instanceof Stage.Start)) {
            throw refusal("the server asked for a second authentication");
        }
    }

    private Secret password() throws RefusedException {
        Secret password = credential.password();
        if (password == null) {
            throw refusal("the server asks for a password, and the target's credential has none");
        }
        return password;
    }

    private RefusedException refusal(String why) {
        return Refusal.of(SqlState.SQLCLIENT_UNABLE_TO_ESTABLISH_SQLCONNECTION, "login to target \"" + target.name() + "\" failed: " + why)
                .asException();
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.net;

import dev.sluice.gateway.identity.AgentToken;
import dev.sluice.gateway.identity.AgentTokenText;
import dev.sluice.gateway.identity.ScramFailure;
import dev.sluice.gateway.identity.ScramServer;
import dev.sluice.gateway.wire.BackendEncoder;
import dev.sluice.gateway.wire.FrontendMessage;
import dev.sluice.gateway.wire.FrontendMessage.PasswordMessage;
import dev.sluice.gateway.wire.FrontendMessage.SaslInitialResponse;
import dev.sluice.gateway.wire.FrontendReader;
import dev.sluice.gateway.wire.ProtocolViolation;
import dev.sluice.gateway.wire.SqlState;
import dev.sluice.gateway.wire.StartupPacket;
import dev.sluice.gateway.wire.StartupReader;
import dev.sluice.schemas.identity.TokenResult;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The client's leg before the session, without its socket: bytes in, {@link StartupEffects} out. Each message is legal in exactly one stage; the
 * startup packet is read once and the principal is set once, because a stage that has them never leads back to one that asks for them.
 */
final class FrontendStartup {
    /** First byte of a TLS handshake record: the client begins with TLS instead of SSLRequest. */
    private static final byte TLS_HANDSHAKE = 0x16;

    private sealed interface Stage {
        record Opening(boolean sslAsked, boolean gssAsked) implements Stage {}

        record Securing() implements Stage {}

        record AwaitingPassword(Admission admission) implements Stage {}

        record AwaitingSaslInitial(Admission admission, List<String> offered) implements Stage {}

        record AwaitingSaslResponse(Admission admission, ScramServer scram, @Nullable AgentToken token) implements Stage {}

        record Checking(Admission admission) implements Stage {}

        record Connecting(Admission admission) implements Stage {}

        record AwaitingAnswer(Admission admission) implements Stage {}

        record Ended() implements Stage {}
    }

    private final FrontendChannel channel;
    private final AdmissionReader admissions;
    private final CallerChecks checks;
    private final StartupEffects effects;
    private final StartupReader packets = new StartupReader();
    private final FrontendReader messages;
    private final int maxAuthenticationBytes;
    private Stage stage = new Stage.Opening(false, false);
    private boolean anythingReceived;

    /** @param maxAuthenticationBytes greatest length of a message that answers an authentication request */
    FrontendStartup(FrontendChannel channel, AdmissionReader admissions, CallerChecks checks, int maxAuthenticationBytes, StartupEffects effects) {
        this.channel = channel;
        this.admissions = admissions;
        this.checks = checks;
        this.maxAuthenticationBytes = maxAuthenticationBytes;
        this.messages = new FrontendReader(maxAuthenticationBytes);
        this.effects = effects;
    }

    /** Whether the client is to speak next; otherwise its bytes are better left in the socket. */
    boolean awaitsClient() {
        return switch (stage) {
            case Stage.Opening _, Stage.AwaitingPassword _, Stage.AwaitingSaslInitial _, Stage.AwaitingSaslResponse _, Stage.AwaitingAnswer _ -> true;
            case Stage.Securing _, Stage.Checking _, Stage.Connecting _, Stage.Ended _ -> false;
        };
    }

    boolean ended() {
        return stage instanceof Stage.Ended;
    }

    /** What the client has asked for, once it has. */
    @Nullable Admission admission() {
        return switch (stage) {
            case Stage.AwaitingPassword s -> s.admission();
            case Stage.AwaitingSaslInitial s -> s.admission();
            case Stage.AwaitingSaslResponse s -> s.admission();
            case Stage.Checking s -> s.admission();
            case Stage.Connecting s -> s.admission();
            case Stage.AwaitingAnswer s -> s.admission();
            case Stage.Opening _, Stage.Securing _, Stage.Ended _ -> null;
        };
    }

    /** Bytes from the client, as they come. */
    void received(Buffer bytes) {
        if (ended()) {
            return;
        }
        try {
            if (stage instanceof Stage.Opening) {
                if (!anythingReceived && bytes.length() > 0 && bytes.getByte(0) == TLS_HANDSHAKE && !channel.encrypted()) {
                    beginDirectTls(bytes);
                    return;
                }
                anythingReceived |= bytes.length() > 0;
                packets.feed(bytes);
            } else {
                messages.feed(bytes);
            }
            readOn();
        } catch (ProtocolViolation violation) {
            refuse(Refusal.of(violation, stage instanceof Stage.Opening));
        }
    }

    /** The TLS handshake is done. */
    void secured(@Nullable String applicationProtocol, boolean direct, byte @Nullable [] certificateHash) {
        if (!(stage instanceof Stage.Securing)) {
            return;
        }
        channel.encrypt(certificateHash);
        // RFC 7301 by way of PostgreSQL: with direct TLS the protocol's name is what keeps other protocols' clients from being tricked into talking to us.
        if (direct && !FrontendTls.APPLICATION_PROTOCOL.equals(applicationProtocol)) {
            refuse(Refusal.of(SqlState.PROTOCOL_VIOLATION, "direct TLS was begun without the application protocol \"postgresql\" (ALPN)"));
            return;
        }
        stage = new Stage.Opening(true, true);
    }

    /** What became of the identity token. */
    void checked(TokenResult result) {
        if (!(stage instanceof Stage.Checking checking)) {
            return;
        }
        switch (result) {
            case TokenResult.Verified verified -> proven(checking.admission(), new ProvenCaller(verified.principal(), verified.expiresAt(), null));
            case TokenResult.Rejected rejected -> refuse(Refusal.of(SqlState.INVALID_PASSWORD, "identity token rejected: " + rejected.reason()));
            case TokenResult.Unavailable unavailable ->
                refuse(Refusal.of(SqlState.CANNOT_CONNECT_NOW, "identity token cannot be checked now: " + unavailable.reason()));
        }
    }

    /** The server's request has been passed on: the client's next message is for the server. */
    void passedOn() {
        if (stage instanceof Stage.Connecting connecting) {
            stage = new Stage.AwaitingAnswer(connecting.admission());
            readGuarded();
        }
    }

    /** Both legs are authenticated. Gives the reader with what the client has sent ahead. */
    FrontendReader established(int maxMessageBytes) {
        stage = new Stage.Ended();
        messages.limit(maxMessageBytes);
        return messages;
    }

    /** Ends this leg; only the first refusal counts. */
    void refuse(Refusal refusal) {
        if (ended()) {
            return;
        }
        Admission asked = admission();
        stage = new Stage.Ended();
        effects.refuse(refusal, asked);
    }

    private void readGuarded() {
        try {
            readOn();
        } catch (ProtocolViolation violation) {
            refuse(Refusal.of(violation, stage instanceof Stage.Opening));
        }
    }

    private void readOn() {
        while (awaitsClient()) {
            if (stage instanceof Stage.Opening opening) {
                StartupPacket packet = packets.next();
                if (packet == null) {
                    return;
                }
                open(opening, packet);
            } else {
                FrontendMessage message = messages.next();
                if (message == null) {
                    return;
                }
                authenticate(message);
            }
        }
    }

    private void beginDirectTls(Buffer bytes) {
        if (!channel.tlsAvailable()) {
            refuse(Refusal.of(SqlState.FEATURE_NOT_SUPPORTED, "TLS is not configured on this gateway"));
            return;
        }
        stage = new Stage.Securing();
        effects.upgradeDirectly(bytes);
    }

    private void open(Stage.Opening opening, StartupPacket packet) {
        switch (packet) {
            case StartupPacket.SslRequest _ -> sslRequested(opening);
            case StartupPacket.GssEncRequest _ -> gssRequested(opening);
            case StartupPacket.CancelRequest request -> {
                stage = new Stage.Ended();
                effects.cancel(request);
            }
            case StartupPacket.StartupMessage message -> {
                messages.feed(packets.drain());
                begin(message);
            }
        }
    }

    private void sslRequested(Stage.Opening opening) {
        if (opening.sslAsked() || channel.encrypted()) {
            refuse(Refusal.of(SqlState.PROTOCOL_VIOLATION, "SSLRequest was sent more than once"));
        } else if (nothingSentAhead("SSLRequest")) {
            if (channel.tlsAvailable()) {
                stage = new Stage.Securing();
                effects.upgrade(Buffer.buffer("S"));
            } else {
                stage = new Stage.Opening(true, opening.gssAsked());
                effects.send(Buffer.buffer("N"));
            }
        }
    }

    private void gssRequested(Stage.Opening opening) {
        if (opening.gssAsked() || channel.encrypted()) {
            refuse(Refusal.of(SqlState.PROTOCOL_VIOLATION, "GSSENCRequest was sent more than once"));
        } else if (nothingSentAhead("GSSENCRequest")) {
            stage = new Stage.Opening(opening.sslAsked(), true);
            effects.send(Buffer.buffer("N"));
        }
    }

    /** CVE-2021-23214 and its kin: what came in the clear must not be taken for what comes under protection. */
    private boolean nothingSentAhead(String request) {
        if (packets.remaining() == 0) {
            return true;
        }
        refuse(Refusal.of(SqlState.PROTOCOL_VIOLATION, "received unencrypted data after " + request));
        return false;
    }

    private void begin(StartupPacket.StartupMessage message) {
        Admission admission;
        try {
            admission = admissions.read(message);
        } catch (RefusedException e) {
            stage = new Stage.Ended();
            effects.refuse(e.refusal(), new Admission(message.parameters().getOrDefault("user", ""), message.parameters().getOrDefault("database", ""), null, Map.of(), dev.sluice.gateway.config.HoldManner.UNSAID, null, 0, 0, List.of(), null, null));
            return;
        }
        stage = new Stage.Connecting(admission);
        if (channel.tlsRequired() && !channel.encrypted()) {
            refuse(Refusal.of(SqlState.INVALID_AUTHORIZATION_SPECIFICATION, "this gateway requires TLS").withHint("Connect with sslmode=require or stronger."));
            return;
        }
        TargetRegistry.Address address = admission.address();
        if (address != null && address.target().isPassthrough()) {
            effects.connect(admission, null);
            return;
        }
        if (admission.needsNegotiation()) {
            effects.send(BackendEncoder.negotiateProtocolVersion(admission.minor(), admission.unknownProtocolOptions()));
        }
        askForProof(admission);
    }

    private void askForProof(Admission admission) {
        boolean anyAgents = !checks.agentTokens().get().isEmpty();
        boolean knownAgent = checks.agentTokens().get().named(admission.user()).isPresent();
        if (knownAgent || anyAgents && !channel.confidential()) {
            List<String> offered = channel.endPointHash() == null
                    ? List.of(ScramServer.MECHANISM)
                    : List.of(ScramServer.MECHANISM_PLUS, ScramServer.MECHANISM);
            stage = new Stage.AwaitingSaslInitial(admission, offered);
            effects.send(BackendEncoder.authenticationSasl(offered));
        } else if (!anyAgents && checks.tokenVerifier() == null) {
            refuse(Refusal.of(SqlState.INVALID_AUTHORIZATION_SPECIFICATION, "this gateway has no way to prove a caller for " + (admission.address() == null ? "this database" : "target \"" + admission.targetName() + "\""))
                    .withHint("Configure an OIDC issuer or an agent token, or a target with credential: passthrough."));
        } else if (!channel.confidential()) {
            refuse(Refusal.of(SqlState.INVALID_AUTHORIZATION_SPECIFICATION, "an identity token is only accepted over TLS or on the loopback interface")
                    .withHint("Connect with sslmode=require or stronger."));
        } else {
            stage = new Stage.AwaitingPassword(admission);
            effects.send(BackendEncoder.authenticationCleartextPassword());
        }
    }

    private void authenticate(FrontendMessage message) {
        if (message instanceof FrontendMessage.Oversized oversized) {
            refuse(Refusal.of(SqlState.PROGRAM_LIMIT_EXCEEDED, "an authentication message of " + oversized.length() + " bytes is over the limit of " + maxAuthenticationBytes));
        } else if (!(message instanceof PasswordMessage password)) {
            refuse(Refusal.of(SqlState.PROTOCOL_VIOLATION, "expected an answer to the authentication request, got " + message.getClass().getSimpleName()));
        } else {
            switch (stage) {
                case Stage.AwaitingPassword s -> passwordGiven(s.admission(), password.password().toString(StandardCharsets.UTF_8));
                case Stage.AwaitingSaslInitial s -> saslBegun(s, password.saslInitialResponse());
                case Stage.AwaitingSaslResponse s -> saslEnded(s, password.saslResponse().toString(StandardCharsets.UTF_8));
                case Stage.AwaitingAnswer s -> {
                    stage = new Stage.Connecting(s.admission());
                    effects.answered(password);
                }
                case Stage.Opening _, Stage.Securing _, Stage.Checking _, Stage.Connecting _, Stage.Ended _ ->
                    throw new IllegalStateException("no message is read in " + stage.getClass().getSimpleName());
            }
        }
    }

    private void passwordGiven(Admission admission, String password) {
        if (AgentTokenText.looksLikeOne(password)) {
            checks.agentTokens().get().holding(password).ifPresentOrElse(
                    token -> agentProven(admission, token), () -> refuse(wrongPassword(admission)));
        } else if (password.isEmpty() || checks.tokenVerifier() == null) {
            refuse(wrongPassword(admission));
        } else {
            stage = new Stage.Checking(admission);
            effects.check(password);
        }
    }

    private void saslBegun(Stage.AwaitingSaslInitial asked, SaslInitialResponse response) {
        Buffer data = response.data();
        if (!asked.offered().contains(response.mechanism()) || data == null) {
            refuse(Refusal.of(SqlState.PROTOCOL_VIOLATION, "the client selected a SASL mechanism that was not offered, or began without data"));
            return;
        }
        AgentToken token = checks.agentTokens().get().named(asked.admission().user()).orElse(null);
        boolean plus = response.mechanism().equals(ScramServer.MECHANISM_PLUS);
        ScramServer scram = new ScramServer(
                token == null ? checks.mocks().forUser(asked.admission().user()) : token.verifier(), token != null, plus, channel.endPointHash(), checks.nonce());
        try {
            String challenge = scram.first(data.toString(StandardCharsets.UTF_8));
            stage = new Stage.AwaitingSaslResponse(asked.admission(), scram, token);
            effects.send(BackendEncoder.authenticationSaslContinue(Buffer.buffer(challenge)));
        } catch (ScramFailure failure) {
            refuse(failed(asked.admission(), failure));
        }
    }

    private void saslEnded(Stage.AwaitingSaslResponse asked, String clientFinal) {
        String serverFinal;
        try {
            serverFinal = asked.scram().last(clientFinal);
        } catch (ScramFailure failure) {
            refuse(failed(asked.admission(), failure));
            return;
        }
        AgentToken token = asked.token();
        if (token == null) {
            throw new IllegalStateException("a made-up verifier was satisfied");
        }
        effects.send(BackendEncoder.authenticationSaslFinal(Buffer.buffer(serverFinal)));
        agentProven(asked.admission(), token);
    }

    private void agentProven(Admission admission, AgentToken token) {
        String reason = token.refusal(checks.clock().instant());
        if (reason == null) {
            proven(admission, new ProvenCaller(token.principal(), token.expires(), token));
        } else {
            refuse(Refusal.of(SqlState.INVALID_PASSWORD, reason).withHint("Ask for a new token."));
        }
    }

    private void proven(Admission admission, ProvenCaller caller) {
        if (admission.address() == null) {
            refuse(Refusal.of(SqlState.INVALID_CATALOG_NAME, "target \"" + StartupParameters.shown(admission.databaseName()) + "\" is not registered with this gateway")
                    .withHint("The database name of the connection must be the name of a target, or target/database."));
            return;
        }
        stage = new Stage.Connecting(admission);
        effects.connect(admission, caller);
    }

    private Refusal failed(Admission admission, ScramFailure failure) {
        return switch (failure.kind()) {
            case MALFORMED -> Refusal.of(SqlState.PROTOCOL_VIOLATION, failure.getMessage());
            case NOT_PROVEN -> wrongPassword(admission);
        };
    }

    private Refusal wrongPassword(Admission admission) {
        Refusal refusal = Refusal.of(SqlState.INVALID_PASSWORD, "password authentication failed for user \"" + StartupParameters.shown(admission.user()) + "\"");
        return channel.confidential() || checks.tokenVerifier() == null
                ? refusal
                : refusal.withHint("An identity token is only accepted over TLS (sslmode=require) or on the loopback interface.");
    }
}

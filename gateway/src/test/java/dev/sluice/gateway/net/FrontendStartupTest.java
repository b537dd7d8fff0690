// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.config.Secret;
import dev.sluice.gateway.identity.AgentTokens;
import dev.sluice.gateway.identity.ScramClient;
import dev.sluice.gateway.identity.ScramKeys;
import dev.sluice.gateway.wire.FrontendEncoder;
import dev.sluice.gateway.wire.SqlState;
import dev.sluice.schemas.Principal;
import dev.sluice.schemas.identity.TokenResult;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class FrontendStartupTest {
    static final Instant NOW = Instant.parse("2026-11-23T05:00:00Z");
    private static final AgentTokens.Created ROBOT = AgentTokens.create("robot", Set.of("agents"), null, null, new SecureRandom());
    private static final AgentTokens.Created LATE = AgentTokens.create("late", Set.of(), null, NOW, new SecureRandom());
    static final Principal ALICE = new Principal("alice", "https://issuer.example", Principal.Method.OIDC, Set.of(), null);
    private static final TargetSettings SHOP = new TargetSettings("shop", "127.0.0.1", 5432, "store", new TargetCredential.Stored("svc", new Secret("hunter2")));
    private static final TargetSettings OWN = new TargetSettings("own", "127.0.0.1", 5432, "store", new TargetCredential.Passthrough());
    static final Buffer SSL_REQUEST = FrontendEncoder.sslRequest();
    static final Buffer GSS_REQUEST = Buffer.buffer().appendInt(8).appendInt(80_877_104);

    private final RecordingEffects effects = new RecordingEffects();

    @Test
    void asksForSslOnceAndThenStarts() {
        FrontendStartup startup = startup(true, false, false);

        feed(startup, SSL_REQUEST, startupPacket(3, 0, "user", "whoever", "database", "shop"));

        assertThat(effects.log).containsExactly("refuse 08P01");
        assertThat(refusal().message()).isEqualTo("received unencrypted data after SSLRequest");
    }

    @Test
    void answersWithoutTlsWithN() {
        FrontendStartup startup = startup(true, false, false);

        startup.received(GSS_REQUEST);
        startup.received(SSL_REQUEST);
        startup.received(startupPacket(3, 0, "user", "whoever", "database", "shop"));

        assertThat(effects.log).containsExactly("send N", "send N", "send R3");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void endsALoopOfRequests(boolean gss) {
        FrontendStartup startup = startup(true, false, false);
        Buffer request = gss ? GSS_REQUEST : SSL_REQUEST;

        startup.received(request);
        startup.received(request);

        assertThat(effects.log).containsExactly("send N", "refuse 08P01");
    }

    @Test
    void refusesAnythingSentAheadOfTls() {
        FrontendStartup startup = startup(true, true, false);

        startup.received(SSL_REQUEST.copy().appendByte((byte) 0));

        assertThat(effects.log).containsExactly("refuse 08P01");
    }

    @Test
    void takesNoSecondTlsWithinTls() {
        FrontendStartup startup = startup(true, true, false);

        startup.received(SSL_REQUEST);
        startup.secured(null, false, null);
        startup.received(SSL_REQUEST);

        assertThat(effects.log).containsExactly("upgrade S", "refuse 08P01");
    }

    @ParameterizedTest
    @CsvSource({"postgresql, true", "http/1.1, false", ", false"})
    void wantsTheProtocolNamedWithDirectTls(@Nullable String protocol, boolean welcome) {
        FrontendStartup startup = startup(true, true, false);

        startup.received(Buffer.buffer(new byte[] {0x16, 3, 1}));
        startup.secured(protocol, true, null);

        assertThat(effects.log.getFirst()).isEqualTo("upgrade directly 3");
        assertThat(startup.ended()).isEqualTo(!welcome);
    }

    @Test
    void takesDirectTlsAsTheVeryFirstThingOnly() {
        FrontendStartup startup = startup(true, true, false);

        startup.received(GSS_REQUEST);
        startup.received(Buffer.buffer(new byte[] {0x16, 3, 1, 0, 5}));

        assertThat(effects.log).containsExactly("send N", "refuse 08P01");
    }

    @Test
    void requiresTlsIfToldTo() {
        FrontendStartup startup = startup(true, true, true);

        startup.received(startupPacket(3, 0, "user", "whoever", "database", "shop"));

        assertThat(effects.log).containsExactly("refuse 28000");
    }

    @Test
    void neverAsksForAPasswordWhereOthersCanRead() {
        FrontendStartup startup = startup(false, true, false);

        startup.received(startupPacket(3, 0, "user", "whoever", "database", "shop"));

        // SCRAM for a user that does not exist: it looks as for one that does, and it fails.
        assertThat(effects.log).containsExactly("send R10");
        Buffer challenge = scramChallenge(startup, "whoever");
        assertThat(challenge.toString(StandardCharsets.UTF_8)).contains("i=4096");
        startup.received(FrontendEncoder.saslResponse(Buffer.buffer("c=biws,r=" + nonce(challenge) + ",p=" + "A".repeat(43) + "=")));
        assertThat(effects.log).endsWith("refuse 28P01");
        assertThat(refusal().hint()).contains("TLS");
    }

    @Test
    void provesAnAgentByScram() {
        FrontendStartup startup = startup(false, false, false);

        startup.received(startupPacket(3, 0, "user", "robot", "database", "shop"));
        proveByScram(startup, ROBOT.text());

        assertThat(effects.log).containsExactly("send R10", "send R11", "send R12", "connect for robot");
        assertThat(effects.credentialEnds).isNull();
    }

    @Test
    void refusesAnAgentWhoseTokenHasExpiredOnlyAfterItsProof() {
        FrontendStartup startup = startup(false, false, false);

        startup.received(startupPacket(3, 0, "user", "late", "database", "shop"));
        proveByScram(startup, LATE.text());

        assertThat(effects.log).containsExactly("send R10", "send R11", "send R12", "refuse 28P01");
        assertThat(refusal().message()).contains("expired");
    }

    @Test
    void provesAnIdentityTokenAndIgnoresTheUserName() {
        FrontendStartup startup = startup(true, false, false);

        startup.received(startupPacket(3, 0, "user", "root", "database", "shop"));
        startup.received(FrontendEncoder.password("token"));
        assertThat(startup.awaitsClient()).isFalse();
        startup.checked(new TokenResult.Verified(ALICE, NOW));

        assertThat(effects.log).containsExactly("send R3", "check token", "connect for alice");
        assertThat(effects.credentialEnds).isEqualTo(NOW);
    }

    @Test
    void namesAnUnknownTargetOnlyToProvenCallers() {
        FrontendStartup startup = startup(true, false, false);

        startup.received(startupPacket(3, 0, "user", "root", "database", "elsewhere"));
        startup.received(FrontendEncoder.password(ROBOT.text().reveal()));

        assertThat(effects.log).containsExactly("send R3", "refuse 3D000");
    }

    @Test
    void theIdentityIsSetOnce() {
        FrontendStartup startup = startup(false, false, false);
        startup.received(startupPacket(3, 0, "user", "robot", "database", "shop"));
        scramChallenge(startup, "robot");

        // A second StartupMessage within SCRAM (CVE-2026-107350 of another pooler) is no message of this stage.
        startup.received(startupPacket(3, 0, "user", "late", "database", "shop"));

        assertThat(effects.log).containsExactly("send R10", "send R11", "refuse 08P01");
        assertThat(effects.principals).isEmpty();
    }

    @Test
    void lateAnswersChangeNothing() {
        FrontendStartup startup = startup(true, false, false);
        startup.received(startupPacket(3, 0, "user", "robot", "database", "own"));
        startup.checked(new TokenResult.Verified(ALICE, NOW));
        startup.secured("postgresql", true, null);
        startup.refuse(Refusal.of(SqlState.CONNECTION_FAILURE, "gone"));
        startup.checked(new TokenResult.Verified(ALICE, NOW));
        startup.passedOn();
        startup.received(FrontendEncoder.password("x"));

        assertThat(effects.log).containsExactly("connect as robot", "refuse 08006");
        assertThat(effects.principals).isEmpty();
    }

    @Test
    void negotiatesTheProtocolDown() {
        FrontendStartup startup = startup(true, false, false);

        startup.received(startupPacket(3, 9999, "user", "whoever", "database", "shop", "_pq_.grease", "1", "_pq_.more", ""));

        assertThat(effects.log).containsExactly("send v", "send R3");
        Buffer negotiation = effects.sent.getFirst();
        assertThat(negotiation.getInt(5)).isEqualTo(3 << 16 | 2);
        assertThat(negotiation.getInt(9)).isEqualTo(2);
        assertThat(negotiation.toString(StandardCharsets.US_ASCII)).contains("_pq_.grease\0_pq_.more\0");
    }

    @ParameterizedTest
    @CsvSource({"0, false", "1, false", "2, false", "3, true"})
    void negotiatesOnlyWhatItMust(int minor, boolean expected) {
        startup(true, false, false).received(startupPacket(3, minor, "user", "whoever", "database", "shop"));

        assertThat(effects.log.contains("send v")).isEqualTo(expected);
    }

    @Test
    void takesTheUserAsDatabaseAndSettingsFromTheList() {
        FrontendStartup startup = startup(true, false, false);

        startup.received(startupPacket(3, 2, "user", "shop", "application_name", "psql", "DateStyle", "ISO", "options", "-c statement_timeout=5s", "client_encoding", "utf-8"));
        startup.received(FrontendEncoder.password(ROBOT.text().reveal()));

        Admission admission = Objects.requireNonNull(effects.admission);
        assertThat(admission.address()).isEqualTo(new TargetRegistry.Address(SHOP, "store"));
        assertThat(admission.settings()).containsExactlyInAnyOrderEntriesOf(
                Map.of("application_name", "psql", "datestyle", "ISO", "statement_timeout", "5s", "client_encoding", "UTF8"));
        assertThat(admission.application()).isEqualTo("psql");
    }

    @Test
    void keepsTheTraceOfTheSessionForItself() {
        String trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        FrontendStartup startup = startup(true, false, false);

        startup.received(startupPacket(3, 2, "user", "shop", "options", "-c sluice.traceparent=" + trace + " -c jit=off"));
        startup.received(FrontendEncoder.password(ROBOT.text().reveal()));

        Admission admission = Objects.requireNonNull(effects.admission);
        assertThat(admission.traceparent()).isEqualTo(trace);
        assertThat(admission.settings()).containsOnlyKeys("jit", "client_encoding");
    }

    static Stream<List<String>> refusedParameters() {
        return Stream.of(
                List.of("22023", "user", "u", "database", "shop", "options", "-c sluice.traceparent=mine"),
                List.of("0A000", "user", "u", "database", "shop", "role", "postgres"),
                List.of("0A000", "user", "u", "database", "shop", "session_authorization", "postgres"),
                List.of("0A000", "user", "u", "database", "shop", "client_encoding", "LATIN1"),
                List.of("0A000", "user", "u", "database", "shop", "standard_conforming_strings", "off"),
                List.of("0A000", "user", "u", "database", "shop", "options", "-c session_preload_libraries=x"),
                List.of("0A000", "user", "u", "database", "shop", "options", "-d 5"),
                List.of("08P01", "user", "u", "database", "shop", "options", "-c"),
                List.of("08P01", "user", "u", "database", "shop", "options", "-c=x"),
                List.of("08P01", "user", "u", "database", "shop", "options", "--=x"),
                List.of("0A000", "user", "u", "database", "shop", "replication", "database"),
                List.of("0A000", "user", "u", "database", "own", "replication", "true"),
                List.of("0A000", "user", "u", "database", "own", "replication", "on"),
                List.of("28000", "database", "shop"),
                List.of("28000", "user", "", "database", "shop"));
    }

    @ParameterizedTest
    @MethodSource("refusedParameters")
    void refusesWhatIsNotOnTheList(List<String> expectedThenParameters) {
        startup(true, false, false).received(startupPacket(3, 0, expectedThenParameters.subList(1, expectedThenParameters.size()).toArray(String[]::new)));

        assertThat(effects.log).containsExactly("refuse " + expectedThenParameters.getFirst());
    }

    @Test
    void passesEverythingThroughButReplication() {
        FrontendStartup startup = startup(true, false, false);

        startup.received(startupPacket(3, 0, "user", "u", "database", "own", "role", "x", "options", "-d 5", "replication", "false", "client_encoding", "LATIN1"));

        assertThat(effects.log).containsExactly("connect as u");
        assertThat(Objects.requireNonNull(effects.admission).settings()).isEqualTo(Map.of("role", "x", "options", "-d 5", "client_encoding", "LATIN1"));
    }

    @Test
    void readsTheAnswerOnlyWhenTheServerHasAsked() {
        FrontendStartup startup = startup(true, false, false);
        Buffer answer = FrontendEncoder.saslResponse(Buffer.buffer("mine"));
        Buffer query = FrontendEncoder.query("select 1");

        feed(startup, startupPacket(3, 0, "user", "u", "database", "own"), answer, query);
        assertThat(effects.log).containsExactly("connect as u");
        startup.passedOn();
        assertThat(effects.log).containsExactly("connect as u", "answered mine");

        // What was sent ahead belongs to the session, in full.
        assertThat(Objects.requireNonNull(startup.established(1 << 20).next()).raw()).isEqualTo(query);
    }

    @Test
    void refusesAnotherMajorVersion() {
        startup(true, false, false).received(Buffer.buffer().appendInt(9).appendInt(2 << 16).appendByte((byte) 0));

        assertThat(effects.log).containsExactly("refuse 0A000");
    }

    @Test
    void boundsAuthenticationMessages() {
        FrontendStartup startup = startup(true, false, false);
        startup.received(startupPacket(3, 0, "user", "whoever", "database", "shop"));

        startup.received(Buffer.buffer().appendByte((byte) 'p').appendInt(65 << 10));

        assertThat(effects.log).containsExactly("send R3", "refuse 54000");
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MIN_VALUE, -1, 0, 3, 7, 10_005, Integer.MAX_VALUE})
    void refusesImpossibleLengthsAtOnce(int length) {
        startup(true, false, false).received(Buffer.buffer().appendInt(length));

        assertThat(effects.log).containsExactly("refuse 08P01");
    }

    private FrontendStartup startup(boolean loopback, boolean tls, boolean tlsRequired) {
        return new FrontendStartup(new FrontendChannel(loopback, tls, tlsRequired), admissions(), checks(), 64 << 10, effects);
    }

    private Refusal refusal() {
        return Objects.requireNonNull(effects.refusal);
    }

    private Buffer scramChallenge(FrontendStartup startup, String user) {
        startup.received(FrontendEncoder.saslInitialResponse("SCRAM-SHA-256", Buffer.buffer("n,,n=" + user + ",r=clientnonce")));
        Buffer sent = effects.sent.getLast();
        return sent.getBuffer(9, sent.length());
    }

    private static String nonce(Buffer challenge) {
        return challenge.toString(StandardCharsets.UTF_8).substring(2).split(",", 2)[0];
    }

    private void proveByScram(FrontendStartup startup, Secret token) {
        try {
            ScramClient scram = new ScramClient(null, false, "clientnonce");
            startup.received(FrontendEncoder.saslInitialResponse("SCRAM-SHA-256", Buffer.buffer(scram.first())));
            Buffer sent = effects.sent.getLast();
            ScramClient.Challenge challenge = scram.challenge(sent.getString(9, sent.length()));
            startup.received(FrontendEncoder.saslResponse(Buffer.buffer(scram.last(challenge, ScramKeys.derive(token, challenge.salt(), challenge.iterations())))));
            Buffer last = effects.sent.getLast();
            scram.verify(last.getString(9, last.length()));
        } catch (dev.sluice.gateway.identity.ScramFailure e) {
            throw new AssertionError(e);
        }
    }

    private static void feed(FrontendStartup startup, Buffer... parts) {
        Buffer all = Buffer.buffer();
        for (Buffer part : parts) {
            all.appendBuffer(part);
        }
        startup.received(all);
    }

    static Buffer startupPacket(int major, int minor, String... namesAndValues) {
        Map<String, String> parameters = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            parameters.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return FrontendEncoder.startup(major, minor, parameters);
    }

    static AdmissionReader admissions() {
        return new AdmissionReader(new TargetRegistry(new ArrayList<>(List.of(SHOP, OWN))));
    }

    static CallerChecks checks() {
        SecureRandom random = new SecureRandom();
        AgentTokens tokens = new AgentTokens(List.of(ROBOT.stored(), LATE.stored()));
        return new CallerChecks(() -> tokens, _ -> new CompletableFuture<>(), InstantSource.fixed(NOW), random, new CallerChecks.MockVerifiers(random));
    }
}

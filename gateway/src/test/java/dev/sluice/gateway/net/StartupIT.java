// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.gateway.config.HoldManner;
import dev.sluice.gateway.config.Secret;
import dev.sluice.gateway.identity.AgentTokens;
import dev.sluice.schemas.Principal;
import dev.sluice.schemas.identity.TokenResult;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The way into a session, with a real server, a real driver and real TLS. */
class StartupIT {
    private static final String IDENTITY_TOKEN = "eyJ.genuine.token";
    private static final Principal ALICE = new Principal("alice", "https://issuer.example", Principal.Method.OIDC, Set.of("analysts"), null);

    private static @TempDir Path directory;
    private static Vertx vertx;
    private static TestServer server;
    private static TestCertificate serverCertificate;
    private static TestCertificate gatewayCertificate;
    private static TestCertificate clientCertificate;
    private static AgentTokens.Created agent;

    private TestGateway gateway;

    @BeforeAll
    static void startServer() throws Exception {
        vertx = Vertx.vertx();
        serverCertificate = TestCertificate.create(directory, "localhost", "dns:localhost");
        gatewayCertificate = TestCertificate.create(directory, "gateway", "dns:localhost,ip:127.0.0.1");
        clientCertificate = TestCertificate.create(directory, "certified", "");
        server = TestServer.start(serverCertificate, clientCertificate);
        agent = AgentTokens.create("robot", Set.of("agents"), "alice", null, new SecureRandom());
    }

    @AfterAll
    static void stopServer() throws Exception {
        TestGateway.await(vertx.close());
        server.close();
    }

    @BeforeEach
    void startGateway() throws Exception {
        AgentTokens tokens = new AgentTokens(List.of(agent.stored()));
        CallerChecks checks = CallerChecks.of(() -> tokens, token -> CompletableFuture.completedFuture(token.equals(IDENTITY_TOKEN)
                ? new TokenResult.Verified(ALICE, Instant.now().plusSeconds(60))
                : new TokenResult.Rejected("not signed by the issuer")));
        List<TargetSettings> targets = new ArrayList<>();
        for (String role : List.of("trusting", "scrammed", "hashed", "plain", "expired")) {
            targets.add(stored(role, role, TestServer.PASSWORD, UpstreamTls.DISABLED, "127.0.0.1"));
        }
        targets.add(stored("mistaken", "scrammed", "wrong", UpstreamTls.DISABLED, "127.0.0.1"));
        targets.add(stored("bound", "bound", TestServer.PASSWORD, new UpstreamTls(UpstreamTls.Mode.REQUIRE, null, null), "127.0.0.1"));
        targets.add(stored("certified", "certified", null, new UpstreamTls(UpstreamTls.Mode.REQUIRE, null, clientCertificate.files()), "127.0.0.1"));
        targets.add(stored("uncertified", "certified", TestServer.PASSWORD, new UpstreamTls(UpstreamTls.Mode.REQUIRE, null, null), "127.0.0.1"));
        targets.add(stored("misissued", "certified", null, new UpstreamTls(UpstreamTls.Mode.REQUIRE, null, serverCertificate.files()), "127.0.0.1"));
        targets.add(stored("clear", "bound", TestServer.PASSWORD, UpstreamTls.DISABLED, "127.0.0.1"));
        targets.add(stored("prefer", "trusting", null, new UpstreamTls(UpstreamTls.Mode.PREFER, null, null), "127.0.0.1"));
        targets.add(stored("ca", "trusting", null, new UpstreamTls(UpstreamTls.Mode.VERIFY_CA, serverCertificate.certificate(), null), "127.0.0.1"));
        targets.add(stored("wrongca", "trusting", null, new UpstreamTls(UpstreamTls.Mode.VERIFY_CA, gatewayCertificate.certificate(), null), "127.0.0.1"));
        targets.add(stored("wrongname", "trusting", null, new UpstreamTls(UpstreamTls.Mode.VERIFY_FULL, serverCertificate.certificate(), null), "127.0.0.1"));
        targets.add(stored("full", "trusting", null, new UpstreamTls(UpstreamTls.Mode.VERIFY_FULL, serverCertificate.certificate(), null), "localhost"));
        targets.add(new TargetSettings("nowhere", "127.0.0.1", 1, "shop", new TargetCredential.Stored("trusting", null)));
        targets.add(new TargetSettings("*", "127.0.0.1", server.port(), null, new TargetCredential.Passthrough()));
        targets.add(new TargetSettings("securely", "127.0.0.1", server.port(), "shop", new UpstreamTls(UpstreamTls.Mode.REQUIRE, null, null), new TargetCredential.Passthrough(), HoldManner.UNSAID, Duration.ofSeconds(5)));
        gateway = new TestGateway(vertx, ListenerSettings.DEFAULTS.withAddress("127.0.0.1", 0).withTls(gatewayCertificate.files(), false), checks, targets);
    }

    @AfterEach
    void stopGateway() throws Exception {
        gateway.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"trusting", "scrammed", "hashed", "plain", "bound", "certified", "prefer", "ca", "full"})
    void logsInForAnAgentWithTheTargetsCredential(String target) throws Exception {
        try (Connection connection = gateway.connect(target, "robot", agent.text().reveal())) {
            EstablishedSession session = gateway.relay.next();

            assertThat(one(connection, "select current_user || ' ' || current_database()")).isEqualTo(session.role() + " shop");
            assertThat(session.principal()).isEqualTo(new Principal("robot", "sluice:agent-tokens", Principal.Method.AGENT_TOKEN, Set.of("agents"), "alice"));
            assertThat(session.target()).isEqualTo(target);
            assertThat(session.parameterStatus()).containsEntry("client_encoding", "UTF8");
            assertThat(session.toString()).doesNotContain(TestServer.PASSWORD);
        }
    }

    @Test
    void bindsTheChannelWhereTheServerOffersIt() throws Exception {
        try (Connection connection = gateway.connect("bound", "robot", agent.text().reveal())) {
            assertThat(one(connection, "select ssl from pg_stat_ssl where pid = pg_backend_pid()")).isEqualTo("t");
        }
    }

    @ParameterizedTest
    @CsvSource({"disable, false", "require, true"})
    void provesAnIdentityTokenByPassword(String sslMode, boolean encrypted) throws Exception {
        try (Connection connection = gateway.connect("scrammed", "whoever", IDENTITY_TOKEN, "sslmode", sslMode)) {
            EstablishedSession session = gateway.relay.next();

            assertThat(one(connection, "select current_user")).isEqualTo("scrammed");
            assertThat(session.principal()).isEqualTo(ALICE);
            assertThat(session.requestedUser()).isEqualTo("whoever");
            assertThat(session.encrypted()).isEqualTo(encrypted);
        }
    }

    @Test
    void takesAnAgentTokenAsCleartextUnderAnyUserName() throws Exception {
        try (Connection _ = gateway.connect("scrammed", "whoever", agent.text().reveal())) {
            assertThat(gateway.relay.next().principal().subject()).isEqualTo("robot");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"trusting", "scrammed", "hashed", "plain"})
    void relaysTheClientsOwnLogin(String role) throws Exception {
        try (Connection connection = gateway.connect("shop", role, TestServer.PASSWORD)) {
            EstablishedSession session = gateway.relay.next();

            assertThat(one(connection, "select current_user || ' ' || current_database()")).isEqualTo(role + " shop");
            assertThat(session.principal()).isEqualTo(new Principal(role, "postgresql:*", Principal.Method.DATABASE, Set.of(), null));
            assertThat(session.passthrough()).isTrue();
        }
    }

    @Test
    void relaysScramBetweenPlainClientAndServerWithTls() throws Exception {
        try (Connection connection = gateway.connect("securely", "bound", TestServer.PASSWORD)) {
            assertThat(one(connection, "select current_user")).isEqualTo("bound");
        }
    }

    @Test
    void saysWhyChannelBindingCannotBeRelayed() {
        assertThatThrownBy(() -> gateway.connect("securely", "bound", TestServer.PASSWORD, "sslmode", "require"))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("channel binding cannot be relayed");
    }

    @Test
    void opensDirectTls() throws Exception {
        try (Connection connection = gateway.connect("scrammed", "robot", agent.text().reveal(), "sslmode", "require", "sslNegotiation", "direct")) {
            assertThat(one(connection, "select 1")).isEqualTo("1");
            assertThat(gateway.relay.next().encrypted()).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "scrammed, robot,   wrong,  28P01",
        "scrammed, whoever, forged, 28P01",
        "mistaken, robot,   '',     08001",
        "nowhere,  robot,   '',     08001",
        "wrongca,  robot,   '',     08001",
        "wrongname,robot,   '',     08001",
        "uncertified, robot, '',    08001",
        "misissued, robot,  '',     08001",
        "clear,    robot,   '',     08001",
        "shop,     scrammed,wrong,  28P01",
        "shop,     expired, 'correct horse', 28P01",
        "expired,  robot,   '',     08001",
        "scrammed/absent, robot, '', 3D000"
    })
    void refusesWithTheCodeOfTheReason(String database, String user, String password, String sqlState) throws Exception {
        String given = password.isEmpty() ? agent.text().reveal() : password;

        assertThatThrownBy(() -> gateway.connect(database, user, given))
                .isInstanceOfSatisfying(SQLException.class, e -> {
                    assertThat(e.getSQLState()).isEqualTo(sqlState);
                    assertThat(e.getMessage()).doesNotContain(TestServer.PASSWORD).doesNotContain("pg_hba.conf entry");
                });

        assertThat(gateway.refused().sqlState()).isEqualTo(sqlState);
        assertThat(gateway.relay.none()).isTrue();
    }

    @Test
    void bindsTheChannelToAnAgentThatWantsIt() throws Exception {
        try (Connection connection = gateway.connect("scrammed", "robot", agent.text().reveal(), "sslmode", "require", "channelBinding", "require")) {
            assertThat(one(connection, "select 1")).isEqualTo("1");
        }
    }

    @Test
    @Timeout(20)
    void serverAndGatewayLeaveNothingBehind() throws Exception {
        gateway.connect("scrammed", "robot", agent.text().reveal()).close();
        EstablishedSession session = gateway.relay.next();

        String alive = "select count(*) from pg_stat_activity where pid = " + session.backendProcessId();
        while (!server.ask(alive).equals("0") || gateway.listener.connections() > 0 || gateway.cancels.size() > 0) {
            Thread.onSpinWait();
        }
    }

    @Test
    void cancelsWhatTheSessionRuns() throws Exception {
        try (Connection connection = gateway.connect("scrammed", "robot", agent.text().reveal()); Statement statement = connection.createStatement()) {
            gateway.relay.next();
            statement.setQueryTimeout(1);
            assertThatThrownBy(() -> statement.execute("select pg_sleep(30)"))
                    .isInstanceOfSatisfying(SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("57014"));
        }
    }

    private static TargetSettings stored(String name, String role, @Nullable String password, UpstreamTls tls, String host) {
        return new TargetSettings(name, host, server.port(), "shop", tls,
                new TargetCredential.Stored(role, password == null ? null : new Secret(password)), HoldManner.UNSAID, Duration.ofSeconds(5));
    }

    private static String one(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement(); ResultSet rows = statement.executeQuery(sql)) {
            assertThat(rows.next()).isTrue();
            return rows.getString(1);
        }
    }
}

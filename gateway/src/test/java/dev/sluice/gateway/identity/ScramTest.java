// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.gateway.config.Secret;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScramTest {
    /** The example of RFC 7677, section 3. PostgreSQL leaves the user name out, so the client's first message differs and with it the proofs. */
    private static final byte[] RFC_SALT = Base64.getDecoder().decode("W22ZaJ0SNY7soEsUEjb6gQ==");
    private static final Secret PENCIL = new Secret("pencil");
    private static final byte[] BINDING = "hash of a certificate".getBytes(StandardCharsets.US_ASCII);

    @Test
    void serverAgreesWithTheExampleOfRfc7677() throws Exception {
        ScramServer server = new ScramServer(ScramVerifier.of(PENCIL, RFC_SALT, 4096), true, false, null, "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0");

        String challenge = server.first("n,,n=user,r=rOprNGfwEbeRWgbNEkqO");
        String end = server.last("c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=");

        assertThat(challenge).isEqualTo("r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096");
        assertThat(end).isEqualTo("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=");
    }

    @Test
    void derivesTheKeysOfTheExampleOfRfc7677() {
        ScramVerifier verifier = ScramVerifier.of(PENCIL, RFC_SALT, 4096);

        assertThat(verifier.format()).isEqualTo("SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=");
        assertThat(ScramVerifier.parse(verifier.format()).format()).isEqualTo(verifier.format());
    }

    @Test
    void clientAndServerProveEachOther() throws Exception {
        assertThat(exchange(new ScramClient(null, false, "clientnonce"), server("pencil", true, false, null), PENCIL)).isTrue();
        assertThat(exchange(new ScramClient(BINDING, true, "clientnonce"), server("pencil", true, true, BINDING), PENCIL)).isTrue();
        assertThat(exchange(new ScramClient(null, true, "clientnonce"), server("pencil", true, false, null), PENCIL)).isTrue();
    }

    @Test
    void refusesAnotherPassword() {
        assertNotProven(new ScramClient(null, false, "clientnonce"), server("pencil", true, false, null), new Secret("pen"));
    }

    @Test
    void refusesAMadeUpUserEvenWithTheRightProof() {
        assertNotProven(new ScramClient(null, false, "clientnonce"), server("pencil", false, false, null), PENCIL);
    }

    @Test
    void refusesAnotherCertificate() {
        assertNotProven(new ScramClient("another certificate".getBytes(StandardCharsets.US_ASCII), true, "clientnonce"), server("pencil", true, true, BINDING), PENCIL);
    }

    @Test
    void noticesThatItsOfferOfChannelBindingWasTakenAway() {
        assertNotProven(new ScramClient(null, true, "clientnonce"), server("pencil", true, false, BINDING), PENCIL);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "n", "n,", "n,,", "n,,n=", "n,,r=abc", "n,,n=,r=", "n,,n=,r=a b", "n,,m=x,n=,r=abc", "n,a=admin,n=,r=abc", "x,,n=,r=abc",
        "p=tls-unique,,n=,r=abc", "p=tls-server-end-point,,n=,r=abc", "n,,n=,r=abc,m=x"
    })
    void refusesMalformedFirstMessages(String first) {
        assertThatThrownBy(() -> server("pencil", true, false, null).first(first))
                .isInstanceOfSatisfying(ScramFailure.class, failure -> assertThat(failure.kind()).isEqualTo(ScramFailure.Kind.MALFORMED));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "c=biws", "c=biws,r=abcservernonce", "c=biws,r=abcservernonce,p=", "c=biws,r=abcservernonce,p=AAAA", "c=biws,r=abc,p=AAAA",
        "c=!!,r=abcservernonce,p=AAAA", "r=abcservernonce,c=biws,p=AAAA", "c=biws,r=abcservernonce,m=1,p=AAAA", "c=biws,r=abcservernonce,p=AAAA,x=y"
    })
    void refusesMalformedFinalMessages(String last) throws Exception {
        ScramServer server = server("pencil", true, false, null);
        server.first("n,,n=,r=abc");

        assertThatThrownBy(() -> server.last(last)).isInstanceOf(ScramFailure.class);
    }

    @Test
    void takesEachMessageOnceAndInOrder() throws Exception {
        ScramServer server = server("pencil", true, false, null);

        assertThatThrownBy(() -> server.last("c=biws,r=x,p=AAAA")).isInstanceOf(IllegalStateException.class);
        server.first("n,,n=,r=abc");
        assertThatThrownBy(() -> server.first("n,,n=,r=abc")).isInstanceOf(IllegalStateException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "r=clientnonceX,s=AAAA,i=0", "r=clientnonceX,s=AAAA,i=-1", "r=clientnonceX,s=AAAA,i=1000001", "r=clientnonceX,s=AAAA,i=99999999999",
        "r=clientnonceX,s=AAAA,i=4096x", "r=clientnonceX,s=,i=4096", "r=clientnonceX,i=4096", "r=clientnonce,s=AAAA,i=4096", "r=othernonce,s=AAAA,i=4096",
        "r=clientnonceX,s=*,i=4096", "m=x,r=clientnonceX,s=AAAA,i=4096", ""
    })
    void clientBoundsWhatAServerMayAsk(String serverFirst) {
        assertThatThrownBy(() -> new ScramClient(null, false, "clientnonce").challenge(serverFirst)).isInstanceOf(ScramFailure.class);
    }

    @Test
    void clientRefusesEndlessNoncesAndSalts() {
        ScramClient client = new ScramClient(null, false, "clientnonce");

        assertThatThrownBy(() -> client.challenge("r=clientnonce" + "x".repeat(300) + ",s=AAAA,i=4096")).isInstanceOf(ScramFailure.class);
        assertThatThrownBy(() -> client.challenge("r=clientnonceX,s=" + "AAAA".repeat(400) + ",i=4096")).isInstanceOf(ScramFailure.class);
        assertThatThrownBy(() -> client.challenge("r=clientnonceX,s=" + "AAAA".repeat(40_000) + ",i=4096")).isInstanceOf(ScramFailure.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"v=AAAA", "e=other-error", "", "v=", "x=y"})
    void clientRefusesAServerThatDoesNotProveItself(String serverFinal) throws Exception {
        ScramClient client = new ScramClient(null, false, "clientnonce");
        ScramClient.Challenge challenge = client.challenge("r=clientnonceX,s=AAAA,i=1");
        client.last(challenge, ScramKeys.derive(PENCIL, challenge.salt(), 1));

        assertThatThrownBy(() -> client.verify(serverFinal)).isInstanceOf(ScramFailure.class);
    }

    @Test
    void clientRefusesASignatureBeforeItsProof() {
        assertThatThrownBy(() -> new ScramClient(null, false, "clientnonce").verify("v=AAAA")).isInstanceOf(ScramFailure.class);
    }

    @Test
    void madeUpVerifiersLookAlikeAndStayTheSame() {
        byte[] secret = new byte[32];
        ScramVerifier mock = ScramVerifier.mock(secret, "nobody".getBytes(StandardCharsets.UTF_8));

        assertThat(mock.salt()).hasSize(AgentTokens.SALT_BYTES).isEqualTo(ScramVerifier.mock(secret, "nobody".getBytes(StandardCharsets.UTF_8)).salt());
        assertThat(mock.salt()).isNotEqualTo(ScramVerifier.mock(secret, "somebody".getBytes(StandardCharsets.UTF_8)).salt());
        assertThat(mock.iterations()).isEqualTo(AgentTokens.ITERATIONS);
    }

    @Test
    void usesTheRawPasswordWhereSaslprepForbidsIt() {
        assertThat(ScramVerifier.of(new Secret("\u0001control"), RFC_SALT, 1).format()).startsWith("SCRAM-SHA-256$1:");
        assertThat(ScramVerifier.of(new Secret(""), RFC_SALT, 1).format()).startsWith("SCRAM-SHA-256$1:");
        // SASLprep makes a soft hyphen vanish and a no-break space a space.
        assertThat(ScramVerifier.of(new Secret("I\u00adX\u00a0Y"), RFC_SALT, 1).format()).isEqualTo(ScramVerifier.of(new Secret("IX Y"), RFC_SALT, 1).format());
    }

    @Test
    void nothingOfItPrints() {
        assertThat(ScramVerifier.of(PENCIL, RFC_SALT, 1).toString()).isEqualTo("ScramVerifier[***]");
        assertThat(ScramKeys.derive(PENCIL, RFC_SALT, 1).toString()).isEqualTo("ScramKeys[***]");
    }

    @Test
    void answersMd5AsTheServerComputesIt() {
        // Expected values by another implementation (Python's hashlib).
        assertThat(Md5Password.respond("hashed", new Secret("correct horse"), new byte[] {1, 2, 3, 4})).isEqualTo("md5f7e23ccd20ba2f41894ef31704513892");
        assertThat(Md5Password.respond("user", new Secret("password"), new byte[] {0x2a, 0x3d, (byte) 0x8f, (byte) 0xe0})).isEqualTo("md552c2841c6f95b929d2378d408e5ee147");
    }

    private static ScramServer server(String password, boolean genuine, boolean plus, byte[] binding) {
        return new ScramServer(ScramVerifier.of(new Secret(password), RFC_SALT, 64), genuine, plus, binding, "servernonce");
    }

    private static boolean exchange(ScramClient client, ScramServer server, Secret password) throws ScramFailure {
        ScramClient.Challenge challenge = client.challenge(server.first(client.first()));
        client.verify(server.last(client.last(challenge, ScramKeys.derive(password, challenge.salt(), challenge.iterations()))));
        return true;
    }

    private static void assertNotProven(ScramClient client, ScramServer server, Secret password) {
        assertThatThrownBy(() -> exchange(client, server, password))
                .isInstanceOfSatisfying(ScramFailure.class, failure -> assertThat(failure.kind()).isEqualTo(ScramFailure.Kind.NOT_PROVEN));
    }
}

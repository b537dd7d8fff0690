// SPDX-License-Identifier: Apache-2.0
package dev.sluice.schemas.signature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.MACSigner;
import dev.sluice.schemas.Verdict;
import dev.sluice.schemas.event.StatementEvent.Parameter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SignatureTest {
    private static final SigningKey KEY = SigningKey.generate();
    private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
    private static final Verdict VERDICT = new Verdict("approval", "session", "statement", "digest", "alice", List.of("bob"), NOW, NOW.plusSeconds(60));
    private static final VerdictVerifier VERIFIER = new VerdictVerifier(KEY.publicKeys());

    @Test
    void aSignedVerdictIsValidUntilItsEnd() {
        String jws = new VerdictSigner(KEY).sign(VERDICT);
        assertThat(VERIFIER.verify(jws, NOW)).isEqualTo(new VerdictResult.Valid(VERDICT));
        assertThat(VERIFIER.verify(jws, NOW.plusMillis(59_999))).isInstanceOf(VerdictResult.Valid.class);
        assertInvalid(jws, NOW.plusSeconds(60), "ended at");
    }

    @Test
    void whatIsVerifiedAheadHasTheSameAnswerOnceAndAgain() {
        String good = new VerdictSigner(KEY).sign(VERDICT);
        String foreign = new VerdictSigner(SigningKey.generate()).sign(VERDICT);
        VERIFIER.verifyAhead(good);
        VERIFIER.verifyAhead(foreign);
        for (int time = 0; time < 2; time++) {
            assertThat(VERIFIER.verify(good, NOW)).isEqualTo(new VerdictResult.Valid(VERDICT));
            assertInvalid(good, NOW.plusSeconds(60), "ended at");
            assertInvalid(foreign, NOW, "key is not known");
        }
    }

    @Test
    void anotherKeyGrantsNothing() {
        assertInvalid(new VerdictSigner(SigningKey.generate()).sign(VERDICT), NOW, "key is not known");
    }

    @Test
    void anyChangedCharacterGrantsNothing() {
        String jws = new VerdictSigner(KEY).sign(VERDICT);
        for (int i = 0; i < jws.length(); i++) {
            char other = jws.charAt(i) == 'A' ? 'B' : 'A';
            String changed = jws.substring(0, i) + other + jws.substring(i + 1);
            if (i < jws.length() - 1) { // the last character carries bits that decode to nothing
                assertThat(VERIFIER.verify(changed, NOW)).as("character " + i).isInstanceOf(VerdictResult.Invalid.class);
            }
        }
    }

    @Test
    void aSignatureForAnotherPurposeGrantsNothing() {
        assertInvalid(KEY.sign("sluice-chain+jwt", Map.of("jti", "approval")), NOW, "type is not");
        assertInvalid(KEY.sign(VerdictSigner.TYPE, Map.of("jti", "approval")), NOW, "claim is missing");
    }

    @Test
    void theKeyMaterialAsSharedSecretGrantsNothing() throws Exception {
        var header = new JWSHeader.Builder(JWSAlgorithm.HS256).type(new JOSEObjectType(VerdictSigner.TYPE)).keyID(KEY.keyId()).build();
        var jws = new JWSObject(header, new Payload(Map.of("jti", "approval")));
        jws.sign(new MACSigner(KEY.publicKeys().toJson().repeat(2).getBytes(StandardCharsets.UTF_8)));
        assertInvalid(jws.serialize(), NOW, "algorithm is not EdDSA");
    }

    @Test
    void noneGrantsNothing() {
        var encoder = Base64.getUrlEncoder().withoutPadding();
        String header = encoder.encodeToString("{\"alg\":\"none\"}".getBytes(StandardCharsets.UTF_8));
        assertInvalid(header + ".e30.", NOW, "not a compact JWS");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "a.b.c", "..", "....", "\u0000"})
    void garbageGrantsNothing(String text) {
        assertInvalid(text, NOW, "not a compact JWS");
    }

    private static void assertInvalid(String jws, Instant now, String reason) {
        assertThat(VERIFIER.verify(jws, now)).isInstanceOfSatisfying(VerdictResult.Invalid.class, invalid -> assertThat(invalid.reason()).contains(reason));
    }

    @Test
    void keysAreKeptInAFileThatOnlyTheOwnerReads(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("keys/verdict.jwk");
        SigningKey made = SigningKey.loadOrCreate(file);
        SigningKey loaded = SigningKey.loadOrCreate(file);
        assertThat(loaded.keyId()).isEqualTo(made.keyId());
        assertThat(new VerdictVerifier(made.publicKeys()).verify(new VerdictSigner(loaded).sign(VERDICT), NOW)).isInstanceOf(VerdictResult.Valid.class);
        assertThat(Files.getPosixFilePermissions(file)).hasSize(2);
        assertThat(folder.resolve("keys")).isDirectoryContaining(path -> path.equals(file));
        assertThat(made.toString()).contains("***");
        Files.writeString(file, "{}");
        assertThatThrownBy(() -> SigningKey.loadOrCreate(file)).isInstanceOf(IOException.class).hasMessageContaining("verdict.jwk");
    }

    @Test
    void publishedKeysHaveNoSecretAndComeBack() {
        SigningKey other = SigningKey.generate();
        TrustedKeys both = KEY.publicKeys().and(other.publicKeys());
        assertThat(both.toJson()).doesNotContain("\"d\"");
        TrustedKeys read = TrustedKeys.parse(both.toJson());
        assertThat(new VerdictVerifier(read).verify(new VerdictSigner(other).sign(VERDICT), NOW)).isInstanceOf(VerdictResult.Valid.class);
        assertThatThrownBy(() -> TrustedKeys.parse("{\"keys\":[{\"kty\":\"oct\",\"k\":\"AAAA\"}]}")).isInstanceOf(IllegalArgumentException.class);
    }

    /** RFC 8037, appendix A: the raw bytes of a JWK are the platform's point. */
    @Test
    void verifiesTheExampleOfRfc8037() {
        TrustedKeys keys = TrustedKeys.parse("{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}");
        assertThat(keys.toJson()).contains("kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
    }

    @Test
    void aDigestIsForOneStatementOnly() {
        var parameter = new Parameter(23, "text", "1");
        String digest = StatementDigest.of("select $1", List.of(parameter), "app", "shop", "public", "c1");
        assertThat(digest).matches("[0-9a-f]{64}").isEqualTo(StatementDigest.of("select $1", List.of(parameter), "app", "shop", "public", "c1"));
        assertThat(List.of(
                        StatementDigest.of("select $2", List.of(parameter), "app", "shop", "public", "c1"),
                        StatementDigest.of("select $1", List.of(), "app", "shop", "public", "c1"),
                        StatementDigest.of("select $1", List.of(new Parameter(25, "text", "1")), "app", "shop", "public", "c1"),
                        StatementDigest.of("select $1", List.of(new Parameter(23, "binary", "1")), "app", "shop", "public", "c1"),
                        StatementDigest.of("select $1", List.of(new Parameter(23, "text", null)), "app", "shop", "public", "c1"),
                        StatementDigest.of("select $1", List.of(new Parameter(23, "text", "")), "app", "shop", "public", "c1"),
                        StatementDigest.of("select $1", List.of(parameter), "ap", "pshop", "public", "c1"),
                        StatementDigest.of("select $1", List.of(parameter), "app", "shop", "publi", "cc1"),
                        StatementDigest.of("select $1", List.of(parameter), "app", "shop", "public"),
                        StatementDigest.of("select $1", List.of(parameter), "app", "shop", "public", "c1", "")))
                .doesNotHaveDuplicates()
                .doesNotContain(digest);
    }
}

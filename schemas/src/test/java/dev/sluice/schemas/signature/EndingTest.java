// SPDX-License-Identifier: Apache-2.0
package dev.sluice.schemas.signature;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

final class EndingTest {
    private static final SigningKey KEY = SigningKey.generate();
    private static final Instant AT = Instant.parse("2026-01-01T12:00:00Z");
    private static final Ending REFUSED = new Ending("a", "s", "d", "no");

    @Test
    void itIsProvenByItsOwnSignatureAlone() {
        String signed = REFUSED.sign(KEY, AT);

        assertThat(REFUSED.objection(KEY.publicKeys(), signed)).isEmpty();
        assertThat(REFUSED.objection(KEY.publicKeys(), null)).contains("nobody has signed");
        assertThat(REFUSED.objection(SigningKey.generate().publicKeys(), signed)).contains("the key is not known");
        assertThat(List.of(new Ending("b", "s", "d", "no"), new Ending("a", "t", "d", "no"), new Ending("a", "s", "e", "no"), new Ending("a", "s", "d", "yes"),
                        new Ending("a", "s", "d", null)))
                .allSatisfy(other -> assertThat(other.objection(KEY.publicKeys(), signed)).contains("signed for another"));
        assertThat(REFUSED.objection(KEY.publicKeys(), new Ending("a", "s", "d", null).sign(KEY, AT))).contains("signed for another");
    }

    @Test
    void aGrantIsNoRefusalAndARefusalIsNoGrant() {
        String refusal = REFUSED.sign(KEY, AT);
        String grant = new VerdictSigner(KEY).sign(new dev.sluice.schemas.Verdict("a", "s", "st", "d", "r", List.of("p"), AT, AT.plusSeconds(60)));

        assertThat(new VerdictVerifier(KEY.publicKeys()).verify(refusal, AT)).isInstanceOf(VerdictResult.Invalid.class);
        assertThat(REFUSED.objection(KEY.publicKeys(), grant)).contains("the type is not");
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.schemas.event.StatementEvent;
import dev.sluice.schemas.event.StatementEvent.Facts;
import dev.sluice.schemas.event.StatementEvent.Outcome;
import dev.sluice.schemas.event.StatementEvent.Parameter;
import dev.sluice.schemas.event.StatementEvent.Parts;
import dev.sluice.schemas.event.StatementEvent.Protocol;
import dev.sluice.schemas.event.StatementEvent.StatementDecided;
import dev.sluice.schemas.event.StatementEvent.StatementParted;
import dev.sluice.schemas.signature.StatementDigest;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PartsProofTest {
    private static final StatementParted FIRST = new StatementParted("s-1", null, 0, "select ");
    private static final StatementParted SECOND = new StatementParted("s-1", null, 1, "'ü'");
    private static final StatementParted VALUE = new StatementParted("s-1", 0L, 0, "value");

    private static StatementDecided decided() {
        String digest = StatementDigest.ofText("select 'ü'");
        return new StatementDecided("s-1", Protocol.SIMPLE, "", digest, List.of(new Parameter(25, "text", null, new Parts(1, 5, StatementDigest.ofText("value")))),
                new Facts(List.of(), List.of(), List.of(), List.of(), true, true), Outcome.ALLOW, "r", null, true, List.of(), "1", "I", new Parts(2, 11, digest), null, null, null, null);
    }

    private static List<String> problems(StatementEvent... events) {
        var proof = new PartsProof();
        return java.util.Arrays.stream(events).map(proof::problem).filter(java.util.Objects::nonNull).toList();
    }

    @Test
    void wholeTextsAreProven() {
        assertThat(problems(FIRST, SECOND, VALUE, decided())).isEmpty();
    }

    @Test
    void aPartThatIsMissingAddedChangedOrMovedIsNamed() {
        assertThat(problems(FIRST, VALUE, decided())).containsExactly("the query of statement s-1 is not the whole that its decision names");
        assertThat(problems(FIRST, SECOND, decided())).containsExactly("parameter 1 of statement s-1 is not the whole that its decision names");
        assertThat(problems(SECOND, FIRST, VALUE, decided())).hasSize(1);
        assertThat(problems(FIRST, new StatementParted("s-1", null, 1, "'u'"), VALUE, decided())).hasSize(1);
        assertThat(problems(FIRST, SECOND, VALUE, new StatementParted("s-1", 7L, 0, "x"), decided()))
                .containsExactly("there are parts of statement s-1 that its decision does not name");
    }

    @Test
    void partsWithoutADecisionAreNamed() {
        assertThat(problems(FIRST, new StatementParted("s-2", null, 0, "x"))).containsExactly("parts of statement s-1 are there, but not its decision");
    }
}

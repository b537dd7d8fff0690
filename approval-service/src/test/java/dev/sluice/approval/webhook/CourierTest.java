// SPDX-License-Identifier: Apache-2.0
package dev.sluice.approval.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.approval.fixture.Holds;
import dev.sluice.approval.fixture.SettableClock;
import dev.sluice.approval.webhook.Postman.Attempt;
import dev.sluice.schemas.event.WebhookEvent.WebhookDelivered;
import dev.sluice.schemas.event.WebhookEvent.WebhookFailed;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class CourierTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Attempt.Failed TROUBLE = new Attempt.Failed("it answered with status 503", false, null);

    private final SettableClock clock = new SettableClock();
    private final WebhookWorld world = new WebhookWorld(clock);

    @Test
    void tellsOnceThatItIsAskedAndOnceThatItIsClosed() {
        world.ask("a1");
        world.tick();
        world.tick();
        world.withdraw("a1");
        world.tick();
        world.tick();

        assertThat(world.got).hasSize(2);
        assertThat(world.got.getFirst().body()).contains("\"type\":\"approval.requested\"", "\"link\":\"https://console.example/approvals/a1\"");
        assertThat(world.got.getLast().body()).contains("\"type\":\"approval.closed\"", "\"status\":\"withdrawn\"");
        assertThat(world.got.getFirst().headers()).containsKeys("webhook-id", "webhook-timestamp", "webhook-signature");
        assertThat(world.got.getFirst().headers().get("webhook-id")).isNotEqualTo(world.got.getLast().headers().get("webhook-id"));
        assertThat(world.outcomes()).hasSize(2).allMatch(WebhookDelivered.class::isInstance);
    }

    @Test
    void triesAgainLaterAndLaterUnderTheSameId() {
        IntStream.range(0, 4).forEach(_ -> world.answers.add(TROUBLE));
        world.ask("a1");
        world.tick();
        assertThat(world.got).hasSize(1);
        world.pass(Duration.ofSeconds(2), Duration.ofSeconds(1));
        assertThat(world.got).as("not before half of 5 s").hasSize(1);
        world.pass(Duration.ofMinutes(3), Duration.ofSeconds(1));

        assertThat(world.got).hasSize(5);
        assertThat(world.got.stream().map(got -> got.headers().get("webhook-id")).distinct()).hasSize(1);
        assertThat(world.outcomes().stream().filter(WebhookFailed.class::isInstance).map(outcome -> ((WebhookFailed) outcome).attempt())).containsExactly(1, 2, 3, 4);
        assertThat(world.outcomes().getLast()).isInstanceOf(WebhookDelivered.class);
    }

    @Test
    void waitsAsLongAsTheReceiverAsks() {
        world.answers.add(new Attempt.Failed("it answered with status 429", false, Duration.ofMinutes(10)));
        world.ask("a1");
        world.tick();
        world.pass(Duration.ofMinutes(9), MINUTE);
        assertThat(world.got).hasSize(1);
        world.pass(Duration.ofMinutes(2), MINUTE);
        assertThat(world.got).hasSize(2);
    }

    @Test
    void aRestartLosesNone() {
        IntStream.range(0, 2).forEach(_ -> world.answers.add(TROUBLE));
        world.ask("a1");
        world.tick();
        world.ask("a2");
        world.restart();
        world.tick();
        world.restart();
        world.pass(Duration.ofMinutes(1), Duration.ofSeconds(1));
        world.restart();
        world.pass(Duration.ofMinutes(1), Duration.ofSeconds(1));

        assertThat(world.outcomes().stream().filter(WebhookDelivered.class::isInstance).map(outcome -> outcome.approvalId())).containsExactlyInAnyOrder("a1", "a2");
    }

    @Test
    void whatTheLogDoesNotKnowIsToldAgain() {
        world.outcomesAreLost = true;
        world.ask("a1");
        world.tick();
        world.outcomesAreLost = false;
        world.tick();
        world.tick();

        assertThat(world.got).hasSize(2);
        assertThat(world.outcomes()).hasSize(1);
    }

    @Test
    void givesUpAfterADayAndTakesItUpAgainWhenAsked() {
        IntStream.range(0, 200).forEach(_ -> world.answers.add(TROUBLE));
        world.ask("a1");
        world.pass(Duration.ofHours(25), MINUTE);

        assertThat(world.got).as("attempts of a day").hasSizeBetween(20, 60);
        var dead = world.deliveries.deadLetters();
        assertThat(dead).hasSize(1);
        assertThat(dead.getFirst().trouble()).contains("503");

        world.restart();
        assertThat(world.deliveries.deadLetters()).hasSize(1);
        world.answers.clear();
        world.courier.requeue(world.deliveries.deadLetter(dead.getFirst().id()), Holds.person("erin", "admins"));
        world.tick();
        assertThat(world.outcomes().getLast()).isInstanceOf(WebhookDelivered.class);
        assertThat(world.deliveries.deadLetters()).isEmpty();
    }

    @Test
    void aReceiverThatIsGoneIsAskedNoMore() {
        world.giveUp("a1");
        world.pass(Duration.ofHours(2), MINUTE);

        assertThat(world.got).hasSize(1);
        assertThat(world.deliveries.deadLetters()).hasSize(1);
    }

    @Test
    void aReceiverThatFailsAndFailsIsLeftInPeaceForAWhile() {
        IntStream.range(0, 1_000).forEach(_ -> world.answers.add(TROUBLE));
        IntStream.range(0, 50).forEach(number -> world.ask("a" + number));
        world.pass(Duration.ofSeconds(14), Duration.ofMillis(200));

        assertThat(world.got).hasSizeBetween(Breaker.FAILURES, Breaker.FAILURES + 3);
        assertThat(world.courier.health().getFirst().circuit()).isEqualTo("open");

        world.answers.clear();
        world.pass(Duration.ofMinutes(3), Duration.ofMillis(200));
        assertThat(world.courier.health().getFirst().circuit()).isEqualTo("closed");
        assertThat(world.deliveries.pending("chat")).isZero();
    }

    @Test
    void aReceiverOfTodayHearsNothingOfLastWeek() {
        world.ask("old");
        clock.advance(Duration.ofDays(3));
        world.restart();
        world.ask("new");
        world.tick();

        assertThat(world.got).hasSize(1);
        assertThat(world.got.getFirst().body()).contains("\"approvalId\":\"new\"");
        assertThat(world.deliveries.deadLetters()).isEmpty();
    }

    @Test
    void onlyTheOwnerTells() {
        world.ask("a1");
        world.courier.tick(_ -> false);
        assertThat(world.got).isEmpty();
    }
}

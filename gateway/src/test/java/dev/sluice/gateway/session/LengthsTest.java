// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.policy.Decision;
import dev.sluice.gateway.wire.FrontendMessage;
import dev.sluice.gateway.wire.SqlState;
import dev.sluice.schemas.event.DisplayLimit;
import dev.sluice.schemas.event.StatementEvent;
import dev.sluice.schemas.event.StatementEvent.Parameter;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What nobody could approve is not held. */
class LengthsTest {
    private static final Decision.Hold HOLD = new Decision.Hold("large-writes", null, List.of("dba"), 1, Duration.ofMinutes(5));
    private static final int LIMIT = (int) DisplayLimit.BYTES;

    @Test
    void whatCanBeShownWholeIsHeld() {
        Judge.Answer held = held("x".repeat(LIMIT / 2), new Parameter(25, "text", "ö".repeat(LIMIT / 4)));
        assertThat(Lengths.within(held)).isEqualTo(held);
    }

    @Test
    void whatIsAboveTheDisplayLimitIsRefusedAndToldTheLimit() {
        Judge.Answer answer = Lengths.within(held("x".repeat(LIMIT / 2), new Parameter(25, "text", "ö".repeat(LIMIT / 4) + "x")));
        assertThat(answer).isInstanceOfSatisfying(Judge.Answer.Refused.class, refused -> {
            assertThat(refused.refusal().sqlState()).isEqualTo(SqlState.PROGRAM_LIMIT_EXCEEDED);
            assertThat(refused.refusal().message()).isEqualTo("statement and parameters have 1048577 bytes, too many to be held for approval");
            assertThat(refused.refusal().detail()).isEqualTo("people can approve up to 1048576 bytes (1 MiB), which are shown to them whole; binary values count as base64");
            assertThat(refused.judged().decision()).isInstanceOfSatisfying(Decision.Deny.class, deny -> assertThat(deny.rule()).isEqualTo("large-writes"));
        });
    }

    @Test
    void whatNeedsNoApprovalMayBeLonger() {
        Judge.Answer passes = new Judge.Answer.Passes(held("x".repeat(LIMIT + 1)).judged());
        assertThat(Lengths.within(passes)).isEqualTo(passes);
    }

    private static Judge.Answer held(String sql, Parameter... parameters) {
        var reading = SessionNames.Unread.text(sql);
        var message = new FrontendMessage.Query(sql, true, Buffer.buffer());
        return new Judge.Answer.Held(
                new Judged(message, StatementEvent.Protocol.SIMPLE, Source.UNKNOWN, reading, reading, List.of(parameters), HOLD, true, "1", null), HOLD);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.statement;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceparentTest {
    private static final String TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    @ParameterizedTest
    @ValueSource(strings = {TRACE, "cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-what-the-future"})
    void whatTheRecommendationAllowsIsTaken(String text) {
        assertThat(Traceparent.isValid(text)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
                "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
                "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
                "cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01.more"
            })
    void whatItForbidsIsNot(String text) {
        assertThat(Traceparent.isValid(text)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "select 1 /*traceparent='" + TRACE + "'*/",
                "select 1 /* action='run%20it',traceparent='" + TRACE + "',tracestate='congo%3Dt61rcWkgMzE' */ ; ",
                "/*traceparent='" + TRACE + "'*/ select 1",
                "/*traceparent='00%2D4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'*/ select 1 /* why not */"
            })
    void theCommentAtEitherEndIsRead(String sql) {
        assertThat(Traceparent.ofComment(sql)).isEqualTo(TRACE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "select 'traceparent=''" + TRACE + "'''",
                "select /*traceparent='" + TRACE + "'*/ 1",
                "select 1 /*xtraceparent='" + TRACE + "'*/",
                "select 1 /*traceparent='nonsense'*/",
                "select 1 /*traceparent='%zz'*/",
                "traceparent*/"
            })
    void anythingElseIsNot(String sql) {
        assertThat(Traceparent.ofComment(sql)).isNull();
    }

    @Test
    void theEndGoesBeforeTheBeginning() {
        String other = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00";
        assertThat(Traceparent.ofComment("/*traceparent='" + other + "'*/ select 1 /*traceparent='" + TRACE + "'*/")).isEqualTo(TRACE);
    }
}

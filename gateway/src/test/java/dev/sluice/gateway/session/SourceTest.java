// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SourceTest {
    @Test
    void aTextIsCutOnceForAllItsStatements() {
        Source source = Source.of("select 1; select 2", List.of());

        assertThat(source.statement(1, 2).sql()).isEqualTo("select 2").isSameAs(source.statement(1, 2).sql());
    }

    @Test
    void aTextOfOneStatementIsTheStatement() {
        assertThat(Source.of("select 1;", List.of()).statement(0, 1).sql()).isEqualTo("select 1;");
    }
}

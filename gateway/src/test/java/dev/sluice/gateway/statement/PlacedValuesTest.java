// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.statement;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PlacedValuesTest {
    @Test
    void constantsTakeThePlacesOfParametersOnly() {
        assertThat(PlacedValues.in("DELETE FROM \"$1\" WHERE a = $2 AND b <> '$1' /* $1 */ AND c=$1", List.of("1", "'x'::text")))
                .isEqualTo("DELETE FROM \"$1\" WHERE a = ('x'::text) AND b <> '$1' /* $1 */ AND c=(1)");
    }

    @Test
    void whatComesBehindTheStatementIsLeftOut() {
        assertThat(PlacedValues.in("SELECT 1 ; -- done", List.of())).isEqualTo("SELECT 1");
    }

    @Test
    void aParameterWithoutConstantLeavesNothing() {
        assertThat(PlacedValues.in("SELECT $2", List.of("1"))).isNull();
        assertThat(PlacedValues.in("SELECT $1", Arrays.asList((String) null))).isNull();
        assertThat(PlacedValues.in("SELECT $99999999999", List.of("1"))).isNull();
    }
}

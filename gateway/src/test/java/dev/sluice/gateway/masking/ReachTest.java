// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.masking;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.catalog.Function;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a refusal offers to those who write the policy. */
final class ReachTest {
    private static String vouch(String schema) {
        return new Reach.Firing(
                        "t", new Function(20_000, schema, "f", Function.Kind.FUNCTION, List.of(), "sql", Function.Volatility.STABLE, false, false, null, "select 1", "ab"))
                .vouch();
    }

    @Test
    void offersALineOnlyForFunctionsThatOutliveTheSession() {
        assertThat(vouch("public")).isEqualTo("{function: public.f, sha256: ab}");
        assertThat(vouch("pg_temp_16")).isEmpty();
    }
}

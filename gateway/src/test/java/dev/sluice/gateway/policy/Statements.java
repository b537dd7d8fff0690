// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.policy;

import dev.sluice.gateway.statement.Effect;
import dev.sluice.gateway.statement.Reading;
import dev.sluice.gateway.statement.StatementFacts;
import dev.sluice.gateway.statement.StatementFactsBuilder;
import dev.sluice.schemas.Principal;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** Hand-made readings and subjects. */
final class Statements {
    static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

    private Statements() {}

    static StatementFactsBuilder statement(String kind, Effect... effects) {
        return new StatementFactsBuilder(kind).effect(effects);
    }

    static Reading.Understood reading(StatementFactsBuilder... statements) {
        List<StatementFacts> facts = Arrays.stream(statements).map(StatementFactsBuilder::build).toList();
        return new Reading.Understood(facts, "f" + facts.hashCode(), "");
    }

    static Subject subject(String... groups) {
        return subject(NOON, groups);
    }

    static Subject subject(Instant now, String... groups) {
        Principal principal = new Principal("ada", "https://id.example", Principal.Method.OIDC, Set.of(groups), null);
        return new Subject(principal, "shop", "shopdb", "app", "psql", "127.0.0.1", false, now, null);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.e2e.masking;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.e2e.Answers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Attacks on masked columns. Each works on PostgreSQL itself: it shows a secret, or what comes back depends on one. Through the gateway no secret
 * comes back in any form, and what comes back is the same whatever the secrets are.
 */
@ExtendWith(Vault.class)
final class AttacksE2E {
    private static final int AT_LEAST = 300;

    @ParameterizedTest
    @EnumSource
    void noAttackLearnsAnything(Release release) throws IOException, InterruptedException, SQLException {
        List<String> disagreements = Vault.shared().disagreements();
        List<Script> attacks = Script.all("attacks", release);
        List<String> problems = new ArrayList<>();
        List<String> outcomes = new ArrayList<>();
        Set<String> direct = new TreeSet<>();
        for (Script attack : attacks) {
            boolean works = false;
            for (boolean extended : attack.isRepeatable() ? new boolean[] {false, true} : new boolean[] {false}) {
                List<Answers> answers = Vault.shared().play(release, attack, false, extended);
                works |= !answers.getFirst().sameAs(answers.getLast());
                if (!Traces.found(answers.getFirst().messages()).isEmpty()) {
                    direct.add(attack.id());
                }
                through(release, attack, extended, problems, outcomes);
            }
            if (!works) {
                problems.add(attack + ": on PostgreSQL itself it learns nothing");
            }
        }
        Files.write(Path.of("target", "masking-attacks-" + release.major() + ".txt"), outcomes);
        Files.write(Path.of("target", "masking-problems-" + release.major() + ".txt"), problems);
        assertThat(problems).isEmpty();
        assertThat(Vault.shared().disagreements()).as("servers that contradicted the lineage").hasSize(2).isEqualTo(disagreements);
        assertThat(attacks).hasSizeGreaterThanOrEqualTo(AT_LEAST);
        assertThat(direct).as("attacks that show a secret itself").hasSizeGreaterThan(AT_LEAST / 2);
    }

    private void through(Release release, Script attack, boolean extended, List<String> problems, List<String> outcomes) throws IOException, SQLException {
        List<Answers> answers = Vault.shared().play(release, attack, true, extended);
        Answers one = answers.getFirst();
        Answers other = answers.getLast();
        Set<String> found = Traces.found(one.messages());
        found.addAll(Traces.found(other.messages()));
        String name = attack + (extended ? " (extended)" : "");
        if (!found.isEmpty()) {
            problems.add(name + ": shows " + found);
        }
        if (!one.sameAs(other)) {
            problems.add(name + ": depends on the secret: " + one.difference(other));
        }
        outcomes.add(name + "\t" + outcome(one));
    }

    private static String outcome(Answers answers) {
        List<String> errors = answers.messages().stream().filter(message -> message[0] == 'E').map(Answers::shown).toList();
        boolean rows = answers.messages().stream().anyMatch(message -> message[0] == 'D');
        return (rows ? "rows" : "no rows") + (errors.isEmpty() ? "" : "\t" + errors.getLast());
    }
}

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
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A masked caller does its work and notices nothing but masked cells: every other byte is PostgreSQL's own. */
@ExtendWith(Vault.class)
final class OrdinaryWorkE2E {
    private static final int AT_LEAST = 300;

    @ParameterizedTest
    @EnumSource
    void ordinaryWorkIsNotNoticed(Release release) throws IOException, InterruptedException, SQLException {
        List<String> disagreements = Vault.shared().disagreements();
        List<Script> scripts = Script.all("ordinary", release);
        List<String> problems = new ArrayList<>();
        for (Script script : scripts) {
            for (boolean extended : script.isRepeatable() ? new boolean[] {false, true} : new boolean[] {false}) {
                Answers direct = Vault.shared().play(release, script, false, extended).getFirst();
                Answers through = Vault.shared().play(release, script, true, extended).getFirst();
                String name = script + (extended ? " (extended)" : "");
                String difference = Comparison.difference(direct, through, script.masked(), script.hidden());
                if (Comparison.refused(direct, through) != script.refused()) {
                    problems.add(name + (script.refused() ? ": is not refused any more" : ": is refused: " + Comparison.errors(through)));
                } else if (difference != null && !script.refused()) {
                    problems.add(name + ": " + difference);
                }
            }
        }
        Files.write(Path.of("target", "masking-ordinary-" + release.major() + ".txt"), problems);
        assertThat(problems).isEmpty();
        assertThat(Vault.shared().disagreements()).as("servers that contradicted the lineage").hasSize(2).isEqualTo(disagreements);
        assertThat(scripts).hasSizeGreaterThanOrEqualTo(AT_LEAST);
    }
}

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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A masked caller does its work and notices nothing but masked cells: every other byte is PostgreSQL's own. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class OrdinaryWorkE2E {
    private static final int AT_LEAST = 300;

    private Vault vault;

    @BeforeAll
    void start(@TempDir Path folder) throws IOException, SQLException {
        vault = Vault.start(folder);
    }

    @AfterAll
    void stop() throws IOException {
        vault.close();
    }

    @Test
    void ordinaryWorkIsNotNoticed() throws IOException, SQLException {
        List<Script> scripts = Script.all("ordinary");
        List<String> problems = new ArrayList<>();
        for (Script script : scripts) {
            for (boolean extended : script.isRepeatable() ? new boolean[] {false, true} : new boolean[] {false}) {
                Answers direct = vault.play(script, false, extended).getFirst();
                Answers through = vault.play(script, true, extended).getFirst();
                String name = script + (extended ? " (extended)" : "");
                String difference = Comparison.difference(direct, through, script.masked());
                if (Comparison.refused(direct, through) != script.refused()) {
                    problems.add(name + (script.refused() ? ": is not refused any more" : ": is refused: " + Comparison.errors(through)));
                } else if (difference != null && !script.refused()) {
                    problems.add(name + ": " + difference);
                }
            }
        }
        Files.write(Path.of("target", "masking-ordinary.txt"), problems);
        assertThat(problems).isEmpty();
        assertThat(scripts).hasSizeGreaterThanOrEqualTo(AT_LEAST);
    }
}

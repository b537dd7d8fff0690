// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.lineage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.catalog.Catalog;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What it costs to ask for a statement's tree, and to follow it. Not part of the build: name this class to run it. */
class LineageMeasurement {
    private static final int ROUNDS = 40;
    private static final double NANOS_PER_MICRO = 1_000;

    @Test
    @SuppressWarnings("SystemOut")
    void asksForTreesAndFollowsThem() throws IOException, SQLException {
        try (EmbeddedPostgres server = ServerVersion.V18.start();
                Connection connection = server.getPostgresDatabase().getConnection();
                TreeProbe probe = new TreeProbe(server.getPort(), "postgres", "postgres")) {
            Catalog catalog = TestCatalog.of(ServerVersion.V18.major(), TestCatalog.lines(connection));
            Map<String, String> expected = Statements.expected();
            List<String> statements = Statements.since(ServerVersion.V18.major()).stream()
                    .filter(sql -> !String.valueOf(expected.get(sql)).startsWith("unresolved"))
                    .toList();
            List<List<String>> trees = new ArrayList<>();
            for (String sql : statements) {
                trees.add(probe.parse(sql).trees());
            }
            long[] without = new long[statements.size()];
            long[] with = new long[statements.size()];
            long[] followed = new long[statements.size()];
            for (int round = 0; round < ROUNDS; round++) {
                probe.printTrees(false);
                parse(probe, statements, without);
                probe.printTrees(true);
                parse(probe, statements, with);
                for (int i = 0; i < statements.size(); i++) {
                    long start = System.nanoTime();
                    assertThat(LineageResolver.resolve(trees.get(i), catalog.serverMajor(), catalog)).isInstanceOf(Lineage.Resolved.class);
                    followed[i] = fastest(followed[i], System.nanoTime() - start);
                }
            }
            int characters = trees.stream().mapToInt(texts -> texts.stream().mapToInt(String::length).sum()).sum() / statements.size();
            System.out.printf(
                    "%d statements, fastest of %d each, mean in us: Parse %.0f, Parse with its tree %.0f, to follow the tree %.0f; %d characters a tree%n",
                    statements.size(), ROUNDS, mean(without), mean(with), mean(followed), characters);
        }
    }

    private static void parse(TreeProbe probe, List<String> statements, long[] fastest) throws IOException {
        for (int i = 0; i < statements.size(); i++) {
            long start = System.nanoTime();
            probe.parse(statements.get(i));
            fastest[i] = fastest(fastest[i], System.nanoTime() - start);
        }
    }

    private static long fastest(long before, long now) {
        return before == 0 ? now : Math.min(before, now);
    }

    private static double mean(long[] nanos) {
        double sum = 0;
        for (long each : nanos) {
            sum += each;
        }
        return sum / nanos.length / NANOS_PER_MICRO;
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.lineage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.statement.ComparedConstants;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Texts that differ in the constants that they compare with are analysed alike by the server itself, these constants' values and places apart. */
class ComparedConstantsIT {
    private static final Pattern VALUES = Pattern.compile(":constvalue \\d+ \\[[^\\]]*\\]|:(location|stmt_location|stmt_len|list_start|list_end|queryId) -?\\d+");
    private static final List<List<String>> OTHERS =
            List.of(List.of("'zz 9'", "424242", "17.25"), List.of("'7'", "0", "123456789012345678901.5"), List.of("'2001-02-03'", "999999999", "0.1"), List.of("''", "1", "1.0"));

    private static final List<String> MORE = List.of(
            "select c.name, o.total from customers c join orders o on o.customer = c.id where c.ssn = '123-45-6789' and o.total > 5 order by 2, 1 limit 10 offset 3",
            "select id, 5, 'x' as word from customers where id in (1, 2, 3) and name in ('a', 'b') group by 1, 2, 3 having count(*) >= 2 order by 1",
            "select cast(name as varchar(3)), total::numeric(10,2) from customers, orders where customers.id = 5::bigint and name <> 'a' || 'b'",
            "select case when ssn = 'x' then 1 when ssn <> 'y' then 2 end from customers where id < 10 or id >= 20.5",
            "select * from (select id, ssn from customers where name != 'a' limit 5) s where s.id = (select max(id) from orders where total <= 1.5)");

    @ParameterizedTest
    @EnumSource(names = {"V15", "V18"})
    void theServerMakesOfThemTheSameTree(ServerVersion version) throws IOException, SQLException {
        List<String> different = new ArrayList<>();
        int compared = 0;
        try (EmbeddedPostgres server = version.start();
                Connection connection = server.getPostgresDatabase().getConnection();
                TreeProbe probe = new TreeProbe(server.getPort(), "postgres", "postgres")) {
            TestCatalog.of(version.major(), TestCatalog.lines(connection));
            List<String> statements = new ArrayList<>(Statements.since(version.major()));
            statements.addAll(MORE);
            for (String sql : statements) {
                String rest = ComparedConstants.without(sql);
                List<String> trees = rest == null ? null : trees(probe, sql);
                for (List<String> others : OTHERS) {
                    String other = rest == null ? sql : rest.replace("\u0001", others.get(0)).replace("\u0002", others.get(1)).replace("\u0003", others.get(2));
                    List<String> otherTrees = trees == null ? null : trees(probe, other);
                    if (otherTrees != null) {
                        compared++;
                        assertThat(ComparedConstants.without(other)).isEqualTo(rest);
                        if (!otherTrees.equals(trees)) {
                            different.add(sql + "\n" + other);
                        }
                    }
                }
            }
        }

        assertThat(different).isEmpty();
        assertThat(compared).isGreaterThan(100);
    }

    /** Null where the server objects to a value. */
    private static @Nullable List<String> trees(TreeProbe probe, String sql) throws IOException {
        try {
            return probe.parse(sql).trees().stream().map(tree -> VALUES.matcher(tree.replaceAll("\\s+", " ")).replaceAll("")).toList();
        } catch (TreeProbe.Refused refused) {
            return null;
        }
    }
}

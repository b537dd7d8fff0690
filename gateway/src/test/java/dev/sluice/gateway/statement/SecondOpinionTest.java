// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.statement;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import net.sf.jsqlparser.JSQLParserException;
import net.sf.jsqlparser.parser.CCJSqlParserUtil;
import net.sf.jsqlparser.statement.Statement;
import net.sf.jsqlparser.statement.alter.Alter;
import net.sf.jsqlparser.statement.create.index.CreateIndex;
import net.sf.jsqlparser.statement.create.table.CreateTable;
import net.sf.jsqlparser.statement.create.view.CreateView;
import net.sf.jsqlparser.statement.delete.Delete;
import net.sf.jsqlparser.statement.drop.Drop;
import net.sf.jsqlparser.statement.grant.Grant;
import net.sf.jsqlparser.statement.insert.Insert;
import net.sf.jsqlparser.statement.merge.Merge;
import net.sf.jsqlparser.statement.truncate.Truncate;
import net.sf.jsqlparser.statement.update.Update;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Another parser reads the table of statements: what it takes for a write or a change of the schema has that effect here. */
class SecondOpinionTest {
    @Test
    void agreesWithAnotherParserOnWhatChangesSomething() throws IOException {
        AtomicInteger compared = new AtomicInteger();
        StatementFactsTest.rows().map(row -> row.split(" \\| ", 3)[2]).forEach(sql -> {
            Effect expected = effect(sql);
            if (expected != null) {
                compared.incrementAndGet();
                assertThat(Readers.one(sql).effects()).as(sql).contains(expected);
            }
        });

        assertThat(compared.get()).isGreaterThan(100);
    }

    private static @Nullable Effect effect(String sql) {
        Statement statement;
        try {
            statement = CCJSqlParserUtil.parse(sql);
        } catch (JSQLParserException unreadable) {
            return null;
        }
        return switch (statement) {
            case Insert insert -> Effect.WRITE;
            case Update update -> Effect.WRITE;
            case Delete delete -> Effect.WRITE;
            case Merge merge -> Effect.WRITE;
            case Truncate truncate -> Effect.WRITE;
            case Drop drop when drop.getType().equalsIgnoreCase("role") -> Effect.PRIVILEGE;
            case Drop drop -> Effect.SCHEMA;
            case Alter alter -> Effect.SCHEMA;
            case CreateTable table -> Effect.SCHEMA;
            case CreateView view -> Effect.SCHEMA;
            case CreateIndex index -> Effect.SCHEMA;
            case Grant grant -> Effect.PRIVILEGE;
            default -> null;
        };
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.session;

import dev.sluice.gateway.statement.CopyDirection;
import dev.sluice.gateway.statement.Effect;
import dev.sluice.gateway.statement.Reading;
import dev.sluice.gateway.statement.StatementFacts;
import dev.sluice.gateway.statement.StatementFactsBuilder;
import dev.sluice.gateway.statement.TransactionControl;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Reads just enough SQL for scripts: the first words of each statement, statements parted by semicolons. */
final class PlainReader {
    private PlainReader() {}

    static Reading read(String sql) {
        if (sql.contains("!syntax")) {
            return new Reading.SyntaxError("42601", "syntax error at or near \"!\"", sql.indexOf('!') + 1, sql);
        }
        List<StatementFacts> statements =
                Arrays.stream(sql.split(";", -1)).map(String::strip).filter(text -> !text.isEmpty()).map(PlainReader::facts).toList();
        // What is in braces is a secret.
        String shown = sql.replaceAll("\\{[^}]*}", "***");
        return new Reading.Understood(statements, "template of " + sql, shown, sql, shown.equals(sql) ? 0 : 1);
    }

    private static StatementFacts facts(String text) {
        String[] words = text.split("\\s+");
        String kind = words[0].toUpperCase(Locale.ROOT);
        var facts = new StatementFactsBuilder(kind);
        switch (kind) {
            case "SELECT" -> facts.effect(Effect.READ);
            case "BEGIN" -> facts.transactionControl(TransactionControl.BEGIN);
            case "COMMIT" -> facts.transactionControl(TransactionControl.COMMIT);
            case "ROLLBACK" -> facts.transactionControl(TransactionControl.ROLLBACK);
            case "SET" -> facts.effect(Effect.SESSION).mayChangeReading();
            case "CREATE" -> facts.effect(Effect.SCHEMA);
            case "COPY" -> facts.effect(Effect.WRITE).copy(CopyDirection.IN);
            case "PREPARE" -> facts.prepares(words[1]).inner(facts(text.substring(text.indexOf(" AS ") + 4)));
            case "EXECUTE" -> facts.effect(Effect.UNKNOWN).executes(words[1]);
            case "DEALLOCATE" -> facts.deallocates(words[1].equals("ALL") ? StatementFacts.ALL : words[1]);
            case "DECLARE" -> facts.effect(Effect.READ).declaresCursor(words[1]).inner(facts(text.substring(text.indexOf(" FOR ") + 5)));
            default -> facts.effect(Effect.WRITE);
        }
        if (text.contains(" at ")) {
            facts.fetchesCursor(words[words.length - 1]);
        }
        return facts.build();
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.lineage;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The tests' resources. */
final class Statements {
    private static final int FIRST_MAJOR = 13;
    private static final int SQL_AFTER = "@13 ".length();

    private Statements() {}

    /** A statement and the first major version that has it. */
    record Written(int since, String sql) {}

    static List<Written> written() {
        return lines("statements.sql").stream().filter(line -> !line.isBlank() && !line.startsWith("--")).map(Statements::read).toList();
    }

    static List<String> since(int major) {
        return written().stream().filter(statement -> statement.since() <= major).map(Written::sql).toList();
    }

    /** The lineage of each statement as {@link LineageText} writes it: lines of a statement, each followed by its indented lineage. */
    static Map<String, String> expected() {
        Map<String, String> expected = new LinkedHashMap<>();
        List<String> lines = lines("expected-lineage.txt");
        for (int i = 0; i + 1 < lines.size(); i += 2) {
            expected.put(lines.get(i), lines.get(i + 1).strip());
        }
        return expected;
    }

    private static Written read(String line) {
        return line.startsWith("@")
                ? new Written(Integer.parseInt(line.substring(1, SQL_AFTER - 1)), line.substring(SQL_AFTER))
                : new Written(FIRST_MAJOR, line);
    }

    static List<String> lines(String resource) {
        return text(resource).lines().toList();
    }

    static String text(String resource) {
        try (InputStream stream = Objects.requireNonNull(Statements.class.getResourceAsStream(resource), resource)) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}

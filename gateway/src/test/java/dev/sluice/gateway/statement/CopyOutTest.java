// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.statement;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CopyOutTest {
    private static CopyOut read(String sql) {
        CopyOut copy = CopyOut.of(sql);
        assertThat(copy).as(sql).isNotNull();
        return copy;
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "COPY t TO STDOUT                                  | SELECT * FROM ONLY t                        | true",
        "copy binary t to stdin                            | SELECT * FROM ONLY t                        | true",
        "COPY Shop . \"T\"\"( to\" TO STDOUT;              | SELECT * FROM ONLY Shop . \"T\"\"( to\"     | true",
        "COPY a.b.c (x) TO STDOUT                          | SELECT \"x\" FROM ONLY a.b.c                | false",
        "COPY t (A, \"B\", row, straße) TO STDOUT          | SELECT \"a\", \"B\", \"row\", straße FROM ONLY t | false",
        "COPY (SELECT ')', 1) TO STDOUT (FORMAT csv)       | SELECT ')', 1                               | false",
        "COPY((SELECT a FROM (SELECT 1 a) s)) TO STDOUT    | (SELECT a FROM (SELECT 1 a) s)              | false",
        "COPY /* ( */ ( DELETE FROM t RETURNING * ) TO STDOUT | DELETE FROM t RETURNING *                | false",
    })
    void findsTheQuery(String sql, String query, boolean everyColumn) {
        CopyOut copy = read(sql);
        assertThat(copy.query().strip()).isEqualTo(query.strip());
        assertThat(copy.everyColumn()).isEqualTo(everyColumn);
    }

    @Test
    void readsOptionsInBothSyntaxes() {
        assertThat(read("COPY t TO STDOUT").options()).isEmpty();
        assertThat(read("COPY t TO STDOUT (FORMAT Csv, DELIMITER ';', NULL '', HEADER, QUOTE '''', ESCAPE E'\\\\', FORCE_QUOTE (a, \"b)\"), ENCODING 'utf-8')").options())
                .isEqualTo(Map.of(
                        "format", "csv", "delimiter", ";", "null", "", "header", "", "quote", "'", "escape", "\\", "force_quote", "()", "encoding", "utf-8"));
        assertThat(read("COPY t TO STDOUT WITH (header off, force_quote *, format 'binary')").options())
                .isEqualTo(Map.of("header", "off", "force_quote", "*", "format", "binary"));
        assertThat(read("COPY t TO STDOUT (HEADER 1)").options()).isEqualTo(Map.of("header", "1"));
        assertThat(read("COPY t TO STDOUT WITH CSV HEADER DELIMITER AS E'\\t' NULL '\\N' QUOTE 'q' ESCAPE AS 'e' FORCE QUOTE a, B").options())
                .isEqualTo(Map.of("format", "csv", "header", "", "delimiter", "\t", "null", "\\N", "quote", "q", "escape", "e", "force_quote", "*"));
        assertThat(read("COPY t TO STDOUT USING DELIMITERS '|' WITH NULL AS 'x''y' ENCODING 'UTF8'").options())
                .isEqualTo(Map.of("delimiter", "|", "null", "x'y", "encoding", "UTF8"));
        assertThat(read("COPY t TO STDOUT DELIMITERS ',' CSV FORCE QUOTE *").options()).isEqualTo(Map.of("delimiter", ",", "format", "csv", "force_quote", "*"));
        assertThat(read("COPY BINARY t TO STDOUT").options()).isEqualTo(Map.of("format", "binary"));
        assertThat(read("COPY t TO STDOUT BINARY").options()).isEqualTo(Map.of("format", "binary"));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "SELECT 1", "", "COPY t FROM STDIN", "COPY t TO '/tmp/x'", "COPY t TO PROGRAM 'cat'", "COPY t TO STDOUT; SELECT 1", "COPY t TO STDOUT (DELIMITER $$,$$)",
        "COPY t TO STDOUT (DELIMITER U&',')", "COPY t TO STDOUT (DELIMITER E'\\x2c')", "COPY t TO STDOUT (DELIMITER E'\\054')", "COPY t TO STDOUT (NULL 'a'\n'b')",
        "COPY t TO STDOUT (\"format\" csv)", "COPY t TO STDOUT (FORMAT \"csv\")", "COPY t TO STDOUT (FORMAT csv, FORMAT text)", "COPY t TO STDOUT (HEADER -1)",
        "COPY t TO STDOUT CSV BINARY", "COPY BINARY t TO STDOUT CSV", "COPY t TO STDOUT FORCE NOT NULL a", "COPY t TO STDOUT JSON", "COPY t TO STDOUT (NULL N'x')",
        "COPY t TO STDOUT DELIMITER", "COPY t (a TO STDOUT", "COPY (SELECT 1 TO STDOUT", "COPY U&\"t\" TO STDOUT", "COPY t TO STDOUT (DELIMITER E'\\q')"
    })
    void understandsNothingElse(String sql) {
        assertThat(CopyOut.of(sql)).isNull();
    }
}

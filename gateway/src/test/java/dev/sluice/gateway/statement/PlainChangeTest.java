// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.statement;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PlainChangeTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "ALTER TABLE people ADD COLUMN nick text | nick",
        "alter table if exists only s.people add nick varchar(20), add column if not exists \"Odd Name\" numeric(5, 2) default 1.5; | nick,Odd Name",
        "ALTER TABLE t ADD a int[] DEFAULT NULL, ADD B timestamp with time zone | a,b",
        "CREATE INDEX people_name ON people (name) | name",
        "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS i ON ONLY s.t USING btree (a DESC NULLS LAST, \"B\" text_pattern_ops) INCLUDE (c) | a,desc,nulls,last,B,text_pattern_ops,c",
    })
    void namesTheColumnsOfPlainChanges(String sql, String columns) {
        assertThat(PlainChange.of(sql)).isEqualTo(new PlainChange(Set.of(columns.split(","))));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "ALTER TABLE people RENAME COLUMN ssn TO nick",
        "ALTER TABLE people ADD COLUMN n int DEFAULT length(ssn)",
        "ALTER TABLE people ADD COLUMN n int DEFAULT 1 + 1",
        "ALTER TABLE people ADD COLUMN n text GENERATED ALWAYS AS (upper(ssn)) STORED",
        "ALTER TABLE people ADD COLUMN n int CHECK (ssn > '5')",
        "ALTER TABLE people ADD COLUMN n int DEFAULT 1 CHECK (ssn > '5')",
        "ALTER TABLE people ADD COLUMN n int, ADD CHECK (ssn > '5')",
        "ALTER TABLE people ADD CONSTRAINT c CHECK (ssn > '5')",
        "ALTER TABLE people ADD UNIQUE (ssn)",
        "ALTER TABLE people ADD COLUMN n int REFERENCES staff (ssn)",
        "ALTER TABLE people ADD COLUMN n int, ALTER COLUMN ssn TYPE int USING ssn::int",
        "ALTER TABLE people DROP COLUMN n",
        "ALTER TABLE people INHERIT parent",
        "ALTER VIEW people_all RENAME TO x",
        "CREATE INDEX i ON people (upper(ssn))",
        "CREATE INDEX i ON people ((people IS NULL))",
        "CREATE INDEX i ON people (name) WHERE ssn > '5'",
        "CREATE INDEX i ON people (name text_ops (siglen = 1))",
        "CREATE TABLE t (a int)",
        "CREATE VIEW v AS SELECT 1",
    })
    void leavesEverythingElseAlone(String sql) {
        assertThat(PlainChange.of(sql)).isNull();
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.catalog.Catalog;
import dev.sluice.gateway.catalog.Column;
import dev.sluice.gateway.catalog.Relation;
import dev.sluice.gateway.catalog.RelationKind;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A masked caller reaches no masked value by way of the server's own files, programs and connections, whatever the policy allows. */
class LeavingTheServerTest extends MaskedSessionScripts {
    @ParameterizedTest
    @ValueSource(strings = {
        "COPY depts FROM PROGRAM 'psql -c ''TABLE people'''",
        "COPY depts FROM '/var/lib/postgresql/people'",
        "COPY depts TO '/tmp/depts'",
        "COPY depts TO PROGRAM 'cat'",
        "COPY (SELECT 1) TO PROGRAM 'psql'",
        "CREATE SERVER again FOREIGN DATA WRAPPER postgres_fdw OPTIONS (dbname 'shop')",
        "ALTER SERVER again OPTIONS (SET dbname 'shop')",
        "CREATE USER MAPPING FOR PUBLIC SERVER again OPTIONS (user 'postgres')",
        "CREATE FOREIGN TABLE persons (ssn text) SERVER again OPTIONS (table_name 'people')",
        "IMPORT FOREIGN SCHEMA public FROM SERVER again INTO mine",
        "CREATE FOREIGN DATA WRAPPER own HANDLER h",
        "ALTER FOREIGN DATA WRAPPER postgres_fdw NO VALIDATOR",
        "ALTER FOREIGN TABLE far OPTIONS (SET table_name 'people')",
        "ALTER FOREIGN TABLE far ALTER COLUMN a OPTIONS (ADD column_name 'ssn')",
        "ALTER FOREIGN TABLE far RENAME TO people",
        "ALTER FOREIGN TABLE far ADD COLUMN ssn text",
        "ALTER FOREIGN TABLE far SET SCHEMA elsewhere",
        "ALTER TABLE far OPTIONS (ADD program 'psql')",
        "ALTER TABLE depts ALTER COLUMN a OPTIONS (ADD column_name 'ssn')",
        "CREATE SUBSCRIPTION s CONNECTION 'dbname=shop' PUBLICATION p",
        "ALTER SUBSCRIPTION s CONNECTION 'dbname=shop'",
        "CREATE PUBLICATION p FOR TABLE people",
        "ALTER PUBLICATION p ADD TABLE people",
        "ALTER SYSTEM SET archive_command = 'psql'",
        "SELECT lo_import('/etc/passwd')",
        "SELECT lo_export(1, '/tmp/lo')",
        "SELECT pg_read_file('base/1/1')",
        "SELECT * FROM dblink('dbname=shop', 'SELECT ssn FROM people') AS d (ssn text)",
        "SELECT dblink_connect('dbname=shop')",
        "EXPLAIN SELECT pg_read_file('base/1/1')",
        "PREPARE p AS SELECT lo_import('/etc/passwd')",
        "CREATE FUNCTION f() RETURNS text LANGUAGE c AS 'lib', 'f'",
        "CREATE TABLESPACE t LOCATION '/tmp/t'"
    })
    void isRefusedWithAWayOut(String sql) {
        client("Query \"" + sql + "\"");

        assertThat(sent()).isEmpty();
        assertThat(told()).contains("files, programs or network").contains("exempt");
    }

    /** Whatever the foreign table's options leave out goes by its own names, and its parents hand their columns down. */
    @ParameterizedTest
    @ValueSource(strings = {
        "ALTER TABLE far RENAME TO people",
        "ALTER TABLE public.far RENAME COLUMN a TO ssn",
        "ALTER TABLE far SET SCHEMA elsewhere",
        "ALTER TABLE far ADD COLUMN ssn text",
        "ALTER INDEX far RENAME TO people",
        "ALTER TABLE above RENAME COLUMN a TO ssn",
        "ALTER TABLE above ADD COLUMN ssn text",
        "ALTER SCHEMA public RENAME TO elsewhere"
    })
    void aForeignTableIsNotMadeAnother(String sql) {
        Relation above = new Relation(30_000, "public", "above", RelationKind.PARTITIONED_TABLE, List.of(new Column(1, "a", 25, -1)), List.of(), Set.of(), Set.of());
        Relation far = new Relation(30_001, "public", "far", RelationKind.FOREIGN_TABLE, List.of(new Column(1, "a", 25, -1)), List.of(30_000), Set.of(), Set.of());
        Relation plain = new Relation(30_002, "public", "plain", RelationKind.TABLE, List.of(new Column(1, "a", 25, -1)), List.of(), Set.of(), Set.of());
        masks = RULES.bind(new Catalog("another", 18, "v", List.of(above, far, plain), List.of(), List.of(), Set.of()));
        client("Query \"" + sql + "\"");

        assertThat(sent()).isEmpty();
        assertThat(told()).contains("files, programs or network");
        client("Query \"ALTER TABLE plain ADD COLUMN ssn text\"");
        assertThat(sent()).contains("ALTER TABLE plain");
    }

    /** The same server has other databases, where they do. */
    @Test
    void isRefusedWhereNoMaskMatches() {
        masks = RULES.bind(new Catalog("another", 18, "v", List.of(), List.of(), List.of(), Set.of()));
        client("Query \"COPY mine FROM PROGRAM 'psql shop -c ''TABLE people'''\"");

        assertThat(sent()).isEmpty();
        assertThat(told()).contains("files, programs or network");
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.catalog.Catalog;
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

    /** The same server has other databases, where they do. */
    @Test
    void isRefusedWhereNoMaskMatches() {
        masks = RULES.bind(new Catalog("another", 18, "v", List.of(), List.of(), List.of(), Set.of()));
        client("Query \"COPY mine FROM PROGRAM 'psql shop -c ''TABLE people'''\"");

        assertThat(sent()).isEmpty();
        assertThat(told()).contains("files, programs or network");
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.quickstart.Credentials;
import dev.sluice.quickstart.Stack;
import dev.sluice.quickstart.StackOptions;
import dev.sluice.quickstart.Target;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** COPY TO STDOUT of masked columns: every cell masked, in every format and both ways to send it; what cannot be masked is refused. */
@ExtendWith(Servers.class)
class CopyOutE2E {
    private static final String POLICY = """
            version: 1
            defaults: {read: allow, write: allow, schema: allow, session: allow, file: allow, program: allow, unknown: allow}
            masks:
              - {columns: [public.person.ssn], with: {partial: {keepLast: 2}}}
              - {columns: [public.person.born], with: {generalize: {to: year}}}
              - {columns: [public.person.salary], with: redact}
            """;

    private static final String SETUP = """
            CREATE TABLE person (id int PRIMARY KEY, ssn text, twice int GENERATED ALWAYS AS (id * 2) STORED, born date, "row" text, salary numeric);
            INSERT INTO person (id, ssn, born, "row", salary) VALUES
                (1, '123-45-6789', '1970-05-06', 'plain', 1000.01), (2, NULL, NULL, NULL, NULL), (3, E'tab\\tquote",\\n''987', '2001-12-31', E'a\\tb\\\\', 0), (4, '', '1999-01-01', '', 1);
            CREATE VIEW person_view AS SELECT * FROM person;
            CREATE TABLE child () INHERITS (person); INSERT INTO child (id, ssn) VALUES (5, '123-45-0000');
            CREATE TABLE plain (a int, b text); INSERT INTO plain VALUES (1, 'one')
            """;

    private static Stack stack;

    /** How the statement is sent. */
    enum Protocol {
        SIMPLE,
        EXTENDED
    }

    /** What came of a statement: the COPY data, and every byte. */
    private record Outcome(byte[] data, String sqlState, String message, String all) {
        String text() {
            return new String(data, StandardCharsets.UTF_8);
        }
    }

    @BeforeAll
    @SuppressWarnings("NullAway")
    static void start(@TempDir Path folder) throws Exception {
        Servers.clean();
        Servers.execute(Servers.DATABASE, SETUP);
        Path policy = Files.writeString(folder.resolve("policy.yaml"), POLICY);
        Target target = Target.parse("shop=postgres://" + Servers.USER + ":any@127.0.0.1:" + Servers.direct() + "/" + Servers.DATABASE);
        stack = Stack.start(StackOptions.forTests(Files.createTempDirectory("sluice-copy-out")).withTargets(List.of(target)).withPolicy(policy));
    }

    @AfterAll
    static void stop() {
        stack.close();
    }

    private static WireClient connect() throws IOException {
        Credentials credentials = stack.credentials();
        byte[] token = credentials.agent().token().getBytes(StandardCharsets.UTF_8);
        byte[] password = ByteBuffer.allocate(token.length + 6).put((byte) 'p').putInt(token.length + 5).put(token).array();
        byte[] startup = Frames.startup(Frames.VERSION_3_0, credentials.agent().user(), String.valueOf(credentials.gateway().database()));
        var client = new WireClient(stack.gatewayPort(), Frames.join(List.of(startup, password)));
        client.take();
        return client;
    }

    private static Outcome run(Protocol protocol, String sql) throws IOException {
        try (WireClient client = connect()) {
            Outcome outcome = run(client, protocol, sql);
            assertThat(run(client, protocol, "COPY plain TO STDOUT").text()).as("the session goes on after " + sql).isEqualTo("1\tone\n");
            return outcome;
        }
    }

    private static Outcome run(WireClient client, Protocol protocol, String sql) throws IOException {
        client.send(switch (protocol) {
            case SIMPLE -> List.of(Frames.query(sql));
            case EXTENDED -> List.of(
                    Frames.parse("", sql), Frames.describeStatement(""), Frames.bind("", "", List.of(), 0), Frames.execute("", 0), Frames.sync());
        });
        client.readUntil(message -> message[0] == 'Z');
        var data = new ByteArrayOutputStream();
        var all = new StringBuilder();
        var error = new ArrayList<String>();
        for (byte[] message : client.take().messages()) {
            all.append(new String(message, StandardCharsets.ISO_8859_1));
            if (message[0] == 'd') {
                data.write(message, 5, message.length - 5);
            } else if (message[0] == 'E') {
                error.addAll(List.of(new String(message, 5, message.length - 5, StandardCharsets.UTF_8).split("\0")));
            }
        }
        return new Outcome(data.toByteArray(), field(error, 'C'), field(error, 'M'), all.toString());
    }

    private static String field(List<String> error, char code) {
        return error.stream().filter(field -> field.charAt(0) == code).map(field -> field.substring(1)).findFirst().orElse("");
    }

    private static void holdsNoSecret(Outcome outcome) {
        assertThat(outcome.all()).doesNotContain("123-45", "987", "1000.01", "1970-05", "canary-");
    }

    @ParameterizedTest
    @EnumSource(Protocol.class)
    void masksTextFormat(Protocol protocol) throws IOException {
        Outcome table = run(protocol, "COPY person TO STDOUT");
        holdsNoSecret(table);
        assertThat(table.text())
                .isEqualTo("1\t****89\t1970-01-01\tplain\t0\n2\t\\N\t\\N\t\\N\t\\N\n3\t****87\t2001-01-01\ta\\tb\\\\\t0\n4\t****\t1999-01-01\t\t0\n");
        assertThat(run(protocol, "COPY public.person (\"row\", row, SSN) TO STDOUT").sqlState()).isEqualTo("42701");
        assertThat(run(protocol, "COPY public.person (row, SSN) TO STDOUT WITH DELIMITER '|' NULL AS ''").text()).isEqualTo("plain|****89\n|\na\\tb\\\\|****87\n|\n");
        assertThat(run(protocol, "COPY (SELECT ssn AS note, upper(ssn), id FROM person WHERE id = 1) TO STDOUT (HEADER)").text()).isEqualTo("note\tupper\tid\n****89\t***\t1\n");
        assertThat(run(protocol, "COPY (SELECT twice, id FROM person ORDER BY id LIMIT 1) TO STDOUT (NULL 'nothing')").text()).isEqualTo("2\t1\n");
    }

    @ParameterizedTest
    @EnumSource(Protocol.class)
    void masksCsv(Protocol protocol) throws IOException {
        Outcome table = run(protocol, "COPY person TO STDOUT (FORMAT csv, HEADER, FORCE_QUOTE (ssn), NULL '123-45-6789')");
        assertThat(table.text()).isEqualTo("""
                id,ssn,born,row,salary
                1,"****89","1970-01-01",plain,"0"
                2,123-45-6789,123-45-6789,123-45-6789,123-45-6789
                3,"****87","2001-01-01",a\tb\\,"0"
                4,"****","1999-01-01",,"0"
                """);
        Outcome query = run(protocol, "COPY (SELECT ssn, \"row\" FROM ONLY person ORDER BY id) TO STDOUT WITH CSV DELIMITER ';' QUOTE '*' ESCAPE E'\\\\' FORCE QUOTE *");
        holdsNoSecret(query);
        assertThat(query.text()).isEqualTo("*\\*\\*\\*\\*89*;*plain*\n;\n*\\*\\*\\*\\*87*;*a\tb\\\\*\n*\\*\\*\\*\\**;**\n");
    }

    @ParameterizedTest
    @EnumSource(Protocol.class)
    void masksBinary(Protocol protocol) throws IOException {
        Outcome outcome = run(protocol, "COPY (SELECT id, ssn, born FROM person WHERE id < 3 ORDER BY id) TO STDOUT (FORMAT binary)");
        holdsNoSecret(outcome);
        ByteBuffer expected = ByteBuffer.allocate(200).put("PGCOPY\n\377\r\n\0".getBytes(StandardCharsets.ISO_8859_1)).putInt(0).putInt(0);
        expected.putShort((short) 3).putInt(4).putInt(1).putInt(6).put("****89".getBytes(StandardCharsets.UTF_8)).putInt(4).putInt(-10_957);
        expected.putShort((short) 3).putInt(4).putInt(2).putInt(-1).putInt(-1).putShort((short) -1);
        assertThat(outcome.data()).isEqualTo(java.util.Arrays.copyOf(expected.array(), expected.position()));
        // A numeric zero has no digits: four 16-bit fields.
        assertThat(run(protocol, "COPY BINARY person (salary) TO STDOUT").data()).hasSize(19 + 3 * (2 + 4 + 8) + (2 + 4) + 2);
    }

    @ParameterizedTest
    @EnumSource(Protocol.class)
    void masksEveryRowOfManyAndWhatIsReturned(Protocol protocol) throws IOException {
        Servers.execute(Servers.DATABASE, "INSERT INTO person (id, ssn) SELECT 100 + i, 'canary-' || i FROM generate_series(1, 30000) i");
        Outcome outcome = run(protocol, "COPY (DELETE FROM person WHERE id > 100 RETURNING ssn) TO STDOUT (FORMAT csv)");
        holdsNoSecret(outcome);
        assertThat(outcome.text().lines()).hasSize(30_000).allMatch(line -> line.startsWith("\"****") && line.length() == 8);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "COPY person TO '/tmp/person' | 42501",
        "COPY person TO PROGRAM 'cat' | 42501",
        "COPY person TO STDOUT (ENCODING 'LATIN1') | 42501",
        "COPY person TO STDOUT (NULL '123-45-6789') | 42501",
        "COPY (SELECT ssn FROM person) TO STDOUT (DELIMITER $$,$$) | 42501",
        "COPY (SELECT 1 FROM person WHERE ssn = '123-45-6789') TO STDOUT | 42501",
        "COPY (SELECT id FROM person ORDER BY ssn) TO STDOUT | 42501",
        "COPY person (nothing) TO STDOUT | 42703",
        "COPY (SELECT ssn, FROM person) TO STDOUT | 42601",
        "COPY (SELECT nothing FROM person) TO STDOUT | 42703",
    })
    void refusesWhatItCannotMask(String sql, String sqlState) throws IOException {
        for (Protocol protocol : Protocol.values()) {
            Outcome outcome = run(protocol, sql);
            assertThat(outcome.sqlState()).as(outcome.message()).isEqualTo(sqlState);
            assertThat(outcome.data()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(Protocol.class)
    void masksWhatIsReachedInOtherWays(Protocol protocol) throws IOException {
        Outcome child = run(protocol, "COPY child (ssn) TO STDOUT");
        holdsNoSecret(child);
        assertThat(child.text()).isEqualTo("****00\n");
        Outcome view = run(protocol, "COPY (TABLE person_view) TO STDOUT");
        holdsNoSecret(view);
        assertThat(view.text().lines()).hasSize(5).first().isEqualTo("1\t****89\t2\t1970-01-01\tplain\t0");
        assertThat(run(protocol, "COPY person_view TO STDOUT").sqlState()).isNotEmpty();
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.e2e.stack.Evidence;
import dev.sluice.quickstart.Credentials;
import dev.sluice.quickstart.Stack;
import dev.sluice.quickstart.StackOptions;
import dev.sluice.quickstart.Target;
import dev.sluice.schemas.chain.HashChain;
import dev.sluice.schemas.event.Detection;
import dev.sluice.schemas.event.ResultEvent.ResultRecorded;
import dev.sluice.schemas.event.StatementEvent.StatementCompleted;
import dev.sluice.schemas.event.StatementEvent.StatementDecided;
import dev.sluice.schemas.kafka.Topics;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What content detectors find comes back from PostgreSQL itself, and through Sluice it does not, whichever way the answer takes. */
@ExtendWith(Servers.class)
class DetectorsE2E {
    private static final String POLICY = """
            version: 1
            defaults: {read: allow, write: allow, schema: allow, session: allow, unknown: allow}
            detectors:
              search:
                - {find: [card, email, iban, jwt, api-key, private-key, secret, ip, phone]}
                - {find: [ssn], action: deny}
                - {name: employee, regex: 'EMP-[0-9]{6}', action: alert}
              exempt: [public.known.reference]
            masks:
              - {columns: [public.known.hidden], with: {partial: {keepLast: 4}}, only: target.name == 'shop'}
            results:
              - record: all
            """;

    private static final String SETUP = """
            CREATE TABLE ticket (id int PRIMARY KEY, note text, doc jsonb, tags text[], raw bytea, page xml, big bigint);
            INSERT INTO ticket VALUES
                (1, 'paid with 4111 1111 1111 1111', '{"pan": 4242424242424242, "mail": "bob@example.com"}', '{bob@example.com,plain}', 'call +1 212 555 0123 now',
                    '<p>DE89370400440532013000</p>', 4111111111111111),
                (2, 'plain', '{"a": 1}', '{}', '\\x00', '<p/>', 1);
            CREATE TABLE staff (id int, note text); INSERT INTO staff SELECT g, CASE WHEN g = 3 THEN 'ssn 078-05-1120' ELSE 'EMP-123456' END FROM generate_series(1, 4) g;
            CREATE TABLE known (reference text, hidden text, other text); INSERT INTO known VALUES ('4111111111111111', '4242424242424242', '5555555555554444')
            """;

    /** What PostgreSQL shows of the first ticket. */
    private static final List<String> VALUES =
            List.of("4111 1111 1111 1111", "4242424242424242", "bob@example.com", "+1 212 555 0123", "DE89370400440532013000", "2b312032313220353535203031323");

    private static final String MASKED = "shop";
    /** The same database, without masks: what cannot be resolved may run. */
    private static final String UNMASKED = "open";

    private static Stack stack;

    /** What came of one round: every byte, and the words of errors. */
    private record Outcome(String all, String error) {}

    @BeforeAll
    @SuppressWarnings("NullAway")
    static void start(@TempDir Path folder) throws Exception {
        Servers.clean();
        Servers.execute(Servers.DATABASE, SETUP);
        Path policy = Files.writeString(folder.resolve("policy.yaml"), POLICY);
        String database = "=postgres://" + Servers.USER + ":any@127.0.0.1:" + Servers.direct() + "/" + Servers.DATABASE;
        List<Target> targets = List.of(Target.parse(MASKED + database), Target.parse(UNMASKED + database));
        stack = Stack.start(StackOptions.forTests(folder.resolve("stack")).withTargets(targets).withPolicy(policy));
    }

    @AfterAll
    static void stop() {
        stack.close();
    }

    private static WireClient through() throws IOException {
        return through(MASKED);
    }

    private static WireClient through(String target) throws IOException {
        Credentials credentials = stack.credentials();
        byte[] token = credentials.agent().token().getBytes(StandardCharsets.UTF_8);
        byte[] password = ByteBuffer.allocate(token.length + 6).put((byte) 'p').putInt(token.length + 5).put(token).array();
        byte[] startup = Frames.startup(Frames.VERSION_3_0, credentials.agent().user(), target);
        var client = new WireClient(stack.gatewayPort(), Frames.join(List.of(startup, password)));
        client.take();
        return client;
    }

    private static WireClient direct() throws IOException {
        var client = new WireClient(Servers.direct(), Frames.startup(Frames.VERSION_3_0, Servers.USER, Servers.DATABASE));
        client.take();
        return client;
    }

    private static List<byte[]> extended(String sql, int format) {
        return List.of(Frames.parse("", sql), Frames.bind("", "", List.of(), format), Frames.execute("", 0), Frames.sync());
    }

    private static Outcome run(WireClient client, List<byte[]> messages) throws IOException {
        client.send(messages);
        client.readUntil(message -> message[0] == 'Z');
        var all = new StringBuilder();
        var error = new ArrayList<String>();
        for (byte[] message : client.take().messages()) {
            all.append(new String(message, StandardCharsets.ISO_8859_1));
            if (message[0] == 'E') {
                error.addAll(List.of(new String(message, 5, message.length - 5, StandardCharsets.UTF_8).split("\0")));
            }
        }
        return new Outcome(all.toString(), String.join("|", error));
    }

    private static Outcome query(WireClient client, String sql) throws IOException {
        return run(client, List.of(Frames.query(sql)));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "SELECT * FROM ticket",
        "SELECT note || '', doc, tags, raw, page FROM ticket",
        "SELECT ROW(id, note, doc, tags, page)::text, doc::json FROM ticket t",
        "SELECT to_jsonb(t) - 'raw' FROM ticket t",
        "UPDATE ticket SET id = id RETURNING *",
        "COPY ticket TO STDOUT",
        "COPY ticket TO STDOUT (FORMAT csv)",
        "COPY (SELECT note, doc, tags, page FROM ticket) TO STDOUT (FORMAT csv, DELIMITER ';', QUOTE '''')",
        "COPY ticket TO STDOUT (FORMAT binary)",
        "SELECT CAST((SELECT note FROM ticket WHERE id = 1) AS int)",
        "EXPLAIN SELECT 1 FROM ticket WHERE note = 'bob@example.com'",
    })
    void showsTheShapeOfWhatItFindsAndNotTheValue(String sql) throws IOException {
        showsTheShape(sql, MASKED);
    }

    @Test
    void searchesWhatNoticesAndNotificationsSay() throws IOException {
        showsTheShape("DO $$ BEGIN RAISE NOTICE 'said %', (SELECT string_agg(note || doc::text, ' ') FROM ticket); END $$", UNMASKED);
        showsTheShape("DO $$ BEGIN RAISE EXCEPTION USING MESSAGE = 'no', DETAIL = (SELECT note FROM ticket WHERE id = 1); END $$", UNMASKED);
        try (WireClient client = through()) {
            query(client, "LISTEN news");
            Outcome outcome = query(client, "SELECT pg_notify('news', 'paid by bob@example.com')");
            assertThat(outcome.all()).contains("***@*******.***").doesNotContain("bob@example.com");
        }
    }

    private static void showsTheShape(String sql, String target) throws IOException {
        try (WireClient plain = direct(); WireClient client = through(target)) {
            for (int way = 0; way < 3; way++) {
                List<byte[]> messages = way == 0 ? List.of(Frames.query(sql)) : extended(sql, way - 1);
                String shown = run(plain, messages).all();
                Outcome outcome = run(client, messages);

                assertThat(VALUES).as("direct, way %d: %s", way, sql).anyMatch(shown::contains);
                assertThat(VALUES).as("through, way %d: %s: %s", way, sql, outcome.all()).noneMatch(outcome.all()::contains);
                assertThat(outcome.all()).hasSameSizeAs(shown).contains("*");
            }
        }
    }

    @Test
    void showsWhatCursorsFetchAsOtherRows() throws IOException {
        try (WireClient client = through()) {
            Outcome outcome = query(client, "BEGIN; DECLARE c CURSOR FOR SELECT note, doc FROM ticket; FETCH ALL FROM c; COMMIT");

            assertThat(outcome.all()).contains("**** **** **** 1111").doesNotContain("bob@");
        }
    }

    @Test
    void leavesNumbersOfNumericColumnsAlone() throws IOException {
        try (WireClient client = through()) {
            assertThat(query(client, "SELECT big FROM ticket").all()).contains("4111111111111111");
        }
    }

    @Test
    void leavesExemptColumnsAloneAndSearchesNoMaskTwice() throws IOException {
        try (WireClient client = through()) {
            Outcome outcome = query(client, "SELECT reference, hidden, other FROM known");

            assertThat(outcome.all()).contains("4111111111111111", "****4242", "************4444");
            assertThat(query(client, "SELECT reference || '' FROM known").all()).doesNotContain("4111111111111111");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void endsTheStatementInWhichADetectorDenies(int way) throws IOException {
        try (WireClient client = through()) {
            String sql = "SELECT id, note FROM staff ORDER BY id";
            Outcome outcome = run(client, way == 0 ? List.of(Frames.query(sql)) : extended(sql, way - 1));

            assertThat(outcome.all()).doesNotContain("078-05-1120").contains("EMP-123456");
            assertThat(outcome.error()).contains("C42501", "detector ssn", "column \"note\"");
            assertThat(query(client, "SELECT 'goes on'").all()).contains("goes on");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void failsTheTransactionInWhichADetectorDenies(int way) throws IOException {
        try (WireClient client = through()) {
            String sql = "UPDATE staff SET id = id + 100 RETURNING note";
            query(client, "BEGIN");
            Outcome denied = run(client, way == 0 ? List.of(Frames.query(sql)) : extended(sql, way - 1));

            assertThat(denied.error()).contains("C42501");
            assertThat(denied.all()).endsWith("E");
            assertThat(query(client, "SELECT 1").error()).contains("C25P02");
            query(client, "ROLLBACK");
            assertThat(query(client, "SELECT 'none' WHERE NOT EXISTS (SELECT FROM staff WHERE id > 100)").all()).contains("none");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"COPY staff TO STDOUT", "COPY staff TO STDOUT (FORMAT csv)", "COPY staff TO STDOUT (FORMAT binary)"})
    void endsACopyInWhichADetectorDenies(String sql) throws IOException {
        try (WireClient client = through()) {
            Outcome outcome = query(client, sql);

            assertThat(outcome.all()).doesNotContain("078-05-1120");
            assertThat(outcome.error()).contains("C42501");
            assertThat(query(client, "SELECT 'goes on'").all()).contains("goes on");
        }
    }

    @Test
    void countsWhatItFindsInTheRecordAndKeepsNoMoreThanItShows() throws Exception {
        String alerting = "SELECT id, note FROM staff WHERE id <> 3 /* counted */";
        try (WireClient client = through()) {
            assertThat(query(client, alerting).all()).contains("EMP-123456");
            query(client, "SELECT note FROM ticket /* counted */");
            query(client, "SELECT note FROM staff ORDER BY id /* counted */");
            // The end of each is recorded once the client has it.
            query(client, "SELECT 1");
        }

        Evidence sessions = Evidence.read(stack.kafka().bootstrapServers(), Topics.SESSIONS.name());
        Map<String, StatementCompleted> ends = new LinkedHashMap<>();
        Set<String> counted = sessions.events(StatementDecided.class)
                .filter(decided -> decided.query().endsWith("/* counted */"))
                .map(StatementDecided::statementId)
                .collect(Collectors.toCollection(LinkedHashSet::new));
        sessions.events(StatementCompleted.class).filter(end -> counted.contains(end.statementId())).forEach(end -> ends.put(end.statementId(), end));

        assertThat(ends.values()).extracting(StatementCompleted::detections).containsExactly(
                List.of(new Detection("employee", "note", 3, Detection.Action.ALERT)),
                List.of(new Detection("card", "note", 1, Detection.Action.MASK)),
                List.of(new Detection("employee", "note", 2, Detection.Action.ALERT), new Detection("ssn", "note", 1, Detection.Action.DENY)));
        assertThat(ends.values()).extracting(StatementCompleted::sqlState).containsExactly(null, null, "42501");
        assertThat(ends.values()).allSatisfy(end -> {
            var kept = Buffer.buffer();
            Evidence.read(stack.kafka().bootstrapServers(), Topics.RESULTS.name())
                    .events(ResultRecorded.class)
                    .filter(chunk -> chunk.statementId().equals(end.statementId()))
                    .forEach(chunk -> kept.appendBytes(Base64.getDecoder().decode(chunk.data())));
            assertThat(HashChain.hash(kept.getBytes())).isEqualTo(end.digest());
            assertThat(kept.toString(StandardCharsets.ISO_8859_1)).doesNotContain("4111 1111 1111 1111", "078-05-1120");
        });
    }
}

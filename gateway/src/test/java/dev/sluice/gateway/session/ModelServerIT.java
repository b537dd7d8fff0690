// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.wire.testing.WireScript;
import dev.sluice.schemas.testing.TestPostgres;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.net.Socket;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The model that sessions are compared with answers as PostgreSQL itself: the same requests, with each word in place of a statement that does what the
 * model says of it. What is denied is a text that PostgreSQL cannot parse.
 */
class ModelServerIT {
    /** Set to compare more of them than fits into every build. */
    private static final int PIPELINES = Integer.getInteger("sluice.model.pipelines", 600);
    /** Set to a seed that a failure has named, to see it again. */
    private static final String SEED = "sluice.model.seed";
    private static final int PATIENCE_MILLIS = 20_000;
    /** PostgreSQL 18 stumbles itself: a Query within a pipeline that has run something, then a Sync, then any statement. */
    private static final String STUMBLE = "C \"XX000\" M \"StartTransactionCommand: unexpected state STARTED\"";

    private static final Map<String, String> STATEMENTS = Map.of(
            "select 1", "select 1 as n",
            "update t", "update t set a = a",
            "update denied", "update ) denied",
            "explode", "insert into u values (1)",
            "set x", "set lock_timeout = 0");

    private static TestPostgres postgres;

    @BeforeAll
    static void start() throws Exception {
        postgres = TestPostgres.start();
        try (Connection connection = postgres.connect(); Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE t (a int); INSERT INTO t VALUES (1); CREATE TABLE u (a int PRIMARY KEY); INSERT INTO u VALUES (1)");
        }
    }

    @AfterAll
    static void stop() throws Exception {
        postgres.close();
    }

    @Test
    void theModelAnswersAsPostgreSqlDoes() throws IOException {
        long first = Long.getLong(SEED, System.nanoTime());
        int pipelines = System.getProperty(SEED) == null ? PIPELINES : 1;
        int compared = 0;
        for (long seed = first; seed < first + pipelines; seed++) {
            List<String> requests = PipelinePropertyTest.requests(new Random(seed));
            String answers = answers(requests);
            if (!answers.contains(STUMBLE)) {
                compare("-D" + SEED + "=" + seed, requests, answers);
                compared++;
            }
        }
        System.out.printf("The model and PostgreSQL: %d pipelines compared, seeds from %d%n", compared, first);
        assertThat(compared).isGreaterThanOrEqualTo(pipelines * 8 / 10);
    }

    /** What random requests seldom meet. */
    @Test
    void inTheseCornersToo() throws IOException {
        for (String corner : List.of(
                // The unnamed statement is gone with a Query, also one that fails, and with a Parse that fails.
                "Parse \"\" \"select 1\" 0|Query \"\"|Bind \"\" \"\" 0 0 0|Sync",
                "Parse \"\" \"select 1\" 0|Query \"update denied\"|Bind \"\" \"\" 0 0 0|Sync",
                "Parse \"\" \"select 1\" 0|Sync|Parse \"\" \"update denied\" 0|Sync|Bind \"\" \"\" 0 0 0|Sync",
                "Query \"begin\"|Query \"explode\"|Parse \"\" \"rollback\" 0|Query \"update denied\"|Bind \"\" \"\" 0 0 0|Sync",
                // The unnamed portal goes with a Query's statement, others with their transaction.
                "Query \"begin\"|Parse \"a\" \"select 1\" 0|Bind \"\" \"a\" 0 0 0|Bind \"b\" \"a\" 0 0 0|Query \"select 1\"|Execute \"b\" 0|Execute \"\" 0|Sync",
                "Query \"begin\"|Parse \"a\" \"select 1\" 0|Bind \"b\" \"a\" 0 0 0|Query \"commit\"|Execute \"b\" 0|Sync",
                "Query \"begin\"|Parse \"a\" \"select 1\" 0|Bind \"b\" \"a\" 0 0 0|Parse \"\" \"commit\" 0|Bind \"\" \"\" 0 0 0|Execute \"\" 0|Execute \"b\" 0|Sync",
                "Query \"begin\"|Parse \"\" \"rollback\" 0|Bind \"b\" \"\" 0 0 0|Execute \"b\" 0|Execute \"b\" 0|Sync",
                "Parse \"\" \"commit\" 0|Bind \"b\" \"\" 0 0 0|Execute \"b\" 0|Execute \"b\" 0|Sync",
                "Parse \"\" \"begin\" 0|Bind \"b\" \"\" 0 0 0|Execute \"b\" 0|Execute \"b\" 0|Sync|Query \"rollback\"",
                // A portal runs once; one of a failed transaction does not run, even if it would end it.
                "Query \"begin\"|Parse \"\" \"select 1\" 0|Bind \"a\" \"\" 0 0 0|Bind \"a\" \"\" 0 0 0|Sync|Execute \"a\" 0|Sync",
                "Query \"begin\"|Parse \"\" \"select 1\" 0|Bind \"a\" \"\" 0 0 0|Execute \"a\" 0|Execute \"a\" 0|Sync",
                "Query \"begin\"|Parse \"\" \"update t\" 0|Bind \"a\" \"\" 0 0 0|Execute \"a\" 0|Execute \"a\" 0|Sync",
                "Query \"begin\"|Parse \"\" \"set x\" 0|Bind \"a\" \"\" 0 0 0|Execute \"a\" 0|Execute \"a\" 0|Sync",
                "Query \"begin\"|Parse \"\" \"rollback\" 0|Bind \"a\" \"\" 0 0 0|Query \"explode\"|Execute \"a\" 0|Sync|Query \"commit\"",
                "Query \"begin\"|Parse \"\" \"rollback\" 0|Bind \"a\" \"\" 0 0 0|Query \"update denied\"|Execute \"a\" 0|Sync|Query \"commit\"",
                // A denial comes before the complaint about the transaction, the name and all that would run.
                "Query \"begin\"|Query \"explode\"|Query \"update denied\"|Parse \"\" \"update denied\" 0|Sync|Query \"rollback\"",
                "Parse \"a\" \"select 1\" 0|Parse \"a\" \"update denied\" 0|Sync|Parse \"a\" \"update t\" 0|Sync")) {
            List<String> requests = List.of(corner.split("\\|", -1));
            compare(corner, requests, answers(requests));
        }
    }

    private static void compare(String name, List<String> requests, String answers) {
        String model = WireScript.describeBackend(PipelinePropertyTest.direct(requests));
        assertThat(answers).as(name + "\n" + String.join("\n", requests)).isEqualTo(model);
    }

    private static String answers(List<String> requests) throws IOException {
        Buffer said = Buffer.buffer().appendBuffer(WireScript.of("F StartupMessage 3 0 \"user\" \"postgres\" \"database\" \"postgres\" \"client_min_messages\" \"error\"").frontend());
        requests.forEach(request -> said.appendBuffer(WireScript.message("F " + translated(request))));
        said.appendBuffer(WireScript.message("F Terminate"));
        try (Socket socket = new Socket("127.0.0.1", postgres.port())) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.getOutputStream().write(said.getBytes());
            socket.getOutputStream().flush();
            String all = WireScript.describeBackend(Buffer.buffer(socket.getInputStream().readAllBytes()));
            String greeting = "B ReadyForQuery I\n";
            return all.substring(all.indexOf(greeting) + greeting.length())
                    .lines()
                    .filter(line -> !line.startsWith("B ParameterStatus "))
                    .map(ModelServerIT::inTheModelsWords)
                    .collect(Collectors.joining("\n"));
        }
    }

    /** The same request with PostgreSQL's own statements in place of the model's words. */
    private static String translated(String request) {
        String[] quoted = request.split("\"", -1);
        int text = request.startsWith("Query ") ? 1 : request.startsWith("Parse ") ? 3 : 0;
        if (text > 0) {
            quoted[text] = Stream.of(quoted[text].split(";", -1)).map(String::strip).map(word -> STATEMENTS.getOrDefault(word, word)).collect(Collectors.joining("; "));
        }
        return String.join("\"", quoted);
    }

    /** Without the fields that the model does not have; the message of what is denied, and of what fails as it runs, is the model's own. */
    private static String inTheModelsWords(String line) {
        if (!line.startsWith("B ErrorResponse ")) {
            return line;
        }
        if (line.contains(" C \"42601\" ")) {
            return "B ErrorResponse " + ModelServer.DENIED;
        }
        String message = line.contains(" C \"23505\" ") ? " M \"it fails when it runs\"" : "$1";
        return line.replaceFirst("( M \"(?:[^\"\\\\]|\\\\.)*\").*$", message);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.e2e;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** A legal but careless client: messages in any order, names that may not exist, statements that may fail. The same seed gives the same bytes. */
final class RandomPipeline {
    /** In a row of the last answer, whatever has happened before. */
    static final String END = "end of the pipeline";

    /** Some are those that SQL gives to prepared statements and cursors: each pair shares one name space. */
    private static final List<String> NAMES = List.of("", "", "", "", "one", "two", "p", "e", "c");
    /** A statement that SQL's EXECUTE may name must not use names in its turn: the gateway refuses to follow it. */
    private static final List<String> PLAIN_NAMES = List.of("p", "e");
    private static final List<String> STATEMENTS = List.of(
            "SELECT 1",
            "SELECT i, 'row ' || i FROM generate_series(1, 5) i",
            "SELECT i, repeat('wide ', 400) FROM generate_series(1, 30) i",
            "SELECT 1/0",
            "SELECT 1/(3 - i) FROM generate_series(1, 5) i",
            "SELEC wrong",
            "SELECT * FROM missing",
            "INSERT INTO t VALUES (1, 'one') RETURNING *",
            "INSERT INTO t SELECT i, 'many' FROM generate_series(1, 20) i",
            "INSERT INTO t VALUES (NULL, NULL)",
            "UPDATE t SET b = b || '!' WHERE a < 5",
            "DELETE FROM t WHERE a > 10",
            "SELECT count(*) FROM t",
            "BEGIN",
            "COMMIT",
            "ROLLBACK",
            "SAVEPOINT s",
            "ROLLBACK TO SAVEPOINT s",
            "RELEASE SAVEPOINT s",
            "SET search_path = public",
            "SET DateStyle = 'German'",
            "SELECT set_config('application_name', 'renamed', false)",
            "SHOW search_path",
            "DO $$ BEGIN RAISE NOTICE 'heard'; END $$",
            "DO $$ BEGIN RAISE EXCEPTION 'raised'; END $$",
            "DECLARE c CURSOR FOR SELECT i FROM generate_series(1, 9) i",
            "FETCH 3 FROM c",
            "CLOSE c",
            "MOVE 2 IN c",
            "DECLARE h CURSOR WITH HOLD FOR SELECT i FROM generate_series(1, 4) i",
            "FETCH 2 FROM h",
            "CLOSE ALL",
            "PREPARE p AS SELECT 1 AS prepared",
            "EXECUTE p",
            "PREPARE q (int) AS INSERT INTO t VALUES ($1, 'prepared') RETURNING a",
            "EXECUTE q (5)",
            "EXECUTE e",
            "DEALLOCATE p",
            "DEALLOCATE ALL",
            "LISTEN l",
            "NOTIFY l, 'payload'",
            "UNLISTEN *",
            "CREATE TEMP TABLE own (a int)",
            "DROP TABLE own",
            "COPY t TO STDOUT",
            "EXPLAIN (COSTS OFF) SELECT 1",
            "DISCARD PLANS",
            "");
    private static final List<String> PARAMETRIZED = List.of(
            "SELECT $1::int + 1", "SELECT $1::text", "INSERT INTO t VALUES ($1, 'parameter')", "SELECT a FROM t WHERE a = $1", "SELECT 10 / $1::int");
    private static final List<String> TEXTS = List.of(
            "SELECT 1; SELECT 2",
            "SELECT 1; SELECT 1/0; SELECT 3",
            "BEGIN; INSERT INTO t VALUES (7, 'in a text'); COMMIT",
            "INSERT INTO t VALUES (8, 'x'); SELECT 1/0",
            "SET work_mem = '5MB'; SHOW work_mem",
            "PREPARE r AS SELECT 2; EXECUTE r; DEALLOCATE r",
            "BEGIN; DECLARE d CURSOR FOR SELECT 3; FETCH ALL FROM d; CLOSE d; COMMIT",
            "BEGIN; SAVEPOINT s; SELECT 1/0",
            "SELECT 1; COMMIT; SELECT 2",
            "BEGIN; INSERT INTO t VALUES (9, 'kept'); SAVEPOINT s; INSERT INTO t VALUES (10, 'not kept'); ROLLBACK TO s; COMMIT",
            "SELECT 1; SELEC 2",
            ";;");

    /** What the policy of {@link Guard#ENFORCING} denies; none of the other statements has it. */
    private static final String DENIED = "pi()";
    private static final List<String> DENIED_STATEMENTS = List.of(
            "SELECT pi()",
            "INSERT INTO t VALUES (6, pi()::text) RETURNING *",
            "COPY t FROM STDIN WHERE a > pi()",
            "COPY (SELECT pi()) TO STDOUT",
            "DECLARE c CURSOR FOR SELECT pi()",
            "PREPARE p AS SELECT pi()",
            "EXPLAIN (COSTS OFF) SELECT pi()");
    private static final List<String> DENIED_PARAMETRIZED = List.of("SELECT $1::int + pi()");
    private static final List<String> DENIED_TEXTS = List.of(
            "SELECT 1; SELECT pi(); SELECT 3",
            "BEGIN; INSERT INTO t VALUES (7, 'in a text'); SELECT pi(); COMMIT",
            "COMMIT; SELECT pi()",
            "ROLLBACK; INSERT INTO t VALUES (7, pi()::text)");

    private final Random random;
    private final List<byte[]> frames = new ArrayList<>();
    private final String denied;
    private final List<String> statements;
    private final List<String> parametrized;
    private final List<String> texts;

    private RandomPipeline(long seed, String denied, List<String> statements, List<String> parametrized, List<String> texts) {
        random = new Random(seed);
        this.denied = denied;
        this.statements = statements;
        this.parametrized = parametrized;
        this.texts = texts;
    }

    /** Nothing of it is denied. */
    static List<byte[]> frames(long seed) {
        return new RandomPipeline(seed, DENIED, STATEMENTS, PARAMETRIZED, TEXTS).make();
    }

    /** A quarter of its statements is denied. */
    static List<byte[]> framesWithDenials(long seed) {
        return withDenials(seed, DENIED);
    }

    /**
     * The same messages for a server that has no policy: it cannot read what would be denied. A text that does not parse is refused as a denied one
     * should be: as a whole, before any of it runs, whatever the state of the transaction.
     */
    static List<byte[]> framesWithErrorsForDenials(long seed) {
        return withDenials(seed, ") pi");
    }

    private static List<byte[]> withDenials(long seed, String denied) {
        return new RandomPipeline(seed, denied, and(STATEMENTS, DENIED_STATEMENTS, 2), and(PARAMETRIZED, DENIED_PARAMETRIZED, 1), and(TEXTS, DENIED_TEXTS, 2)).make();
    }

    private static List<String> and(List<String> some, List<String> others, int times) {
        List<String> both = new ArrayList<>(some);
        for (int i = 0; i < times; i++) {
            both.addAll(others);
        }
        return List.copyOf(both);
    }

    private List<byte[]> make() {
        int length = 5 + random.nextInt(40);
        while (frames.size() < length) {
            add();
        }
        // Ends what may be going on: a COPY, a pipeline, a transaction.
        frames.add(Frames.copyFail("the end"));
        frames.add(Frames.sync());
        frames.add(Frames.query("ROLLBACK"));
        frames.add(Frames.query("SELECT '" + END + "'"));
        return frames;
    }

    private void add() {
        int kind = random.nextInt(100);
        if (kind < 22) {
            whole();
        } else if (kind < 34) {
            String name = name();
            frames.add(Frames.parse(name, PLAIN_NAMES.contains(name) || random.nextInt(4) == 0 ? sql(parametrized) : sql(statements)));
        } else if (kind < 46) {
            frames.add(Frames.bind(name(), name(), parameters(), random.nextInt(2)));
        } else if (kind < 52) {
            frames.add(random.nextBoolean() ? Frames.describeStatement(name()) : Frames.describePortal(name()));
        } else if (kind < 64) {
            frames.add(Frames.execute(name(), random.nextInt(3) == 0 ? 2 : 0));
        } else if (kind < 69) {
            frames.add(random.nextBoolean() ? Frames.closeStatement(name()) : Frames.closePortal(name()));
        } else if (kind < 74) {
            frames.add(Frames.flush());
        } else if (kind < 86) {
            frames.add(Frames.sync());
        } else if (kind < 94) {
            frames.add(Frames.query(random.nextInt(3) == 0 ? sql(texts) : sql(statements)));
        } else {
            copyIn();
        }
    }

    /** What a driver sends: the five messages of one statement, with a Sync or without. */
    private void whole() {
        boolean parameter = random.nextInt(3) == 0;
        frames.add(Frames.parse("", parameter ? sql(parametrized) : sql(statements)));
        frames.add(Frames.bind("", "", parameter ? List.of(Integer.toString(random.nextInt(4))) : List.of(), random.nextInt(2)));
        frames.add(Frames.describePortal(""));
        frames.add(Frames.execute("", 0));
        if (random.nextBoolean()) {
            frames.add(Frames.sync());
        }
    }

    private void copyIn() {
        String sql = random.nextInt(4) == 0 ? "COPY missing FROM STDIN" : "COPY t FROM STDIN";
        if (random.nextBoolean()) {
            frames.add(Frames.query(sql));
        } else {
            frames.add(Frames.parse("", sql));
            frames.add(Frames.bind("", "", List.of(), 0));
            frames.add(Frames.execute("", 0));
        }
        if (random.nextInt(8) == 0) {
            frames.add(random.nextBoolean() ? Frames.flush() : Frames.sync());
        }
        boolean misplaced = random.nextInt(30) == 0;
        int lines = random.nextInt(4);
        for (int i = 0; i < lines; i++) {
            String line = !misplaced && random.nextInt(6) == 0 ? "not a number\tx\n" : i + "\tcopied\n";
            frames.add(Frames.copyData(line.getBytes(StandardCharsets.UTF_8)));
        }
        if (misplaced) {
            misplaced();
        }
        frames.add(random.nextInt(4) == 0 ? Frames.copyFail("a change of mind") : Frames.copyDone());
        if (random.nextInt(3) != 0) {
            frames.add(Frames.sync());
        }
    }

    /** What has no place behind COPY data: the server closes the connection. */
    private void misplaced() {
        frames.add(switch (random.nextInt(6)) {
            case 0 -> Frames.query("SELECT 'within a copy'");
            case 1 -> Frames.parse("", "SELECT 1");
            case 2 -> Frames.bind("", "", List.of(), 0);
            case 3 -> Frames.execute("", 0);
            case 4 -> Frames.describePortal("");
            default -> Frames.closePortal("");
        });
    }

    private List<@Nullable String> parameters() {
        List<@Nullable String> parameters = new ArrayList<>();
        int count = random.nextInt(8) / 4;
        for (int i = 0; i < count; i++) {
            parameters.add(random.nextInt(5) == 0 ? null : Integer.toString(random.nextInt(3)));
        }
        return parameters;
    }

    private String sql(List<String> choices) {
        return any(choices).replace(DENIED, denied);
    }

    private String name() {
        return any(NAMES);
    }

    private String any(List<String> choices) {
        return choices.get(random.nextInt(choices.size()));
    }
}

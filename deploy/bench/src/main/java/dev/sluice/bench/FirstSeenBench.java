// SPDX-License-Identifier: Apache-2.0
package dev.sluice.bench;

import dev.sluice.quickstart.Credentials;
import dev.sluice.quickstart.LocalPostgres;
import dev.sluice.quickstart.Stack;
import dev.sluice.quickstart.StackOptions;
import dev.sluice.quickstart.Target;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures how long statements take that nobody has sent before, where masks are to be kept and where there are none. */
@Command(
        name = "deploy/bench/first-seen",
        description = {
            "Sends statements that differ from each other, and each of them once more, directly and to two targets of one gateway that are the",
            "same database: without masks, and with a mask on a column that half of the statements come near."
        },
        sortOptions = false,
        usageHelpWidth = 110)
final class FirstSeenBench implements Callable<Integer> {
    private static final String DATABASE = "bench";
    private static final String PASSWORD = "bench-only-on-loopback";
    private static final String POLICY = """
            version: 1
            mode: enforce
            masks:
              - columns: [public.people.ssn]
                with: redact
                unless: target.name == 'plain'
            """;
    /** Each becomes another statement by the number that is put into it. */
    private static final List<String> NEAR = List.of(
            "SELECT id, name AS n%d FROM people WHERE id = 17",
            "SELECT p.dept, count(*) AS n%d, sum(o.total) FROM people p JOIN orders o ON o.person = p.id WHERE o.total > 50 GROUP BY p.dept ORDER BY p.dept",
            "WITH best AS (SELECT person, max(total) AS most FROM orders GROUP BY person) SELECT p.name, p.ssn AS s%d, rank() OVER (ORDER BY b.most) FROM people p JOIN best b ON b.person = p.id LIMIT 10");
    private static final List<String> FAR = List.of(
            "SELECT id, total AS n%d FROM orders WHERE id = 17",
            "SELECT d.city, count(*) AS n%d, sum(o.total) FROM depts d JOIN orders o ON o.dept = d.name WHERE o.total > 50 GROUP BY d.city ORDER BY d.city",
            "WITH best AS (SELECT dept, max(total) AS most FROM orders GROUP BY dept) SELECT d.name, d.city AS s%d, rank() OVER (ORDER BY b.most) FROM depts d JOIN best b ON b.dept = d.name LIMIT 10");

    @Option(names = "--rounds", paramLabel = "N", defaultValue = "300", description = "Statements of each kind on each way. Default: ${DEFAULT-VALUE}.")
    private int rounds;

    @Option(names = "--warm-up", paramLabel = "N", defaultValue = "1500", description = "As many before, unmeasured. Default: ${DEFAULT-VALUE}.")
    private int warmUp;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Show this help.")
    @SuppressWarnings("UnusedVariable") // picocli sets it, and reads it by its annotation
    private boolean help;

    @Spec
    private @Nullable CommandSpec spec;

    private FirstSeenBench() {}

    public static void main(String... arguments) {
        System.exit(new CommandLine(new FirstSeenBench()).execute(arguments));
    }

    @Override
    public Integer call() throws IOException, SQLException {
        Path folder = Files.createTempDirectory("sluice-first-seen");
        Path policy = Files.writeString(folder.resolve("policy.yaml"), POLICY);
        try (LocalPostgres server = LocalPostgres.start(folder.resolve("postgresql"), Map.of("shared_preload_libraries", ""))) {
            server.database(DATABASE, DATABASE, PASSWORD);
            try (Connection owner = server.connect(DATABASE, DATABASE, PASSWORD)) {
                fill(owner);
            }
            List<Target> targets = Stream.of("plain", "masked")
                    .map(name -> Target.parse(name + "=postgres://" + DATABASE + ":" + PASSWORD + "@127.0.0.1:" + server.port() + "/" + DATABASE))
                    .toList();
            try (Stack stack = Stack.start(StackOptions.forTests(folder.resolve("state")).withTargets(targets).withPolicy(policy));
                    Connection direct = server.connect(DATABASE, DATABASE, PASSWORD);
                    Connection plain = through(stack, "plain");
                    Connection masked = through(stack, "masked")) {
                Map<String, Connection> ways = new LinkedHashMap<>();
                ways.put("directly", direct);
                ways.put("no masks", plain);
                ways.put("masks", masked);
                measure(ways, warmUp, 0, new LinkedHashMap<>());
                Map<String, List<Double>> taken = new LinkedHashMap<>();
                measure(ways, rounds, warmUp, taken);
                taken.forEach(this::report);
            }
        } finally {
            remove(folder);
        }
        return 0;
    }

    private static void fill(Connection owner) throws SQLException {
        try (Statement statement = owner.createStatement()) {
            statement.execute("CREATE TABLE depts (name text PRIMARY KEY, city text)");
            statement.execute("CREATE TABLE people (id int PRIMARY KEY, name text, dept text REFERENCES depts, ssn text)");
            statement.execute("CREATE TABLE orders (id int PRIMARY KEY, person int REFERENCES people, dept text REFERENCES depts, total numeric)");
            statement.execute("INSERT INTO depts SELECT 'dept' || n, 'city' || n % 5 FROM generate_series(0, 9) n");
            statement.execute("INSERT INTO people SELECT n, 'name' || n, 'dept' || n % 10, 'ssn' || n FROM generate_series(1, 100) n");
            statement.execute("INSERT INTO orders SELECT n, n % 100 + 1, 'dept' || n % 10, n % 97 FROM generate_series(1, 300) n");
            statement.execute("ANALYZE");
        }
    }

    private static Connection through(Stack stack, String target) throws SQLException {
        Credentials.Login agent = stack.credentials().agent();
        return DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + stack.gatewayPort() + "/" + target + "?preferQueryMode=simple", agent.user(), agent.token());
    }

    /** In turn, so that whatever else the machine does falls on all ways alike. */
    private static void measure(Map<String, Connection> ways, int count, int from, Map<String, List<Double>> taken) throws SQLException {
        for (int i = 0; i < count; i++) {
            for (boolean near : new boolean[] {true, false}) {
                List<String> shapes = near ? NEAR : FAR;
                int number = (from + i) * ways.size();
                for (Map.Entry<String, Connection> way : ways.entrySet()) {
                    // Each way has a text of its own: the gateway's parser keeps what it has read for one target for the other too.
                    String sql = shapes.get(i % shapes.size()).formatted(number++);
                    String name = way.getKey() + ", " + (near ? "near" : "far from") + " the masked column, ";
                    taken.computeIfAbsent(name + "first", unseen -> new ArrayList<>()).add(millis(way.getValue(), sql));
                    taken.computeIfAbsent(name + "again", unseen -> new ArrayList<>()).add(millis(way.getValue(), sql));
                }
            }
        }
    }

    private static double millis(Connection connection, String sql) throws SQLException {
        long start = System.nanoTime();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                rows.getString(1);
            }
        }
        return (System.nanoTime() - start) / 1e6;
    }

    private void report(String name, List<Double> millis) {
        millis.sort(Double::compareTo);
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        out.println(String.format(
                Locale.ROOT, "%-48s half under %6.2f ms, 95 of 100 under %6.2f ms", name, millis.get(millis.size() / 2), millis.get((int) Math.ceil(0.95 * millis.size()) - 1)));
        out.flush();
    }

    private static void remove(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** psql prints the same, to the terminal and to the error channel, and ends with the same code. Skipped where there is no psql. */
@ExtendWith(Servers.class)
class PsqlE2E {
    private static final String SETUP = "CREATE TABLE t (a int PRIMARY KEY, b text DEFAULT 'x'); CREATE VIEW v AS SELECT a FROM t; INSERT INTO t VALUES (1), (2)";

    @BeforeAll
    static void psqlIsThere() {
        boolean there = Arrays.stream(System.getenv().getOrDefault("PATH", "").split(":")).anyMatch(folder -> Files.isExecutable(Path.of(folder, "psql")));
        if (!there) {
            System.out.println("psql is not on the PATH: PsqlE2E is skipped");
        }
        assumeTrue(there, "psql is not on the PATH");
    }

    /** What a run of psql left. */
    private record Run(String output, String errors, int exitCode) {}

    private static Run psql(int port, Path folder, String connection, List<String> arguments) throws IOException, InterruptedException {
        Servers.clean();
        Servers.execute(Servers.DATABASE, SETUP);
        Files.writeString(folder.resolve("in.csv"), "10,ten\n11,\"with, comma\"\n");
        List<String> command = new ArrayList<>(List.of(
                "psql", "-X", "host=127.0.0.1 port=" + port + " user=" + Servers.USER + " dbname=" + Servers.DATABASE + " " + connection));
        command.addAll(arguments);
        Path output = folder.resolve("output");
        Path errors = folder.resolve("errors");
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile()).redirectOutput(output.toFile()).redirectError(errors.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("PG"));
        builder.environment().put("PGCLIENTENCODING", "UTF8");
        Process process = builder.start();
        process.getOutputStream().close();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).as("psql ends").isTrue();
        return new Run(text(output), text(errors).replace("port " + port, "port"), process.exitValue());
    }

    private static String text(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    }

    private static void same(Guard guard, Path folder, String connection, String... arguments) throws IOException, InterruptedException {
        Run direct = psql(Servers.direct(), folder, connection, List.of(arguments));
        Run through = psql(Servers.through(guard), folder, connection, List.of(arguments));
        assertThat(through).isEqualTo(direct);
    }

    @ParameterizedTest
    @EnumSource(Guard.class)
    void describesTables(Guard guard, @TempDir Path folder) throws Exception {
        same(guard, folder, "", "-c", "\\d", "-c", "\\d t", "-c", "\\d+ v", "-c", "\\dt+", "-c", "\\df", "-c", "\\du", "-c", "\\dn");
    }

    @ParameterizedTest
    @EnumSource(Guard.class)
    void copiesFromAndToFiles(Guard guard, @TempDir Path folder) throws Exception {
        same(guard, folder, "", "-c", "\\copy t FROM 'in.csv' CSV", "-c", "\\copy (SELECT * FROM t ORDER BY a) TO STDOUT CSV", "-c", "\\copy t FROM 'in.csv' CSV",
                "-c", "\\copy missing FROM 'in.csv'", "-c", "SELECT count(*) FROM t");
    }

    @ParameterizedTest
    @EnumSource(Guard.class)
    void runsManyCommandsAndStopsAtTheFirstError(Guard guard, @TempDir Path folder) throws Exception {
        String[] commands = {"-c", "SELECT 1 AS one; SELECT 2 AS two", "-c", "SELECT 1/0", "-c", "SELECT * FROM missing", "-c", "SELECT 'not reached'"};
        same(guard, folder, "", commands);
        List<String> stopping = new ArrayList<>(List.of("-v", "ON_ERROR_STOP=1"));
        stopping.addAll(List.of(commands));
        same(guard, folder, "", stopping.toArray(String[]::new));
        same(guard, folder, "", "--single-transaction", "-c", "INSERT INTO t VALUES (3)", "-c", "INSERT INTO t VALUES (3)", "-c", "SELECT 'after'");
    }

    @ParameterizedTest
    @EnumSource(Guard.class)
    void runsScripts(Guard guard, @TempDir Path folder) throws Exception {
        Files.writeString(
                folder.resolve("script.sql"),
                """
                \\set FETCH_COUNT 7
                SELECT i FROM generate_series(1, 20) i;
                \\set VERBOSITY verbose
                SELECT * FROM missing;
                BEGIN;
                SELECT 1/0;
                SELECT 1;
                ROLLBACK;
                COPY t (a) FROM STDIN;
                100
                101
                \\.
                SELECT 'a' AS name, 'b' AS value \\gset
                SELECT :'name', :'value';
                SELECT 'SELECT ' || i FROM generate_series(1, 3) i \\gexec
                SELECT $1::int \\bind 42 \\g
                \\crosstabview
                DO $$ BEGIN RAISE NOTICE 'noticed'; END $$;
                LISTEN psql;
                SELECT a FROM t ORDER BY a \\watch interval=0.01 count=2
                \\gdesc
                """
                        .replace(" \\watch interval=0.01 count=2", ";"));
        same(guard, folder, "", "-f", "script.sql");
    }

    @ParameterizedTest
    @EnumSource(Guard.class)
    void connectsAsItLikes(Guard guard, @TempDir Path folder) throws Exception {
        for (String mode : List.of("disable", "allow", "prefer")) {
            same(guard, folder, "sslmode=" + mode + " gssencmode=disable", "-Atc", "SELECT 'connected'");
        }
        same(guard, folder, "options='-c work_mem=7MB' application_name=psql-e2e", "-Atc", "SHOW work_mem", "-Atc", "SHOW application_name");
        same(guard, folder, "sslmode=require", "-Atc", "SELECT 1");
    }
}

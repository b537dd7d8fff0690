// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.policy;

import static dev.sluice.gateway.policy.Statements.reading;
import static dev.sluice.gateway.policy.Statements.statement;
import static dev.sluice.gateway.policy.Statements.subject;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.detection.DetectionRules;
import dev.sluice.gateway.detection.Detector;
import dev.sluice.gateway.detection.DetectorKind;
import dev.sluice.gateway.statement.CopyDirection;
import dev.sluice.gateway.statement.Effect;
import dev.sluice.gateway.statement.FunctionName;
import dev.sluice.gateway.statement.StatementFactsBuilder;
import dev.sluice.gateway.statement.TransactionControl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The policies that are shipped, against statements as their facts come out of the reader. */
final class ShippedPoliciesTest {
    private static final Path POLICIES = Path.of("..", "deploy", "policies");

    static List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(POLICIES)) {
            return files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void everyShippedPolicyLoads(Path file) throws IOException {
        assertThat(PolicyReader.check(file.toString(), Files.readString(file))).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            # statement                                  | observe | starter | read-only | quickstart
            SELECT * FROM orders                         | allow   | allow   | allow     | allow
            BEGIN                                        | allow   | allow   | allow     | allow
            SET datestyle = iso                          | allow   | allow   | allow     | allow
            SET ROLE admin                               | allow   | deny    | deny      | allow
            INSERT INTO orders VALUES (1)                | allow   | allow   | deny      | hold
            UPDATE orders SET paid = true WHERE id = 1   | allow   | allow   | deny      | hold
            DELETE FROM orders WHERE id = 1              | allow   | allow   | deny      | hold
            UPDATE orders SET paid = true                | allow   | hold    | deny      | hold
            DELETE FROM orders                           | allow   | hold    | deny      | hold
            TRUNCATE orders                              | allow   | hold    | deny      | hold
            CREATE TABLE t (a int)                       | allow   | hold    | deny      | hold
            DROP TABLE orders                            | allow   | hold    | deny      | hold
            DROP DATABASE shop                           | allow   | deny    | deny      | deny
            GRANT SELECT ON orders TO bob                | allow   | deny    | deny      | deny
            ALTER SYSTEM SET fsync = off                 | allow   | deny    | deny      | deny
            COPY orders FROM STDIN                       | allow   | allow   | deny      | hold
            COPY orders TO '/tmp/x'                      | allow   | deny    | deny      | deny
            COPY orders TO PROGRAM 'sh'                  | allow   | deny    | deny      | deny
            SELECT dblink('host=x', 'select 1')          | allow   | deny    | deny      | deny
            SELECT pg_read_file('/etc/passwd')           | allow   | deny    | deny      | deny
            DO $$ BEGIN END $$                           | allow   | hold    | deny      | deny
            SELECT app.purge()                           | allow   | hold    | deny      | deny
            """)
    void eachAnswersAsItsFirstLinesPromise(String sql, String observe, String starter, String readOnly, String quickstart) throws IOException {
        assertThat(answer("observe", sql)).isEqualTo(observe);
        assertThat(answer("starter", sql)).isEqualTo(starter);
        assertThat(answer("read-only", sql)).isEqualTo(readOnly);
        assertThat(answer("quickstart", sql)).isEqualTo(quickstart);
    }

    @Test
    void starterSearchesTheAnswersOfAllButThoseWhoMayKnow() throws IOException {
        assertThat(detections("starter", "agents").detectors())
                .hasSameSizeAs(DetectorKind.builtIn())
                .allSatisfy(detector -> assertThat(detector.action()).isEqualTo(
                        Set.of(DetectorKind.EMAIL, DetectorKind.PHONE, DetectorKind.IP).contains(detector.kind()) ? Detector.Action.ALERT : Detector.Action.MASK));
        assertThat(detections("starter", "privacy").isEmpty()).isTrue();
        assertThat(detections("observe", "agents").isEmpty()).isTrue();
    }

    private static DetectionRules detections(String name, String group) throws IOException {
        Path file = POLICIES.resolve(name + ".yaml");
        return PolicyReader.read(file.toString(), Files.readString(file)).detections(subject(group));
    }

    private static String answer(String name, String sql) throws IOException {
        Path file = POLICIES.resolve(name + ".yaml");
        return switch (PolicyReader.read(file.toString(), Files.readString(file)).judge(reading(facts(sql)), subject())) {
            case Decision.Allow allow -> "allow";
            case Decision.Deny deny -> "deny";
            case Decision.Hold hold -> "hold";
        };
    }

    private static StatementFactsBuilder facts(String sql) {
        return switch (sql) {
            case "SELECT * FROM orders" -> statement("SELECT", Effect.READ);
            case "BEGIN" -> statement("BEGIN").transactionControl(TransactionControl.BEGIN);
            case "SET datestyle = iso" -> statement("SET", Effect.SESSION).setting("datestyle", "iso");
            case "SET ROLE admin" -> statement("SET", Effect.SESSION).setting("role", "admin").setsRole();
            case "INSERT INTO orders VALUES (1)" -> statement("INSERT", Effect.WRITE);
            case "UPDATE orders SET paid = true WHERE id = 1" -> statement("UPDATE", Effect.READ, Effect.WRITE);
            case "DELETE FROM orders WHERE id = 1" -> statement("DELETE", Effect.READ, Effect.WRITE);
            case "UPDATE orders SET paid = true" -> statement("UPDATE", Effect.READ, Effect.WRITE).unbounded();
            case "DELETE FROM orders" -> statement("DELETE", Effect.WRITE).unbounded();
            case "TRUNCATE orders" -> statement("TRUNCATE TABLE", Effect.WRITE).unbounded();
            case "CREATE TABLE t (a int)" -> statement("CREATE TABLE", Effect.SCHEMA);
            case "DROP TABLE orders" -> statement("DROP TABLE", Effect.SCHEMA).unbounded();
            case "DROP DATABASE shop" -> statement("DROP DATABASE", Effect.SCHEMA, Effect.ADMIN).unbounded();
            case "GRANT SELECT ON orders TO bob" -> statement("GRANT", Effect.PRIVILEGE);
            case "ALTER SYSTEM SET fsync = off" -> statement("ALTER SYSTEM", Effect.ADMIN);
            case "COPY orders FROM STDIN" -> statement("COPY", Effect.WRITE).copy(CopyDirection.IN);
            case "COPY orders TO '/tmp/x'" -> statement("COPY", Effect.READ, Effect.FILE).copy(CopyDirection.FILE);
            case "COPY orders TO PROGRAM 'sh'" -> statement("COPY", Effect.READ, Effect.PROGRAM).copy(CopyDirection.PROGRAM);
            case "SELECT dblink('host=x', 'select 1')" ->
                statement("SELECT", Effect.READ, Effect.NETWORK).function(new FunctionName(null, "dblink"));
            case "SELECT pg_read_file('/etc/passwd')" ->
                statement("SELECT", Effect.READ, Effect.FILE).function(new FunctionName(null, "pg_read_file"));
            case "DO $$ BEGIN END $$" -> statement("DO", Effect.UNKNOWN);
            case "SELECT app.purge()" -> statement("SELECT", Effect.READ).unknownFunction(new FunctionName("app", "purge"));
            default -> throw new IllegalArgumentException(sql);
        };
    }
}

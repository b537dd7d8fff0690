// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.impact;


import dev.sluice.gateway.catalog.TestDatabase;
import dev.sluice.gateway.masking.BoundMasks;
import dev.sluice.gateway.masking.MaskRules;
import dev.sluice.gateway.masking.MaskTokens;
import dev.sluice.gateway.net.MaskSource;
import dev.sluice.gateway.policy.Policy;
import dev.sluice.gateway.policy.PolicyReader;
import dev.sluice.gateway.statement.Reading;
import dev.sluice.gateway.statement.StatementReader;
import dev.sluice.gateway.statement.StatementReaderSettings;
import dev.sluice.schemas.Principal;
import dev.sluice.schemas.event.Impact;
import dev.sluice.schemas.event.StatementEvent.Facts;
import dev.sluice.schemas.event.StatementEvent.Parameter;
import dev.sluice.schemas.event.StatementEvent.RelationAccess;
import dev.sluice.schemas.event.StatementEvent.StatementHeld;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Sample tables, and what is found out about statements over them. */
abstract class ImpactCase {
    private static final String POLICY = """
            version: 1
            masks:
              - columns: ['public.customers.email']
                with: redact
                unless: "true"
            """;

    static TestDatabase database;
    private static StatementReader reader;
    final RememberedSessions record = new RememberedSessions();

    @BeforeAll
    static void start() throws Exception {
        database = new TestDatabase();
        database.execute(
                "CREATE TABLE customers (id int PRIMARY KEY, email text, country text)",
                "CREATE TABLE orders (id int PRIMARY KEY, customer int REFERENCES customers ON DELETE CASCADE, note text)",
                "CREATE TABLE lines (id int, ordered int REFERENCES orders (id) ON DELETE SET NULL, item int)",
                "CREATE TABLE invoices (id int, customer int REFERENCES customers)",
                "INSERT INTO customers SELECT i, 'c' || i || '@example.com', CASE WHEN i % 2 = 0 THEN 'NL' ELSE 'DE' END FROM generate_series(1, 100) i",
                "INSERT INTO orders SELECT i, i, 'n' FROM generate_series(1, 100) i",
                "INSERT INTO orders SELECT i + 100, i, 'again' FROM generate_series(1, 10) i",
                "CREATE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
                "CREATE TRIGGER orders_history AFTER DELETE ON orders FOR EACH ROW EXECUTE FUNCTION keep()",
                "CREATE TRIGGER email_changes AFTER UPDATE OF email ON customers FOR EACH ROW EXECUTE FUNCTION keep()",
                "CREATE VIEW dutch AS SELECT id, country FROM customers WHERE country = 'NL'",
                "CREATE VIEW some_dutch AS SELECT id FROM dutch",
                "CREATE FUNCTION own(int) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true'",
                "CREATE FUNCTION alike(int, text) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true'",
                "CREATE VIEW owned AS SELECT id FROM orders WHERE own(1)",
                "CREATE VIEW over_owned AS SELECT id FROM owned",
                "CREATE FUNCTION cast_dutch(dutch) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1'",
                "CREATE SCHEMA other",
                "CREATE TABLE other.customers (id int)",
                "CREATE VIEW renamed AS SELECT id AS number, email AS address FROM customers",
                "CREATE VIEW acted AS SELECT id FROM customers",
                "CREATE TRIGGER acts INSTEAD OF DELETE ON acted FOR EACH ROW EXECUTE FUNCTION keep()",
                "CREATE VIEW ruled AS SELECT id FROM customers",
                "CREATE RULE away AS ON DELETE TO ruled DO INSTEAD NOTHING",
                "CREATE TABLE events (id int, day int, PRIMARY KEY (id, day)) PARTITION BY RANGE (day)",
                "CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM (0) TO (10)",
                "CREATE TABLE notes (id int, day int, FOREIGN KEY (id, day) REFERENCES events ON DELETE CASCADE)",
                "CREATE TABLE marks (id int, day int, FOREIGN KEY (id, day) REFERENCES events_1 ON DELETE CASCADE)",
                "CREATE TRIGGER every_event AFTER DELETE ON events FOR EACH ROW EXECUTE FUNCTION keep()",
                "CREATE TRIGGER one_partition AFTER DELETE ON events_1 FOR EACH ROW EXECUTE FUNCTION keep()",
                "CREATE TRIGGER by_statement AFTER DELETE ON events_1 EXECUTE FUNCTION keep()",
                "CREATE TRIGGER marks_arrive AFTER INSERT ON marks FOR EACH ROW EXECUTE FUNCTION keep()",
                "CREATE TABLE heirs () INHERITS (lines)",
                "CREATE TRIGGER heirs_history AFTER DELETE ON heirs FOR EACH ROW EXECUTE FUNCTION keep()",
                "ANALYZE");
        reader = StatementReader.start(StatementReaderSettings.DEFAULTS);
    }

    @AfterAll
    static void stop() throws Exception {
        reader.close();
        database.close();
    }

    final Impact impact(String sql, Parameter... parameters) throws Exception {
        return impact(sql, "public", parameters);
    }

    final Impact impact(String sql, String searchPath, Parameter... parameters) throws Exception {
        Policy policy = PolicyReader.read("policy", POLICY);
        MaskSource masks = new MaskSource() {
            @Override
            public CompletionStage<BoundMasks> bind(String target, String name, MaskRules rules) {
                return CompletableFuture.completedStage(rules.bind(database.load()));
            }

            @Override
            public BoundMasks known(String target, String name, MaskRules rules) {
                return bind(target, name, rules).toCompletableFuture().join();
            }

            @Override
            public void changed(String target, String name) {}

            @Override
            public MaskTokens tokens(String target) {
                return new MaskTokens(new byte[32]);
            }
        };
        var means = new ImpactAssessor.Means(database.vertx(), record, reader, () -> policy, masks, (target, name) -> database.pool(), "/sluice/gateway/test");
        try (var assessor = new ImpactAssessor(means, new ImpactSettings(Duration.ofMillis(500), 2))) {
            assessor.held(held(sql, searchPath, List.of(parameters)));
            return record.next();
        }
    }

    private static StatementHeld held(String sql, String searchPath, List<Parameter> parameters) {
        var reading = (Reading.Understood) reader.read(sql).toCompletableFuture().join();
        List<RelationAccess> relations = reading.statements().stream()
                .flatMap(facts -> facts.relations().stream())
                .map(relation -> new RelationAccess(relation.schema(), relation.name(), relation.access().name().toLowerCase(Locale.ROOT)))
                .toList();
        return new StatementHeld(
                "s", "a", "session", "digest", sql, parameters, new Facts(List.of("X"), List.of("write"), relations, List.of(), false, true), "rule", null, List.of("dba"), 1,
                Instant.parse("2030-01-01T00:00:00Z"), new Principal("agent", "sluice:agent-tokens", Principal.Method.AGENT_TOKEN, Set.of(), null), "target", "postgres", null,
                "127.0.0.1:1", false, null, null, null, "postgres", searchPath);
    }
}

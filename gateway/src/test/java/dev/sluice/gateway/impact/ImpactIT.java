// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.impact;

import static org.assertj.core.api.Assertions.assertThat;

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
import dev.sluice.schemas.event.SessionEvent.SessionOpened;
import dev.sluice.schemas.event.StatementEvent.Facts;
import dev.sluice.schemas.event.StatementEvent.Parameter;
import dev.sluice.schemas.event.StatementEvent.RelationAccess;
import dev.sluice.schemas.event.StatementEvent.StatementCompleted;
import dev.sluice.schemas.event.StatementEvent.StatementDecided;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What held statements would do, asked of a real server. */
final class ImpactIT {
    private static final String POLICY = """
            version: 1
            masks:
              - columns: ['public.customers.email']
                with: redact
                unless: "true"
            """;

    private static TestDatabase database;
    private static StatementReader reader;
    private final RememberedSessions record = new RememberedSessions();

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

    private Impact impact(String sql, Parameter... parameters) throws Exception {
        return impact(sql, "public", parameters);
    }

    private Impact impact(String sql, String searchPath, Parameter... parameters) throws Exception {
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

    @Test
    void aDeleteIsCountedAndItsForeignKeysAreFollowed() throws Exception {
        Impact impact = impact("DELETE FROM customers WHERE country = 'NL'");

        assertThat(impact.missing()).isEmpty();
        assertThat(impact.exactRows()).isEqualTo(50);
        assertThat(impact.estimatedRows()).isBetween(40L, 60L);
        assertThat(impact.cascades()).extracting(cascade -> cascade.table() + ": " + cascade.action()).containsExactlyInAnyOrder(
                "public.orders: deletes the rows that refer to it", "public.lines: sets the columns that refer to it to NULL",
                "public.invoices: refuses the statement while rows refer to it");
        assertThat(impact.triggers()).extracting(Impact.Trigger::name).containsExactly("orders_history");
        assertThat(impact.locks()).extracting(lock -> lock.mode() + " " + lock.table())
                .containsExactlyInAnyOrder("ROW EXCLUSIVE public.customers", "ROW EXCLUSIVE public.orders", "ROW EXCLUSIVE public.lines");
        assertThat(impact.tables().getFirst()).satisfies(table -> {
            assertThat(table.name()).isEqualTo("public.customers");
            assertThat(table.rows()).isEqualTo(100);
            assertThat(table.bytes()).isPositive();
            assertThat(table.reads()).containsExactly("country");
        });
    }

    @Test
    void theFirstRowsAreShownWithEveryMask() throws Exception {
        Impact impact = impact("UPDATE customers SET country = 'FR' WHERE id IN (3, 4, 5)");

        Impact.Sample sample = impact.sample();
        assertThat(sample.columns()).containsExactly("id", "email", "country");
        assertThat(sample.rows()).hasSize(2).allSatisfy(row -> {
            assertThat(row.cells().get(1).masked()).isTrue();
            assertThat(row.cells().get(1).value()).doesNotContain("@");
        });
        assertThat(sample.whole()).isFalse();
        assertThat(impact.tables().getFirst().writes()).containsExactly("country");
        assertThat(impact.triggers()).isEmpty();
    }

    @Test
    void rowsThatAMaskedColumnChoosesAreNotShown() throws Exception {
        Impact impact = impact("DELETE FROM customers WHERE email LIKE 'c1%'");

        assertThat(impact.exactRows()).isEqualTo(12);
        assertThat(impact.sample()).isNull();
        assertThat(impact.missing()).singleElement().satisfies(missing -> assertThat(missing.reason()).contains("public.customers.email"));
    }

    @Test
    void parametersTakeTheirPlaces() throws Exception {
        Impact impact = impact(
                "DELETE FROM orders WHERE note = $2 AND id > $1 -- $3", new Parameter(23, "binary", "AAAAZA=="), new Parameter(25, "text", "again"));

        assertThat(impact.exactRows()).isEqualTo(10);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "DELETE FROM orders USING customers c WHERE c.id = customer AND c.country = 'NL' | 55",
        "DELETE FROM customers USING orders o WHERE customers.id = o.customer AND o.note IN ('n', 'again') | 100",
        "UPDATE customers c SET country = o.note FROM orders o WHERE o.customer = c.id AND c.id <= 10 | 10",
        "WITH d AS (SELECT id FROM customers WHERE country = 'NL') DELETE FROM orders WHERE customer IN (SELECT id FROM d) | 55",
        "UPDATE orders SET note = upper(note) | 110",
        "DELETE FROM public.orders AS o WHERE EXISTS (SELECT 1 FROM customers c WHERE c.id = o.customer AND c.country = 'DE') | 55",
    })
    void rowsAreCountedOnce(String sql, long expected) throws Exception {
        Impact impact = impact(sql);

        assertThat(impact.missing()).isEmpty();
        assertThat(impact.exactRows()).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "DELETE FROM orders WHERE random() < 0.5",
        "DELETE FROM orders WHERE id = nextval('s')",
        "DELETE FROM dutch WHERE id = 2",
        "WITH gone AS (DELETE FROM lines RETURNING ordered) DELETE FROM orders WHERE id IN (SELECT ordered FROM gone)",
    })
    void whatCouldDoMoreThanReadIsNeverRun(String sql) throws Exception {
        Impact impact = impact(sql);

        assertThat(impact.exactRows()).isNull();
        assertThat(impact.sample()).isNull();
        assertThat(impact.missing()).extracting(Impact.Missing::part).contains("exactRows", "sample");
        assertThat(record.events).filteredOn(StatementDecided.class::isInstance).isNotEmpty().allSatisfy(
                event -> assertThat(((StatementDecided) event).query()).startsWith("EXPLAIN (FORMAT JSON) "));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "DELETE FROM orders WHERE own(id) | the function own is not PostgreSQL's own",
        "SELECT own(1) | the function own is not PostgreSQL's own",
        "UPDATE orders SET note = 'x' WHERE id IN (SELECT id FROM over_owned) | public.owned calls a function that is not PostgreSQL's own",
    })
    void whatThePlannerWouldRunIsNotPlanned(String sql, String objection) throws Exception {
        Impact impact = impact(sql);

        assertThat(impact.missing()).contains(new Impact.Missing("estimatedRows", "the planner may run functions, and before an approval it must not: " + objection));
        assertThat(impact.estimatedRows()).isNull();
        assertThat(impact.exactRows()).isNull();
        assertThat(record.events).noneMatch(StatementDecided.class::isInstance);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "CREATE OPERATOR === (FUNCTION = alike, LEFTARG = int, RIGHTARG = text) | DROP OPERATOR === (int, text)",
        "CREATE DOMAIN checked AS int CHECK (own(VALUE)) | DROP DOMAIN checked",
        "CREATE CAST (dutch AS int) WITH FUNCTION cast_dutch(dutch) | DROP CAST (dutch AS int)",
    })
    void whatIsCalledWithoutItsNameIsNotRunEither(String made, String gone) throws Exception {
        database.execute(made);
        try {
            Impact impact = impact("DELETE FROM orders WHERE id = 7");

            assertThat(impact.missing()).extracting(Impact.Missing::reason).hasSize(3).allMatch(
                    reason -> reason.endsWith("an operator, cast or domain of this database calls a function that is not PostgreSQL's own"));
            assertThat(record.events).noneMatch(StatementDecided.class::isInstance);
        } finally {
            database.execute(gone);
        }
    }

    @Test
    void namesMeanWhatTheyMeanInTheSession() throws Exception {
        Impact impact = impact("DELETE FROM customers", "other, public");

        assertThat(impact.tables().getFirst().name()).isEqualTo("other.customers");
        assertThat(impact.exactRows()).isZero();
    }

    @Test
    void aCountThatTakesTooLongIsGivenUp() throws Exception {
        Impact impact = impact("DELETE FROM customers WHERE (SELECT count(*) FROM customers a, customers b, customers c, customers d, customers e WHERE a.id + b.id > c.id + d.id + customers.id) > 3");

        assertThat(impact.exactRows()).isNull();
        assertThat(impact.missing()).extracting(Impact.Missing::reason).contains("it took too long");
        assertThat(impact.estimatedRows()).isNotNull();
    }

    @Test
    void droppingTellsWhatDependsOnIt() throws Exception {
        Impact impact = impact("DROP TABLE customers CASCADE");

        assertThat(impact.missing()).isEmpty();
        assertThat(impact.dependents()).extracting(Impact.Dependent::object)
                .contains("view public.dutch", "view public.some_dutch").anyMatch(object -> object.startsWith("constraint orders_customer_fkey"));
        assertThat(impact.locks()).extracting(Impact.Lock::mode).containsExactly("ACCESS EXCLUSIVE");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "ALTER TABLE customers ALTER COLUMN id TYPE bigint | ACCESS EXCLUSIVE | written anew",
        "ALTER TABLE customers ADD COLUMN c int DEFAULT 3 | ACCESS EXCLUSIVE | no table is written anew",
        "ALTER TABLE customers ADD COLUMN c timestamptz DEFAULT clock_timestamp() | ACCESS EXCLUSIVE | row by row",
        "ALTER TABLE orders ADD FOREIGN KEY (customer) REFERENCES customers | SHARE ROW EXCLUSIVE | read whole",
        "CREATE INDEX ON customers (country) | SHARE | read whole",
    })
    void changesOfTablesTellTheirLocksAndWhetherTheyAreWrittenAnew(String sql, String lock, String rewrite) throws Exception {
        Impact impact = impact(sql);

        assertThat(impact.locks()).extracting(Impact.Lock::mode).contains(lock);
        assertThat(impact.rewrite()).contains(rewrite);
    }

    @Test
    void truncatingTellsWhichTablesGoToo() throws Exception {
        assertThat(impact("TRUNCATE customers CASCADE").cascades()).extracting(Impact.Cascade::table)
                .containsExactlyInAnyOrder("public.orders", "public.lines", "public.invoices");
    }

    @Test
    void everyStatementThatLooksAtDataIsRecordedBeforeAndAfter() throws Exception {
        Impact impact = impact("DELETE FROM orders WHERE id = 7");

        assertThat(impact.exactRows()).isEqualTo(1);
        assertThat(record.events.getFirst()).isInstanceOfSatisfying(
                SessionOpened.class, opened -> assertThat(opened.principal().issuer()).isEqualTo("sluice:gateway"));
        assertThat(record.events).filteredOn(StatementDecided.class::isInstance).hasSize(3);
        assertThat(record.events).filteredOn(StatementCompleted.class::isInstance).hasSize(3);
    }

    @Test
    void aViewLeadsToTheTableBehindIt() throws Exception {
        Impact impact = impact("DELETE FROM some_dutch WHERE id = 4");

        assertThat(impact.cascades()).extracting(Impact.Cascade::table).containsExactlyInAnyOrder("public.orders", "public.lines", "public.invoices");
        assertThat(impact.triggers()).extracting(Impact.Trigger::name).containsExactly("orders_history");
        assertThat(impact.locks()).extracting(Impact.Lock::table).contains("public.some_dutch", "public.dutch", "public.customers", "public.orders");
        assertThat(impact("UPDATE renamed SET address = 'x'").triggers()).extracting(Impact.Trigger::name).containsExactly("email_changes");
        assertThat(impact("UPDATE renamed SET number = 1").cascades()).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "DELETE FROM acted | a trigger of the view public.acted acts instead",
        "DELETE FROM ruled | rules of the view public.ruled say what is done instead",
        "UPDATE events SET day = 11 | rows may move to other partitions",
        "DELETE FROM only_here | the session's search_path leads to no relation",
        "SELECT id FROM dutch FOR UPDATE | the tables behind the view public.dutch are locked too",
    })
    void whereTheWayCannotBeFollowedItSaysSo(String sql, String reason) throws Exception {
        assertThat(impact(sql).missing()).extracting(Impact.Missing::reason).anyMatch(each -> each.startsWith(reason));
    }

    @Test
    void partitionsAndHeirsAreChangedWithTheirTable() throws Exception {
        Impact impact = impact("DELETE FROM events WHERE day = 3");

        assertThat(impact.cascades()).extracting(Impact.Cascade::table).containsExactlyInAnyOrder("public.notes", "public.marks");
        assertThat(impact.triggers()).extracting(trigger -> trigger.table() + "." + trigger.name())
                .containsExactlyInAnyOrder("public.events.every_event", "public.events_1.one_partition");
        assertThat(impact.locks()).extracting(Impact.Lock::table).contains("public.events_1", "public.notes", "public.marks");
        assertThat(impact("DELETE FROM events_1").triggers()).extracting(Impact.Trigger::name).containsExactlyInAnyOrder("every_event", "one_partition", "by_statement");
        assertThat(impact("DELETE FROM events_1").cascades()).extracting(Impact.Cascade::table).containsExactlyInAnyOrder("public.notes", "public.marks");
        assertThat(impact("DELETE FROM lines").triggers()).extracting(Impact.Trigger::name).containsExactly("heirs_history");
        assertThat(impact("DELETE FROM ONLY lines").triggers()).isEmpty();
    }

    @Test
    void aTriggerThatIsDisabledOnTheTableFiresOnItsPartitions() throws Exception {
        database.execute("ALTER TABLE ONLY events DISABLE TRIGGER every_event");
        try {
            assertThat(impact("DELETE FROM events").triggers()).extracting(trigger -> trigger.table() + "." + trigger.name())
                    .containsExactlyInAnyOrder("public.events_1.every_event", "public.events_1.one_partition");
        } finally {
            database.execute("ALTER TABLE ONLY events ENABLE TRIGGER every_event");
        }
    }

    @Test
    void moreForeignKeysThanAreFollowedAreSaid() throws Exception {
        database.execute("""
                DO $$
                DECLARE copied pg_constraint;
                BEGIN
                    SELECT * INTO copied FROM pg_constraint WHERE conrelid = 'invoices'::regclass AND contype = 'f';
                    FOR i IN 1..20000 LOOP
                        copied.oid := 1000000 + i;
                        copied.conname := 'copied' || i;
                        INSERT INTO pg_constraint SELECT copied.*;
                    END LOOP;
                END $$
                """);
        try {
            assertThat(impact("TRUNCATE lines").missing())
                    .contains(new Impact.Missing("cascades", "there are more of them: only 20000 foreign keys of the database are followed"));
        } finally {
            database.execute("DELETE FROM pg_constraint WHERE conname LIKE 'copied%'");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "INSERT INTO customers VALUES (1, 'x', 'NL') ON CONFLICT (id) DO UPDATE SET email = 'y'",
        "MERGE INTO customers c USING orders o ON c.id = o.customer WHEN MATCHED THEN UPDATE SET email = o.note WHEN NOT MATCHED THEN INSERT (id) VALUES (o.id)",
        "WITH changed AS (UPDATE customers SET email = NULL RETURNING id) SELECT * FROM changed",
        "WITH changed AS (UPDATE customers SET email = NULL RETURNING id) DELETE FROM lines WHERE id IN (SELECT id FROM changed)",
    })
    void columnsAreKnownWhereverTheyAreSet(String sql) throws Exception {
        Impact impact = impact(sql);

        assertThat(impact.triggers()).extracting(Impact.Trigger::name).contains("email_changes");
        assertThat(impact.locks()).extracting(lock -> lock.mode() + " " + lock.table()).contains("ROW EXCLUSIVE public.customers");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "DELETE FROM lines; DELETE FROM orders | exactRows | the text has several statements, or none",
        "COPY orders FROM STDIN | estimatedRows | the rows are not there before the client sends them",
        "COPY (SELECT * FROM orders) TO STDOUT | exactRows | the rows that COPY would send are not counted",
        "CALL proc(1) | cascades | it runs code, and what that does is not looked into",
        "DO 'BEGIN END' | locks | it runs code, and what that does is not looked into",
        "EXECUTE something(1) | tables | it runs what was prepared under a name, and that is not looked into",
        "SELECT own(1) | triggers | it calls functions that may do more than compute, and what they do is not looked into: own",
        "SELECT pg_terminate_backend(1) | tables | it calls functions that may do more than compute, and what they do is not looked into: pg_terminate_backend",
        "WITH gone AS (DELETE FROM lines RETURNING id) SELECT * FROM gone | estimatedRows | rows that commands in its WITH clause change are not among them",
        "CREATE TABLE copied AS SELECT * FROM orders | exactRows | the rows that its query brings are not counted",
    })
    void whatIsNotLookedIntoIsSaid(String sql, String part, String reason) throws Exception {
        assertThat(impact(sql).missing()).contains(new Impact.Missing(part, reason));
    }

    @Test
    void rowsThatAreCopiedInFireTriggers() throws Exception {
        assertThat(impact("COPY marks FROM STDIN").triggers()).extracting(Impact.Trigger::name).containsExactly("marks_arrive");
    }

    @Test
    void whatCannotBeAskedForWantOfARecordIsSaid() throws Exception {
        record.refuseQuestions();

        assertThat(impact("DELETE FROM orders").missing()).extracting(Impact.Missing::part).contains("tables", "cascades", "triggers", "locks", "estimatedRows");
    }
}
